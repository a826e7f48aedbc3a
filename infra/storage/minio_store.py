"""The object store over the S3 protocol, by the `minio` client."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import islice
from typing import Final, Self, TypeVar

import stamina
from minio.error import S3Error

from infra.settings import StoreSettings
from infra.storage.buckets import connect
from infra.storage.failures import EXISTS, FAILURES, MISSING, store_error, worth_retrying
from infra.storage.s3_client import S3Client
from schemas.errors import StoreError

T = TypeVar("T")

PAGE: Final = 1000
"""Keys in one listing: the most that S3 returns at once."""


class MinioStore:
    """`ObjectStore` on MinIO, SeaweedFS or S3. It belongs to the event loop of its first call.

    Reads and writes go over `settings.connections` connections of the event loop; `keys` and `delete`, which are
    rare, over as many threads of the blocking client. Lost connections and answers of the 5xx kind are tried
    again for `settings.retry_seconds`.

    SeaweedFS keeps keys as paths: ``a`` and ``a/b`` cannot both be objects, and `keys` go in order within
    a folder (S3 and MinIO: in order of their bytes).
    """

    def __init__(self, settings: StoreSettings, *, page: int = PAGE) -> None:
        self._client = connect(settings)
        self._objects = S3Client(settings, self._client)
        self._settings = settings
        self._bucket = settings.bucket
        self._page = page
        self._threads = ThreadPoolExecutor(settings.connections, thread_name_prefix="store")

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def get(self, key: str) -> bytes | None:
        """The object's bytes, or None where there is no such object."""
        return await self._retrying(lambda: self._read(key))

    async def create(self, key: str, data: bytes, media_type: str = "application/json") -> bool:
        """Store `data` under `key` if nothing is there (``If-None-Match: *``). False: something is there already.

        A connection that breaks after the store has acted makes the second attempt find the first one's
        object: then equal bytes tell that it is ours. So a caller that needs to win a race writes bytes of its own.
        """
        attempts = 0

        async def attempt() -> bool:
            nonlocal attempts
            attempts += 1
            return await self._write(key, data, {"Content-Type": media_type, "If-None-Match": "*"})

        created = await self._retrying(attempt)
        return created or (attempts > 1 and await self.get(key) == data)

    async def put(self, key: str, data: bytes, media_type: str = "application/json") -> None:
        """Store `data` under `key`, over whatever is there."""
        await self._retrying(lambda: self._write(key, data, {"Content-Type": media_type}))

    async def delete(self, key: str) -> None:
        """Remove `key`; a missing one is no error."""
        await self._retrying(partial(self._on_thread, partial(self._client.remove_object, self._bucket, key)))

    async def keys(self, prefix: str) -> AsyncIterator[str]:
        """The keys below `prefix`, in order."""
        last: str | None = None
        while True:
            keys = await self._retrying(partial(self._on_thread, partial(self._list, prefix, last)))
            for key in keys:
                yield key
            if len(keys) < self._page:
                return
            last = keys[-1]

    async def close(self) -> None:
        """Let the calls under way finish, then release threads and connections."""
        await self._objects.close()
        await asyncio.to_thread(self._threads.shutdown, wait=True, cancel_futures=True)
        self._client._http.clear()  # noqa: SLF001 - the client closes its connections only when collected

    async def _retrying(self, call: Callable[[], Awaitable[T]]) -> T:
        """`call`, again while its failure is a passing one. A retry context costs CPU: made after a first failure."""
        try:
            return await self._once(call)
        except StoreError as error:
            if not self._settings.retry_seconds or not worth_retrying(error):
                raise
            failed = error
        async for attempt in stamina.retry_context(
            on=worth_retrying,
            attempts=None,
            timeout=self._settings.retry_seconds,
            wait_initial=0.05,
            wait_max=2.0,
            wait_jitter=0.1,
        ):
            with attempt:
                if attempt.num == 1:
                    raise failed
                return await self._once(call)
        raise AssertionError("retry_context returns or raises")

    async def _once(self, call: Callable[[], Awaitable[T]]) -> T:
        try:
            return await call()
        except FAILURES as error:
            raise store_error(error, self._settings) from error

    async def _on_thread(self, call: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._threads, call)

    async def _read(self, key: str) -> bytes | None:
        try:
            return await self._objects.request("GET", key)
        except S3Error as error:
            if error.code in MISSING:
                return None
            raise

    async def _write(self, key: str, data: bytes, headers: Mapping[str, str]) -> bool:
        try:
            await self._objects.request("PUT", key, data, headers)
        except S3Error as error:
            if error.code in EXISTS:
                return False
            raise
        return True

    def _list(self, prefix: str, after: str | None) -> list[str]:
        found = self._client.list_objects(self._bucket, prefix=prefix, recursive=True, start_after=after)
        return [str(item.object_name) for item in islice(found, self._page)]
