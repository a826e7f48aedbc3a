"""The array types of images, the one conversion between their channel orders, and what most checks do with them.

`RgbImage` and `BgrImage` are the same array at run time, and different types for mypy: it rejects one where the other
is expected. A new array (a slice, a result of OpenCV) is of neither type until the code names its order, as in
``BgrImage(bgr[top:bottom])``.
"""

from __future__ import annotations

from typing import NewType, TypeAlias, TypeVar, cast

import cv2
import numpy as np
import numpy.typing as npt

RgbImage = NewType("RgbImage", npt.NDArray[np.uint8])
"""sRGB, shape (height, width, 3): red, green, blue."""
BgrImage = NewType("BgrImage", npt.NDArray[np.uint8])
"""sRGB, shape (height, width, 3): blue, green, red, the order of OpenCV."""
BgraImage = NewType("BgraImage", npt.NDArray[np.uint8])
"""sRGB with alpha (0 transparent, 255 opaque, not multiplied in), shape (height, width, 4)."""
Levels: TypeAlias = npt.NDArray[np.uint8]
"""One channel of 256 levels, such as luma or alpha, shape (height, width)."""
Mask: TypeAlias = npt.NDArray[np.bool_]
"""True where a pixel belongs to something, shape (height, width)."""
Floats: TypeAlias = npt.NDArray[np.float32]
Doubles: TypeAlias = npt.NDArray[np.float64]
Steps: TypeAlias = npt.NDArray[np.int16]
"""Differences of levels."""
Places: TypeAlias = npt.NDArray[np.intp]
"""Indices of pixels."""
AnyImage = TypeVar("AnyImage", bound=npt.NDArray[np.uint8])
"""An image of any kind, where a function returns the kind that it was given."""
Number = TypeVar("Number", bound=np.generic)


def to_bgr(image: RgbImage) -> BgrImage:
    """`image` in the other channel order, as a new contiguous array."""
    return BgrImage(_swapped(image))


def to_rgb(image: BgrImage) -> RgbImage:
    """`image` in the other channel order, as a new contiguous array."""
    return RgbImage(_swapped(image))


def _swapped(image: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
    return cv2.cvtColor(image, cv2.COLOR_RGB2BGR).astype(np.uint8, copy=False)


def to_grey(image: BgrImage) -> Levels:
    """Luma (Rec. 601), shape (height, width)."""
    return cv2.cvtColor(image, cv2.COLOR_BGR2GRAY).astype(np.uint8, copy=False)


def to_lab(image: BgrImage) -> Floats:
    """CIELAB (D65, 2 degrees): L* 0 to 100, a* and b* about -128 to 127, float32, shape (height, width, 3)."""
    scaled = image.astype(np.float32) / np.float32(255.0)
    return cv2.cvtColor(scaled, cv2.COLOR_BGR2Lab).astype(np.float32, copy=False)


def resized(image: AnyImage, size: tuple[int, int]) -> AnyImage:
    """`image` at `size` (width, height), averaged by area."""
    return cast("AnyImage", cv2.resize(image, size, interpolation=cv2.INTER_AREA).astype(np.uint8, copy=False))


def shrink(image: AnyImage, long_side: int) -> AnyImage:
    """`image` with its longer side at `long_side` pixels, averaged by area; a smaller one is returned unchanged."""
    height, width = image.shape[:2]
    scale = long_side / max(height, width)
    if scale >= 1.0:
        return image
    return resized(image, (max(1, round(width * scale)), max(1, round(height * scale))))


def every(pixels: npt.NDArray[Number], rows: int) -> npt.NDArray[Number]:
    """Every n-th row of `pixels`, a view, so that `rows` to twice as many are left; all of fewer."""
    return pixels[:: max(1, pixels.shape[0] // rows)]


def middle(values: npt.NDArray[np.generic]) -> float:
    """The median; `numpy.median` looks for NaN and subclasses first, and costs ten times as much on small arrays."""
    flat = values.ravel()
    low, high = (len(flat) - 1) // 2, len(flat) // 2
    parted = np.partition(flat, (low, high))
    return float(parted[low] + parted[high]) / 2.0
