"""Requests for single objects, signed and sent on the event loop: a third of the CPU of a client on threads."""

from __future__ import annotations

import asyncio
import hashlib
import io
import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from http import HTTPStatus
from types import MappingProxyType
from typing import Any, Final
from urllib.parse import SplitResult, urlunsplit
from xml.etree.ElementTree import ParseError

import aiohttp
import certifi
from minio import Minio
from minio.credentials.credentials import Credentials
from minio.error import InvalidResponseError, MinioException, S3Error
from minio.helpers import quote
from minio.signer import sign_v4_s3
from urllib3 import HTTPResponse
from yarl import URL

from infra.settings import StoreSettings
from infra.storage.buckets import CONNECT_SECONDS

LARGE_BYTES: Final = 64 * 1024
"""Bodies above this are written in pieces, so that other jobs have their turn in between."""
NO_HEADERS: Final[Mapping[str, str]] = MappingProxyType({})
_AUTOMATIC: Final = ("User-Agent", "Accept", "Accept-Encoding", "Content-Type")
"""Headers that aiohttp adds; left out, what is sent is what is signed."""


class S3Client:
    """Requests for the objects of one bucket, `settings.connections` at once; the others wait for their turn.

    It belongs to one event loop. Nothing is tried again here: what a lost answer means, only the caller knows.
    """

    def __init__(self, settings: StoreSettings, client: Minio) -> None:
        self._settings = settings
        self._base: SplitResult = client._base_url.build(  # noqa: SLF001 - the one place that knows S3's address styles
            method="GET", region=settings.region, bucket_name=settings.bucket
        )
        secret = settings.secret_key.get_secret_value() if settings.secret_key else ""
        self._credentials = Credentials(settings.access_key, secret) if settings.access_key else None
        self._session: aiohttp.ClientSession | None = None
        self._under_way = 0
        self._idle = asyncio.Event()
        self._closed = False

    async def request(
        self, method: str, key: str, data: bytes | None = None, headers: Mapping[str, str] = NO_HEADERS
    ) -> bytes:
        """The body of the answer. Raises `S3Error`, or another of `infra.storage.failures.FAILURES`."""
        url = self._base._replace(path=f"{self._base.path.rstrip('/')}/{quote(key)}")
        signed = self._signed(method, url, data or b"", headers)
        with self._counted():
            async with self._open().request(
                method, URL(urlunsplit(url), encoded=True), data=_body(data), headers=signed, allow_redirects=False
            ) as response:
                body = await response.read()
        if response.status not in {HTTPStatus.OK, HTTPStatus.NO_CONTENT}:
            raise _error(response.status, response.headers, body)
        return body

    async def close(self) -> None:
        """Let the requests under way finish, then release the connections."""
        self._closed = True
        if self._under_way:
            self._idle.clear()
            await self._idle.wait()
        if self._session is not None:
            await self._session.close()

    def _signed(self, method: str, url: SplitResult, data: bytes, given: Mapping[str, str]) -> dict[str, Any]:
        """All headers of a request, its signature (AWS Signature Version 4) among them."""
        now, digest = datetime.now(UTC), hashlib.sha256(data).hexdigest()
        own = {"Host": url.netloc, "x-amz-content-sha256": digest, "x-amz-date": now.strftime("%Y%m%dT%H%M%SZ")}
        headers: dict[str, Any] = {**given, **own}
        if self._credentials is None:
            return headers
        return sign_v4_s3(
            method=method,
            url=url,
            region=self._settings.region,
            headers=headers,
            credentials=self._credentials,
            content_sha256=digest,
            date=now,
        )

    @contextmanager
    def _counted(self) -> Iterator[None]:
        if self._closed:
            raise RuntimeError("the store is closed")
        self._under_way += 1
        try:
            yield
        finally:
            self._under_way -= 1
            if not self._under_way:
                self._idle.set()

    def _open(self) -> aiohttp.ClientSession:
        """The session. It needs a running loop, which there may not be yet when the store is made."""
        if self._session is None:
            seconds = self._settings.timeout_seconds
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=self._settings.connections, ssl=self._trust()),
                timeout=aiohttp.ClientTimeout(sock_connect=min(seconds, CONNECT_SECONDS), sock_read=seconds),
                cookie_jar=aiohttp.DummyCookieJar(),
                auto_decompress=False,
                skip_auto_headers=_AUTOMATIC,
            )
            # aiohttp sends a PUT again when a kept connection breaks, and does not report it; a conditional one that
            # finds its own first attempt would then look like one that lost a race.
            self._session._retry_connection = False  # noqa: SLF001
        return self._session

    def _trust(self) -> ssl.SSLContext | bool:
        if not self._settings.secure:
            return True
        return ssl.create_default_context(cafile=self._settings.ca_file or certifi.where())


def _body(data: bytes | None) -> bytes | io.BytesIO | None:
    return io.BytesIO(data) if data is not None and len(data) > LARGE_BYTES else data


def _error(status: int, headers: Mapping[str, str], body: bytes) -> MinioException:
    """An answer that is no success, as the `minio` client raises it."""
    media_type = headers.get("Content-Type", "")
    if body and "application/xml" in media_type:
        try:
            return S3Error.fromxml(HTTPResponse(body=body, status=status, headers=dict(headers)))
        except (ParseError, UnicodeDecodeError):
            pass
    return InvalidResponseError(status, media_type, body.decode(errors="replace"))
