"""A sheet of pixels that is painted in units. Edges are hard: the sheet is painted at twice the size and reduced."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, cast

import cv2
import numpy as np
import numpy.typing as npt

from infra.providers.composer.colour import Pixels, Rgb
from infra.providers.composer.geometry import WIDTH, Rect

_SHIFT: Final = 4
_PARTS: Final = 2**_SHIFT
"""Parts of a pixel in which shapes are placed (OpenCV's fixed-point coordinates)."""
_HALF: Final = _PARTS / 2
Mask = npt.NDArray[np.uint8]
"""Opacity of each pixel: height x width, 0 to 255."""
Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Sheet:
    """Pixels (height x width x 3) and how many of them make a unit."""

    pixels: Pixels
    scale: float

    @property
    def height(self) -> float:
        """The height in units."""
        return float(self.pixels.shape[0] / self.scale)

    def point(self, at: Point) -> tuple[int, int]:
        """The pixel nearest to a place in units."""
        return round(at[0] * self.scale), round(at[1] * self.scale)

    def _fine(self, at: Point) -> tuple[int, int]:
        """The same in parts of a pixel, so that a shape is the same at every size; a pixel's middle is its place."""
        return round(at[0] * self.scale * _PARTS - _HALF), round(at[1] * self.scale * _PARTS - _HALF)

    def polygon(self, points: Sequence[Point] | npt.NDArray[np.float64], colour: Rgb) -> None:
        """A filled polygon."""
        corners = np.rint(np.asarray(points, dtype=np.float64) * self.scale * _PARTS - _HALF).astype(np.int32)
        cv2.fillPoly(self.pixels, [corners], colour, shift=_SHIFT)

    def circle(self, centre: Point, radius: float, colour: Rgb) -> None:
        """A filled circle."""
        size = max(round(radius * self.scale * _PARTS), 0)
        cv2.circle(self.pixels, self._fine(centre), size, colour, cv2.FILLED, shift=_SHIFT)

    def ring(self, centre: Point, radius: float, thickness: float, colour: Rgb) -> None:
        """A ring, `thickness` units wide about `radius`."""
        width = max(round(thickness * self.scale), 1)
        cv2.circle(self.pixels, self.point(centre), round(radius * self.scale), colour, width)

    def sector(self, centre: Point, radius: float, degrees: tuple[float, float], colour: Rgb) -> None:
        """A filled sector between two angles, clockwise from the right."""
        size = round(radius * self.scale)
        cv2.ellipse(self.pixels, self.point(centre), (size, size), 0, *degrees, colour, cv2.FILLED)

    def wash(self, grid: Sequence[Sequence[Rgb]]) -> None:
        """The whole sheet in a smooth gradient through a coarse grid of colours (rows of columns)."""
        size = (self.pixels.shape[1], self.pixels.shape[0])
        small = np.array(grid, dtype=np.float32)
        middle = cv2.resize(small, (96, 96), interpolation=cv2.INTER_CUBIC)
        smooth = cv2.resize(np.clip(middle, 0, 255), (size[0] // 4, size[1] // 4), interpolation=cv2.INTER_LINEAR)
        even = np.rint(smooth + _dither(smooth.shape[0], smooth.shape[1])).clip(0, 255).astype(np.uint8)
        cv2.resize(even, size, dst=self.pixels, interpolation=cv2.INTER_LINEAR)

    def blank(self) -> Mask:
        """An empty mask of a quarter of the sheet's width and height, for soft things."""
        return np.zeros((self.pixels.shape[0] // 4, self.pixels.shape[1] // 4), dtype=np.uint8)

    def darken(self, mask: Mask, strength: float, box: Rect | None = None) -> None:
        """Multiply the pixels (of `box`, or all) by 1 - `strength` x opacity; `mask` is stretched over them."""
        rows, columns = self.window(box)
        part = self.pixels[rows, columns]
        if not part.size:
            return
        kept = cv2.resize(255 - (mask * strength).astype(np.uint8), part.shape[1::-1], interpolation=cv2.INTER_LINEAR)
        cv2.multiply(part, cv2.merge((kept, kept, kept)), dst=part, scale=1 / 255)
        self.pixels[rows, columns] = part

    def veil(self, colour: Rgb, mask: Mask) -> None:
        """Lay `colour` over the sheet with `mask` (any size) as its opacity."""
        _, top, wide, high = cv2.boundingRect(mask)
        stretch = self.pixels.shape[0] / mask.shape[0]
        rows = slice(int(top * stretch), math.ceil((top + high) * stretch))
        part = self.pixels[rows]
        if not part.size or not wide:
            return
        window = np.ascontiguousarray(mask[top : top + high])
        opacity = cv2.resize(window, part.shape[1::-1], interpolation=cv2.INTER_LINEAR).astype(np.float32) / 255
        self.pixels[rows] = cv2.blendLinear(flat(part, colour), part, opacity, 1 - opacity)

    def window(self, box: Rect | None) -> tuple[slice, slice]:
        """The rows and columns of `box` that lie on the sheet."""
        high, wide = self.pixels.shape[:2]
        if box is None:
            return slice(0, high), slice(0, wide)
        left, top = self.point((box.left, box.top))
        right, bottom = self.point((box.right, box.bottom))
        return slice(max(top, 0), min(bottom, high)), slice(max(left, 0), min(right, wide))


def sheet(width: int, height: int, colour: Rgb) -> Sheet:
    """A sheet of `width` x `height` pixels in one colour."""
    return Sheet(flat(np.empty((height, width, 3), dtype=np.uint8), colour), width / WIDTH)


def flat(like: Pixels, colour: Rgb) -> Pixels:
    """A picture of the size of `like` in one colour (OpenCV fills three channels ten times as fast as numpy)."""
    pixels = np.empty_like(like)
    cv2.rectangle(pixels, (0, 0), pixels.shape[1::-1], colour, cv2.FILLED)
    return pixels


def blurred(mask: Mask, sigma: float) -> Mask:
    """`mask` after a Gaussian blur of `sigma` pixels."""
    return cast("Mask", cv2.GaussianBlur(mask, (0, 0), max(sigma, 0.3)))


def _dither(height: int, width: int) -> npt.NDArray[np.float32]:
    """A fixed ordered pattern of half a level, which keeps gradients from banding."""
    bayer = np.array(((0, 8, 2, 10), (12, 4, 14, 6), (3, 11, 1, 9), (15, 7, 13, 5))) / 16 - 0.47
    return np.asarray(np.tile(bayer, (height // 4 + 1, width // 4 + 1))[:height, :width, None], np.float32)
