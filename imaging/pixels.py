"""Array types of images, and the two operations on them that every check needs."""

from __future__ import annotations

from typing import TypeAlias, TypeVar

import cv2
import numpy as np
import numpy.typing as npt

Pixels: TypeAlias = npt.NDArray[np.uint8]
"""uint8; BGR with shape (height, width, 3), or one channel with shape (height, width)."""
Steps: TypeAlias = npt.NDArray[np.int16]
Places: TypeAlias = npt.NDArray[np.intp]
Mask: TypeAlias = npt.NDArray[np.bool_]
Floats: TypeAlias = npt.NDArray[np.float32]
Doubles: TypeAlias = npt.NDArray[np.float64]
Level = TypeVar("Level", bound=np.generic)


def shrink(pixels: Pixels, long_side: int) -> Pixels:
    """`pixels` with the longer side at `long_side` pixels by area averaging; smaller ones are returned as they are."""
    height, width = pixels.shape[:2]
    scale = long_side / max(height, width)
    if scale >= 1.0:
        return pixels
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    return cv2.resize(pixels, size, interpolation=cv2.INTER_AREA).astype(np.uint8, copy=False)


def every(pixels: npt.NDArray[Level], rows: int) -> npt.NDArray[Level]:
    """Every n-th row of `pixels`, a view, so that `rows` to twice as many are left; all of fewer."""
    return pixels[:: max(1, pixels.shape[0] // rows)]


def middle(values: npt.NDArray[np.generic]) -> float:
    """The median; `numpy.median` looks for NaN and subclasses first, and costs ten times as much on small arrays."""
    flat = values.ravel()
    low, high = (len(flat) - 1) // 2, len(flat) // 2
    parted = np.partition(flat, (low, high))
    return float(parted[low] + parted[high]) / 2.0


def to_lab(bgr: Pixels) -> Floats:
    """CIELAB (D65, 2 degrees) of sRGB pixels: L* 0 to 100, a* and b* about -128 to 127, float32."""
    scaled = bgr.astype(np.float32) / np.float32(255.0)
    return cv2.cvtColor(scaled, cv2.COLOR_BGR2Lab).astype(np.float32, copy=False)
