"""What is measured, and what it is measured against, read from the object store."""

from __future__ import annotations

from collections import OrderedDict
from typing import Final

from imaging.measures.brand.logo_matching import decode_logo
from imaging.pixels import BgraImage
from infra.storage.store import ObjectStore
from schemas.brands import BrandKit
from schemas.errors import StoreError

LOGOS_KEPT: Final = 32
"""At most 0.6 MB each."""


async def stored_image(store: ObjectStore, key: str) -> bytes:
    """The encoded image `key`. Raises `StoreError`: it is not there."""
    data = await store.get(key)
    if data is None:
        raise StoreError(f"the image {key} is not in the object store", retryable=False)
    return data


class Logos:
    """The brands' logos, each decoded once for many images."""

    def __init__(self, store: ObjectStore) -> None:
        self._store = store
        self._decoded: OrderedDict[str, BgraImage | None] = OrderedDict()

    async def of(self, brand: BrandKit) -> BgraImage | None:
        """The logo of `brand`; None where there is none, or where it is missing or cannot be read."""
        image = brand.logo.image
        if image is None:
            return None
        if image.key not in self._decoded:
            data = await self._store.get(image.key)
            self._decoded[image.key] = decode_logo(data) if data is not None else None
            if len(self._decoded) > LOGOS_KEPT:
                self._decoded.popitem(last=False)
        return self._decoded[image.key]
