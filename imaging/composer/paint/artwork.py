"""The brand's images as cut-outs: premultiplied RGBA, with copies at half the size, a quarter, and so on."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Final, NewType

import cv2
import numpy as np
import numpy.typing as npt

from imaging.colour import RgbColour
from imaging.composer.codec import decode_as
from imaging.composer.scene.footing import Footing, footing
from imaging.pixels import RgbImage, resized
from schemas.errors import InvalidRequest

RgbaLayer = NewType("RgbaLayer", npt.NDArray[np.uint8])
"""sRGB multiplied by its alpha, with the alpha, shape (height, width, 4)."""
_FAINT: Final = 8
"""Opacity (of 255) up to which a pixel is no part of a cut-out."""
_SMALLEST: Final = 96
"""Pixels of the shorter side below which no smaller copy is made."""


@dataclass(frozen=True, eq=False)
class Sprite:
    """A cut-out: `levels` are premultiplied RGBA images, each half the size of the one before."""

    levels: tuple[RgbaLayer, ...]

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels."""
        return self.levels[0].shape[1], self.levels[0].shape[0]

    @property
    def aspect(self) -> float:
        """Width over height."""
        return self.size[0] / self.size[1]

    @cached_property
    def sample(self) -> RgbImage:
        """The colours of what is opaque, n x 1 x 3, on a grid of 48 x 24."""
        small = np.asarray(cv2.resize(self.levels[-1], (48, 24), interpolation=cv2.INTER_AREA), np.uint8)
        opaque = small[small[..., 3] > 128].astype(np.uint16)  # noqa: PLR2004 - half transparent
        return RgbImage((opaque[:, None, :3] * 255 // opaque[:, None, 3:]).clip(0, 255).astype(np.uint8))

    @cached_property
    def colour(self) -> RgbColour:
        """The mean colour of what is opaque."""
        pixels = self.levels[-1].reshape(-1, 4).astype(np.float64)
        red, green, blue = (round(float(value)) for value in pixels[:, :3].sum(axis=0) / pixels[:, 3].sum() * 255)
        return red, green, blue

    @cached_property
    def footing(self) -> Footing:
        """Its lower edge."""
        return footing(np.ascontiguousarray(self.levels[-1][..., 3]))

    def level(self, width: float) -> RgbaLayer:
        """The smallest level that is at least `width` pixels wide, or the largest level."""
        return next((image for image in reversed(self.levels) if image.shape[1] >= width), self.levels[0])


def decode_sprite(data: bytes, name: str) -> Sprite:
    """The cut-out in the image file `data`, without its transparent rim. Raises InvalidRequest if damaged."""
    rgba = decode_as("RGBA", data, name)
    seen = rgba[..., 3] > _FAINT
    rows, columns = np.flatnonzero(seen.any(axis=1)), np.flatnonzero(seen.any(axis=0))
    if not rows.size:
        raise InvalidRequest(f"{name}: the image is wholly transparent")
    rgba = rgba[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    premultiplied = rgba.astype(np.uint16)
    premultiplied[..., :3] = (premultiplied[..., :3] * premultiplied[..., 3:] + 127) // 255
    levels = [RgbaLayer(premultiplied.astype(np.uint8))]
    while min(levels[-1].shape[:2]) >= 2 * _SMALLEST:
        high, wide = levels[-1].shape[:2]
        levels.append(resized(levels[-1], (wide // 2, high // 2)))
    return Sprite(tuple(levels))
