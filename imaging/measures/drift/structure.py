"""Structural similarity, overall and in the worst spot, and the places of detail in an image."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np

from imaging.measures.edges import steepness
from imaging.pixels import Doubles, Floats, Levels, Mask

_SIGMA: Final = 1.5
_WINDOW: Final = 11
_RIM: Final = _WINDOW // 2
_STABILISER_1: Final = (0.01 * 255.0) ** 2
_STABILISER_2: Final = (0.03 * 255.0) ** 2
_STABILISER_3: Final = 30.0
"""About half of `_STABILISER_2`: a window whose levels deviate by five and more has a structure to compare."""
LAYOUT_SIDE: Final = 8
SPOT_SIDE: Final = 13
"""Pixels of the side of a spot at 256: a twentieth of the image, about the least thing that people notice."""


@dataclass(frozen=True)
class Likeness:
    """Two grey images compared window by window, shape (height, width) each.

    `ssim` is the structural similarity; `edges` its last factor alone, the correlation of the levels in a window, which
    no change of light or contrast moves.
    """

    ssim: Floats
    edges: Floats

    def mean(self, kept: Mask | None = None) -> float:
        """The mean structural similarity, -1 to 1, where the image was to be `kept`; the windows' rim is left out."""
        return _mean(self.ssim, kept)

    def edge_mean(self, kept: Mask | None = None) -> float:
        """The mean correlation of the structure, -1 to 1."""
        return _mean(self.edges, kept)

    def worst_spot(self, kept: Mask | None = None) -> tuple[float, tuple[float, float]]:
        """The least mean correlation in any spot, and the spot's middle (x, y) as shares of the image.

        A spot counts by the part of it that was to be kept, if that is at least half of it.
        """
        weight = np.ones(self.edges.shape, np.float32) if kept is None else kept.astype(np.float32)
        size = (SPOT_SIDE, SPOT_SIDE)
        share = cv2.blur(weight, size)
        spots = np.where(share >= 0.5, cv2.blur(self.edges * weight, size) / np.maximum(share, 1e-3), 1.0)  # noqa: PLR2004 - half of it
        row, column = np.unravel_index(int(spots.argmin()), spots.shape)
        height, width = spots.shape
        return float(spots[row, column]), (float((column + 0.5) / width), float((row + 0.5) / height))


def compare(first: Levels, second: Levels) -> Likeness:
    """Two uint8 grey images of one shape, both sides above 10 pixels, compared window by window.

    Z. Wang et al., "Image quality assessment: from error visibility to structural similarity" (2004), with its
    11 x 11 Gaussian window of 1.5 pixels, K1 = 0.01, K2 = 0.03.
    """
    x, y = first.astype(np.float32), second.astype(np.float32)
    mean_x, mean_y = _blur(x), _blur(y)
    variance_x = _blur(x * x) - mean_x * mean_x
    variance_y = _blur(y * y) - mean_y * mean_y
    covariance = _blur(x * y) - mean_x * mean_y
    luminance = (2.0 * mean_x * mean_y + _STABILISER_1) / (mean_x * mean_x + mean_y * mean_y + _STABILISER_1)
    structure = (2.0 * covariance + _STABILISER_2) / (variance_x + variance_y + _STABILISER_2)
    deviations = np.sqrt(np.maximum(variance_x, 0.0) * np.maximum(variance_y, 0.0))
    edges = (covariance + _STABILISER_3) / (deviations + _STABILISER_3)
    return Likeness(np.asarray(luminance * structure, np.float32), np.asarray(edges, np.float32))


def ssim(first: Levels, second: Levels) -> float:
    """The mean structural similarity, -1 to 1, of two images as `compare` takes them."""
    return compare(first, second).mean()


def _mean(values: Floats, kept: Mask | None) -> float:
    inner = values[_RIM:-_RIM, _RIM:-_RIM]
    if kept is None or not (part := kept[_RIM:-_RIM, _RIM:-_RIM]).any():
        return float(np.mean(inner, dtype=np.float64))
    return float(np.mean(inner[part], dtype=np.float64))


def _blur(values: Floats) -> Floats:
    return cv2.GaussianBlur(values, (_WINDOW, _WINDOW), _SIGMA).astype(np.float32, copy=False)


def detail_grid(grey: Levels, kept: Mask | None = None) -> Doubles:
    """The shares of the image's edge energy in each cell of an 8 x 8 grid; they sum to 1."""
    energy = steepness(cv2.GaussianBlur(grey, (0, 0), 1.0).astype(np.uint8, copy=False))
    if kept is not None:
        energy = np.asarray(energy * kept, np.float32)
    grid = cv2.resize(energy, (LAYOUT_SIDE, LAYOUT_SIDE), interpolation=cv2.INTER_AREA).astype(np.float64) + 1e-6
    return np.asarray(grid / grid.sum())


def layout_distance(first: Levels, second: Levels, kept: Mask | None = None) -> float:
    """The share of edge energy, 0 to 1, that is in another cell of the grid (total variation distance)."""
    return float(np.abs(detail_grid(first, kept) - detail_grid(second, kept)).sum() / 2.0)
