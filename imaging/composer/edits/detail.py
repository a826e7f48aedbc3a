"""How much detail each part of an image has, on a coarse grid."""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np

from imaging.composer.scene.geometry import WIDTH, Rect
from imaging.pixels import Floats, RgbImage

CELLS: Final = 96
"""Cells along the longer side of the grid."""
_WORKED: Final = 4
"""Pixels, along each side, that a cell is made of."""


def detail_cells(image: RgbImage) -> Floats:
    """The mean steepness (grey levels a pixel, at 384 pixels long) in each cell of a grid 96 cells long."""
    cells = _grid(image)
    small = cv2.resize(image, (cells[0] * _WORKED, cells[1] * _WORKED), interpolation=cv2.INTER_AREA)
    grey = cv2.cvtColor(small, cv2.COLOR_RGB2GRAY).astype(np.float32)
    slope = cv2.magnitude(cv2.Sobel(grey, cv2.CV_32F, 1, 0), cv2.Sobel(grey, cv2.CV_32F, 0, 1)) / 8
    return np.asarray(cv2.resize(slope, cells, interpolation=cv2.INTER_AREA), np.float32)


def tone_cells(image: RgbImage) -> Floats:
    """The mean grey level (0 to 255) in each cell of the same grid."""
    cells = _grid(image)
    grey = cv2.cvtColor(cv2.resize(image, cells, interpolation=cv2.INTER_AREA), cv2.COLOR_RGB2GRAY)
    return np.asarray(grey, np.float32)


class DetailMap:
    """Measures the detail and the tones in any part of an image."""

    def __init__(self, image: RgbImage, height: float) -> None:
        self._tones = tone_cells(image)
        self._sums = cv2.integral(detail_cells(image))
        self._height = height
        self._mean = max(self.mean_detail(Rect(left=0, top=0, right=WIDTH, bottom=height)), 1e-3)

    def mean_detail(self, box: Rect) -> float:
        """The mean detail in `box` (units): grey levels a pixel."""
        high, wide = self._sums.shape[0] - 1, self._sums.shape[1] - 1
        left, right = _span(box.left / WIDTH, box.right / WIDTH, wide)
        top, bottom = _span(box.top / self._height, box.bottom / self._height, high)
        total = self._sums[bottom, right] - self._sums[top, right] - self._sums[bottom, left] + self._sums[top, left]
        return float(total) / ((bottom - top) * (right - left))

    def relative_detail(self, box: Rect) -> float:
        """The mean detail in `box` as a multiple of the whole image's."""
        return self.mean_detail(box) / self._mean

    def tone_spread(self, box: Rect) -> float:
        """How far apart the tones in `box` (units) lie: the standard deviation of its cells, as a share of white.

        It is large where no single ink can be read, even if each part is calm, and close to 0 for fine texture.
        """
        high, wide = self._tones.shape
        left, right = _span(box.left / WIDTH, box.right / WIDTH, wide)
        top, bottom = _span(box.top / self._height, box.bottom / self._height, high)
        return float(self._tones[top:bottom, left:right].std()) / 255


def _grid(image: RgbImage) -> tuple[int, int]:
    """Columns and rows of the grid over `image`."""
    high, wide = image.shape[:2]
    scale = CELLS / max(high, wide)
    return max(round(wide * scale), 4), max(round(high * scale), 4)


def _span(start: float, end: float, cells: int) -> tuple[int, int]:
    first = min(max(int(start * cells), 0), cells - 1)
    return first, min(max(int(np.ceil(end * cells)), first + 1), cells)
