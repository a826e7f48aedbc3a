"""Structural similarity, and where in a picture the detail sits."""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np

from workers.scoring.edges import steepness
from workers.scoring.pixels import Doubles, Floats, Pixels

_SIGMA: Final = 1.5
_WINDOW: Final = 11
_STABILISER_1: Final = (0.01 * 255.0) ** 2
_STABILISER_2: Final = (0.03 * 255.0) ** 2
LAYOUT_SIDE: Final = 8


def ssim(first: Pixels, second: Pixels) -> float:
    """The mean structural similarity, -1 to 1, of two uint8 grey pictures of one shape, both sides above 10 pixels.

    Z. Wang et al., "Image quality assessment: from error visibility to structural similarity" (2004), with its
    11 x 11 Gaussian window of 1.5 pixels, K1 = 0.01, K2 = 0.03; the rim that a window overhangs is left out.
    """
    x, y = first.astype(np.float32), second.astype(np.float32)
    mean_x, mean_y = _blur(x), _blur(y)
    variance_x = _blur(x * x) - mean_x * mean_x
    variance_y = _blur(y * y) - mean_y * mean_y
    covariance = _blur(x * y) - mean_x * mean_y
    luminance = (2.0 * mean_x * mean_y + _STABILISER_1) / (mean_x * mean_x + mean_y * mean_y + _STABILISER_1)
    structure = (2.0 * covariance + _STABILISER_2) / (variance_x + variance_y + _STABILISER_2)
    rim = _WINDOW // 2
    return float(np.mean((luminance * structure)[rim:-rim, rim:-rim], dtype=np.float64))


def _blur(values: Floats) -> Floats:
    return cv2.GaussianBlur(values, (_WINDOW, _WINDOW), _SIGMA).astype(np.float32, copy=False)


def detail_grid(grey: Pixels) -> Doubles:
    """The shares of the picture's edge energy in each cell of an 8 x 8 grid; they sum to 1."""
    energy = steepness(cv2.GaussianBlur(grey, (0, 0), 1.0).astype(np.uint8, copy=False))
    grid = cv2.resize(energy, (LAYOUT_SIDE, LAYOUT_SIDE), interpolation=cv2.INTER_AREA).astype(np.float64) + 1e-6
    return np.asarray(grid / grid.sum())


def layout_distance(first: Pixels, second: Pixels) -> float:
    """The share of edge energy, 0 to 1, that stands in another cell of the grid (total variation distance)."""
    return float(np.abs(detail_grid(first) - detail_grid(second)).sum() / 2.0)
