"""Registration of two images: how much larger one shows the same thing, and how far off."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np

from imaging.pixels import Floats, Levels

_STEPS: Final = 60
_PRECISION: Final = 1e-4
_FILTER: Final = 5
_CRITERIA: Final = (cv2.TERM_CRITERIA_COUNT + cv2.TERM_CRITERIA_EPS, _STEPS, _PRECISION)
_SMALLEST_SIDE: Final = 16
_SAME_IMAGE: Final = 0.6
"""Correlation of the registered images below which they are not one image in another place."""


@dataclass(frozen=True, slots=True)
class Registration:
    """`scale` is how many times as large the second image shows things (1: as large as the first).

    `across` and `down` are how far its middle is off, as shares of the longer side; `correlation` is that of the two
    once registered, -1 to 1.
    """

    scale: float
    across: float
    down: float
    correlation: float


def register(first: Levels, second: Levels) -> Registration | None:
    """How `second` (grey, of the shape of `first`) lies over `first`; None where they do not fit.

    An affine map by the enhanced correlation coefficient, which no change of light moves: G. D. Evangelidis, E. Z.
    Psarakis, "Parametric image alignment using enhanced correlation coefficient maximization", IEEE Transactions on
    Pattern Analysis and Machine Intelligence 30 (2008) 1858-1865. Half the size is enough, and finds longer shifts.
    """
    height, width = first.shape
    size = (max(_SMALLEST_SIDE, width // 2), max(_SMALLEST_SIDE, height // 2))
    halves = [cv2.resize(pixels, size, interpolation=cv2.INTER_AREA) for pixels in (first, second)]
    start, everywhere = np.eye(2, 3, dtype=np.float32), np.ones(halves[0].shape, np.uint8)
    try:
        correlation, found = cv2.findTransformECC(
            halves[0], halves[1], start, cv2.MOTION_AFFINE, _CRITERIA, everywhere, _FILTER
        )
    except cv2.error:  # plain images have nothing to register, and some do not converge
        return None
    if not correlation >= _SAME_IMAGE:
        return None
    return _read(np.asarray(found, np.float32), size, float(correlation))


def _read(found: Floats, size: tuple[int, int], correlation: float) -> Registration | None:
    area = float(np.linalg.det(found[:, :2].astype(np.float64)))
    if area <= 0.0:
        return None
    middle = np.array([size[0] / 2.0, size[1] / 2.0, 1.0])
    off = (found.astype(np.float64) @ middle - middle[:2]) / max(size)
    return Registration(float(np.sqrt(area)), float(off[0]), float(off[1]), correlation)
