"""The contract of an object store, and content-addressed blobs in it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Protocol

from schemas.identifiers import content_key


class ObjectStore(Protocol):
    """Objects by key: content-addressed images, and records on conditional creates.

    Keys are paths without a leading slash, such as ``ledger/drf-1/done``. Every method raises `StoreError` when the
    store does not do it, and its subclass `StoreFull` when there is no space left; `retryable` says whether a retry
    makes sense.
    """

    async def get(self, key: str) -> bytes | None:
        """Read an object.

        Args:
            key: Where it is.

        Returns:
            Its bytes, or None where there is no such object.

        Raises:
            StoreError: The store does not answer, or refuses.
        """

    async def create(self, key: str, data: bytes, media_type: str = "application/json") -> bool:
        """Store an object if nothing is there (``If-None-Match: *``): the first write wins.

        Args:
            key: Where to store it.
            data: Its bytes.
            media_type: What they are, for readers over HTTP.

        Returns:
            True if this call stored it; False if something was there, which stays as it is.

        Raises:
            StoreError: The store does not answer, or refuses. The object may have been stored.
            StoreFull: No space is left.
        """

    async def put(self, key: str, data: bytes, media_type: str = "application/json") -> None:
        """Store an object, over whatever is there.

        Args:
            key: Where to store it.
            data: Its bytes.
            media_type: What they are, for readers over HTTP.

        Raises:
            StoreError: The store does not answer, or refuses. The object may have been stored.
            StoreFull: No space is left.
        """

    async def delete(self, key: str) -> None:
        """Remove an object; a missing one is no error.

        Args:
            key: Where it is.

        Raises:
            StoreError: The store does not answer, or refuses.
        """

    def keys(self, prefix: str) -> AsyncIterator[str]:
        """List keys.

        Args:
            prefix: What they begin with, such as ``paces/``.

        Returns:
            The keys, in order within each folder.

        Raises:
            StoreError: The store does not answer, or refuses; while iterating.
        """


async def save_blob(store: ObjectStore, data: bytes, media_type: str) -> str:
    """Store `data` under its content key and return the key. A second save of the same bytes changes nothing."""
    key = content_key(data, media_type)
    await store.create(key, data, media_type)
    return key
