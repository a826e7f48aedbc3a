"""A sheet of pixels that is painted in units, with smooth edges, at the size at which it is delivered.

Every shape is a polygon of OpenCV's. Beside Skia's raster back end (skia-python 144.1, one core) it fills and smooths a
shape in about the same time, lays gradients and images three to ten times as fast and encodes a JPEG seven times as
fast; and it loads without the system's libEGL and libGL.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, cast

import cv2
import numpy as np
import numpy.typing as npt

from imaging.colour import RgbColour
from imaging.composer.scene.geometry import WIDTH, Rect
from imaging.pixels import Doubles, Floats, Levels, RgbImage

_SHIFT: Final = 4
_PARTS: Final = 2**_SHIFT
"""Parts of a pixel in which shapes are placed (OpenCV's fixed-point coordinates)."""
_HALF: Final = _PARTS / 2
_LARGE: Final = 800
"""A gradient on a sheet at least so many pixels wide is computed on every fourth pixel, else on every second."""
_SMALL: Final = 10.0
"""Pixels of radius below which OpenCV's own circle, a polygon with a corner for each degree, is round enough."""
Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Sheet:
    """Pixels (height x width x 3) and how many of them make a unit."""

    pixels: RgbImage
    scale: float

    @property
    def height(self) -> float:
        """The height in units."""
        return float(self.pixels.shape[0] / self.scale)

    def point(self, at: Point) -> tuple[int, int]:
        """The pixel nearest to a place in units."""
        return round(at[0] * self.scale), round(at[1] * self.scale)

    def polygon(self, points: Sequence[Point] | Doubles, colour: RgbColour) -> None:
        """A filled polygon."""
        cv2.fillPoly(self.pixels, [self._fine(points)], colour, cv2.LINE_AA, _SHIFT)

    def circle(self, centre: Point, radius: float, colour: RgbColour) -> None:
        """A filled circle."""
        if 0 < radius * self.scale < _SMALL:
            at = round(centre[0] * self.scale * _PARTS - _HALF), round(centre[1] * self.scale * _PARTS - _HALF)
            cv2.circle(self.pixels, at, round(radius * self.scale * _PARTS), colour, cv2.FILLED, cv2.LINE_AA, _SHIFT)
        elif radius > 0:
            turns = _round(self._corners(radius))
            cv2.fillConvexPoly(self.pixels, self._fine(turns * radius + centre), colour, cv2.LINE_AA, _SHIFT)

    def ring(self, centre: Point, radius: float, thickness: float, colour: RgbColour) -> None:
        """A ring, `thickness` units wide about `radius`."""
        turns = _round(self._corners(radius))
        rims = [self._fine(turns * reach + centre) for reach in (radius + thickness / 2, radius - thickness / 2)]
        cv2.fillPoly(self.pixels, rims, colour, cv2.LINE_AA, _SHIFT)

    def sector(self, centre: Point, radius: float, degrees: tuple[float, float], colour: RgbColour) -> None:
        """A filled sector between two angles, clockwise from the right."""
        turns = np.linspace(math.radians(degrees[0]), math.radians(degrees[1]), self._corners(radius))
        rim = np.stack((np.cos(turns), np.sin(turns)), axis=1) * radius + centre
        self.polygon(np.concatenate((rim, [centre])), colour)

    def _fine(self, points: Sequence[Point] | Doubles) -> npt.NDArray[np.int32]:
        """Places in parts of a pixel, measured from pixel centres, so that a shape is the same at every size."""
        return np.rint(np.asarray(points, dtype=np.float64) * (self.scale * _PARTS) - _HALF).astype(np.int32)

    def _corners(self, radius: float) -> int:
        """Corners of a polygon that looks like a circle: it is nowhere a sixteenth of a pixel off."""
        return 8 * math.ceil(1.2 * math.sqrt(max(radius * self.scale, 1.0)))

    def wash(self, grid: Sequence[Sequence[RgbColour]]) -> None:
        """The whole sheet in a smooth gradient through a coarse grid of colours (rows of columns)."""
        size = (self.pixels.shape[1], self.pixels.shape[0])
        small = np.array(grid, dtype=np.float32)
        part = 2 if size[0] < _LARGE else 4
        middle = cv2.resize(small, (96, 96), interpolation=cv2.INTER_CUBIC)
        smooth = cv2.resize(
            np.clip(middle, 0, 255), (max(size[0] // part, 1), max(size[1] // part, 1)), interpolation=cv2.INTER_LINEAR
        )
        even = cv2.add(smooth, _dither(smooth.shape[0], smooth.shape[1]), dtype=cv2.CV_8U)
        cv2.resize(even, size, dst=self.pixels, interpolation=cv2.INTER_LINEAR)

    def blank(self) -> Levels:
        """An empty mask of a quarter of the sheet's width and height, for soft shapes."""
        return np.zeros((max(self.pixels.shape[0] // 4, 1), max(self.pixels.shape[1] // 4, 1)), dtype=np.uint8)

    def darken(self, mask: Levels, strength: float, box: Rect | None = None) -> None:
        """Multiply the pixels (of `box`, or all) by 1 - `strength` x opacity; `mask` is stretched over them."""
        rows, columns = self.window(box)
        part = self.pixels[rows, columns]
        if not part.size:
            return
        kept = cv2.resize(255 - (mask * strength).astype(np.uint8), part.shape[1::-1], interpolation=cv2.INTER_LINEAR)
        cv2.multiply(part, cv2.merge((kept, kept, kept)), dst=part, scale=1 / 255)

    def veil(self, colour: RgbColour, mask: Levels) -> None:
        """Lay `colour` over the sheet with `mask` (any size) as its opacity."""
        _, top, wide, high = cv2.boundingRect(mask)
        stretch = self.pixels.shape[0] / mask.shape[0]
        rows = slice(int(top * stretch), math.ceil((top + high) * stretch))
        part = self.pixels[rows]
        if not part.size or not wide:
            return
        window = np.ascontiguousarray(mask[top : top + high])
        lay(RgbImage(part), colour, np.asarray(cv2.resize(window, part.shape[1::-1]), np.uint8))

    def window(self, box: Rect | None) -> tuple[slice, slice]:
        """The rows and columns of `box` that lie on the sheet."""
        high, wide = self.pixels.shape[:2]
        if box is None:
            return slice(0, high), slice(0, wide)
        left, top = self.point((box.left, box.top))
        right, bottom = self.point((box.right, box.bottom))
        return slice(max(top, 0), min(bottom, high)), slice(max(left, 0), min(right, wide))


def sheet(width: int, height: int, colour: RgbColour) -> Sheet:
    """A sheet of `width` x `height` pixels in one colour."""
    return Sheet(flat(RgbImage(np.empty((height, width, 3), dtype=np.uint8)), colour), width / WIDTH)


def flat(like: RgbImage, colour: RgbColour) -> RgbImage:
    """An image of the size of `like` in one colour (OpenCV fills three channels ten times as fast as numpy)."""
    pixels = np.empty_like(like)
    cv2.rectangle(pixels, (0, 0), pixels.shape[1::-1], colour, cv2.FILLED)
    return pixels


def lay(part: RgbImage, colour: RgbColour, opacity: Levels) -> None:
    """Lay `colour` over `part` of a sheet with `opacity` (0 to 255). Computed in bytes, exact to half a level."""
    kept = 255 - opacity
    cv2.multiply(part, cv2.merge((kept, kept, kept)), dst=part, scale=1 / 255)
    cv2.add(part, cv2.merge([cv2.convertScaleAbs(opacity, None, channel / 255) for channel in colour]), dst=part)


@lru_cache(maxsize=128)
def _round(corners: int) -> Doubles:
    """The corners of a circle of radius 1."""
    turns = np.linspace(0, 2 * np.pi, corners, endpoint=False)
    return np.stack((np.cos(turns), np.sin(turns)), axis=1)


def blurred(mask: Levels, sigma: float) -> Levels:
    """`mask` after a Gaussian blur of `sigma` pixels.

    It is computed in floats. OpenCV's GaussianBlur of bytes uses exact fixed-point sums, which differ by one level at
    most and take five times as long.
    """
    kernel = _bell(max(round(sigma, 2), 0.3))
    return cast("Levels", cv2.sepFilter2D(mask, cv2.CV_8U, kernel, kernel))


@lru_cache(maxsize=64)
def _bell(sigma: float) -> Floats:
    """The weights of a Gaussian blur, to three deviations on either side."""
    return np.asarray(cv2.getGaussianKernel(2 * math.ceil(3 * sigma) + 1, sigma, cv2.CV_32F), np.float32)


@lru_cache(maxsize=4)
def _dither(height: int, width: int) -> Floats:
    """A fixed ordered pattern of half a level, which prevents banding of gradients."""
    bayer = np.array(((0, 8, 2, 10), (12, 4, 14, 6), (3, 11, 1, 9), (15, 7, 13, 5)), np.float32) / 16 - np.float32(0.47)
    pattern = np.tile(bayer, (height // 4 + 1, width // 4 + 1))[:height, :width]
    return np.asarray(cv2.merge((pattern, pattern, pattern)), np.float32)
