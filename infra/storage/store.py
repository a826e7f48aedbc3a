"""The object store's contract: content-addressed blobs and records that are created once."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Protocol

from schemas.identifiers import content_key


class ObjectStore(Protocol):
    """Objects by key. Every method raises `schemas.errors.StoreError` or `StoreFull` when the store does not do it."""

    async def get(self, key: str) -> bytes | None:
        """The object's bytes, or None where there is no such object."""

    async def create(self, key: str, data: bytes, media_type: str = "application/json") -> bool:
        """Store `data` under `key` if nothing is there (``If-None-Match: *``). False: something is there already."""

    async def put(self, key: str, data: bytes, media_type: str = "application/json") -> None:
        """Store `data` under `key`, over whatever is there."""

    async def delete(self, key: str) -> None:
        """Remove `key`; a missing one is no error."""

    def keys(self, prefix: str) -> AsyncIterator[str]:
        """The keys below `prefix`, in order."""


async def save_blob(store: ObjectStore, data: bytes, media_type: str) -> str:
    """Store `data` under its content key and return the key. A second save of the same bytes changes nothing."""
    key = content_key(data, media_type)
    await store.create(key, data, media_type)
    return key
