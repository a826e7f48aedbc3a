"""The brand's images, decoded once: premultiplied RGBA with half and quarter sizes, in a bounded cache."""

from __future__ import annotations

import io
from collections import OrderedDict
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import cv2
import numpy as np
import numpy.typing as npt
from PIL import Image

from imaging.colour import Pixels, Rgb
from imaging.composer.scene.footing import Footing, footing
from imaging.fonts.registry import family_of, install, installed
from infra.providers.base import BlobReader
from schemas.brands import Artwork, FontFile, Fonts
from schemas.errors import InvalidRequest, StoreError, Unavailable

MOST_PIXELS: Final = 40_000_000
"""Pixels of the largest image that is decoded, against decompression bombs."""
_CACHED: Final = 24
_FAINT: Final = 8
"""Opacity (of 255) up to which a pixel does not count as part of a cut-out."""
_SMALLEST: Final = 96
"""Pixels below which no further half size is kept."""


@dataclass(frozen=True, eq=False)
class Sprite:
    """A cut-out: `levels` are premultiplied RGBA images, each half the size of the one before."""

    levels: tuple[npt.NDArray[np.uint8], ...]

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels."""
        return self.levels[0].shape[1], self.levels[0].shape[0]

    @property
    def aspect(self) -> float:
        """Width over height."""
        return self.size[0] / self.size[1]

    @cached_property
    def sample(self) -> Pixels:
        """The colours of what is opaque, n x 1 x 3, on a grid of 48 x 24."""
        small = np.asarray(cv2.resize(self.levels[-1], (48, 24), interpolation=cv2.INTER_AREA), np.uint8)
        opaque = small[small[..., 3] > 128].astype(np.uint16)  # noqa: PLR2004 - half transparent
        return (opaque[:, None, :3] * 255 // opaque[:, None, 3:]).clip(0, 255).astype(np.uint8)

    @cached_property
    def colour(self) -> Rgb:
        """The mean colour of what is opaque."""
        pixels = self.levels[-1].reshape(-1, 4).astype(np.float64)
        red, green, blue = (round(float(value)) for value in pixels[:, :3].sum(axis=0) / pixels[:, 3].sum() * 255)
        return red, green, blue

    @cached_property
    def footing(self) -> Footing:
        """Its lower edge."""
        return footing(np.ascontiguousarray(self.levels[-1][..., 3]))

    def level(self, width: float) -> npt.NDArray[np.uint8]:
        """The smallest level that is at least `width` pixels wide, or the largest there is."""
        return next((image for image in reversed(self.levels) if image.shape[1] >= width), self.levels[0])


class Studio:
    """Reads and decodes images, and remembers the last few cut-outs. Not for use from several event loops."""

    def __init__(self, blobs: BlobReader) -> None:
        self._blobs = blobs
        self._sprites: OrderedDict[str, Sprite] = OrderedDict()

    async def sprite(self, artwork: Artwork) -> Sprite:
        """The cut-out of `artwork`.

        Raises InvalidRequest for a missing or broken image, Unavailable where the store does not answer.
        """
        if artwork.image is None:
            raise InvalidRequest(f"{artwork.path}: the image was not uploaded to the object store")
        key = artwork.image.key
        if key not in self._sprites:
            self._sprites[key] = decode_sprite(await self.read(key, artwork.path), artwork.path)
        self._sprites.move_to_end(key)
        while len(self._sprites) > _CACHED:
            self._sprites.popitem(last=False)
        return self._sprites[key]

    async def fonts(self, fonts: Fonts) -> None:
        """Make the brand's own fonts drawable. Raises InvalidRequest and Unavailable as `sprite` does."""
        for name, files in fonts.files.items():
            family = family_of(fonts, name)
            if not installed(family):
                install(family, [await self._font(file) for file in files])

    async def _font(self, file: FontFile) -> bytes:
        if file.key is None:
            raise InvalidRequest(f"{file.path}: the font was not uploaded to the object store")
        return await self.read(file.key, file.path)

    async def read(self, key: str, name: str) -> bytes:
        """The bytes of `key`."""
        try:
            return await self._blobs(key)
        except StoreError as error:
            if error.retryable:
                raise Unavailable(f"{name}: the object store did not give {key}: {error}") from error
            raise InvalidRequest(f"{name}: the object store has no {key}: {error}") from error


def decode_sprite(data: bytes, name: str) -> Sprite:
    """The cut-out in `data`, trimmed to what is seen of it. Raises InvalidRequest, naming it, where it is broken."""
    rgba = _decoded(data, name, "RGBA")
    seen = rgba[..., 3] > _FAINT
    rows, columns = np.flatnonzero(seen.any(axis=1)), np.flatnonzero(seen.any(axis=0))
    if not rows.size:
        raise InvalidRequest(f"{name}: the image is wholly transparent")
    rgba = rgba[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    premultiplied = rgba.astype(np.uint16)
    premultiplied[..., :3] = (premultiplied[..., :3] * premultiplied[..., 3:] + 127) // 255
    levels = [premultiplied.astype(np.uint8)]
    while min(levels[-1].shape[:2]) >= 2 * _SMALLEST:
        high, wide = levels[-1].shape[:2]
        half = cv2.resize(levels[-1], (wide // 2, high // 2), interpolation=cv2.INTER_AREA)
        levels.append(np.asarray(half, np.uint8))
    return Sprite(tuple(levels))


def decode_image(data: bytes, name: str) -> Pixels:
    """The opaque image in `data`. Raises InvalidRequest, naming it, where it is broken."""
    return _decoded(data, name, "RGB")


def decode_mask(data: bytes, name: str) -> npt.NDArray[np.uint8]:
    """The opacity (height x width) of the image in `data`. Raises InvalidRequest, naming it, where it is broken."""
    return np.ascontiguousarray(_decoded(data, name, "RGBA")[..., 3])


def _decoded(data: bytes, name: str, mode: str) -> npt.NDArray[np.uint8]:
    try:
        with Image.open(io.BytesIO(data), formats=("PNG", "JPEG", "WEBP")) as image:
            if image.width * image.height > MOST_PIXELS:
                raise InvalidRequest(f"{name}: {image.width}x{image.height} pixels are more than {MOST_PIXELS:,}")
            return np.array(image.convert(mode))
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise InvalidRequest(f"{name}: this is no readable PNG, JPEG or WebP image: {error}") from error
