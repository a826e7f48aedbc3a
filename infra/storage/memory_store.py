"""An object store in a dict, for tests and for whatever needs no other process to see its objects."""

from __future__ import annotations

from collections.abc import AsyncIterator


class MemoryStore:
    """`ObjectStore` in memory. It belongs to one event loop: no call yields in the middle of a change."""

    def __init__(self) -> None:
        self._objects: dict[str, bytes] = {}

    async def get(self, key: str) -> bytes | None:
        """The object's bytes, or None where there is no such object."""
        return self._objects.get(key)

    async def create(self, key: str, data: bytes, media_type: str = "application/json") -> bool:  # noqa: ARG002
        """Store `data` under `key` if nothing is there. False: something is there already."""
        if key in self._objects:
            return False
        self._objects[key] = bytes(data)
        return True

    async def put(self, key: str, data: bytes, media_type: str = "application/json") -> None:  # noqa: ARG002
        """Store `data` under `key`, over whatever is there."""
        self._objects[key] = bytes(data)

    async def delete(self, key: str) -> None:
        """Remove `key`; a missing one is no error."""
        self._objects.pop(key, None)

    async def keys(self, prefix: str) -> AsyncIterator[str]:
        """The keys below `prefix` as they are now, in order."""
        for key in sorted(key for key in self._objects if key.startswith(prefix)):
            yield key
