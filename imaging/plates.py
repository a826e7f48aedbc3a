"""Finds the flat shape behind a label or a logo in an image: a button, or a logo's plate."""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from imaging.pixels import BgrImage, Levels, Mask, RgbImage
from schemas.images import Box

_ACROSS: Final = 7.0
"""How far beyond its label a shape may reach to either side, in heights of the label: it may hold an arrow too."""
_DOWN: Final = 2.2
"""The same above and below."""
_RING: Final = 0.16
"""The width of the ring around a box that shows the shape's colour, in heights of the box; at least 2 pixels."""
_ALIKE: Final = (26, 10)
"""Levels of a channel within which a pixel has the shape's colour: buttons darken downwards, and JPEG is noisy. The
second is for shapes beside something of nearly their colour."""
_FLAT: Final = 0.6
"""The share of the ring that has that colour if a label is on a shape."""
_SOFT: Final = 0.024
"""The share of the longer side by which a shape is widened: its rim is soft, and it casts a shadow."""


def plate_of(image: RgbImage | BgrImage, box: Box, *, soft: float = _SOFT) -> Levels | None:
    """255 where the flat shape behind `box` is, in the size of `image` (three channels, any order).

    The shape is wider by `soft` times the longer side. None if there is no shape that ends near the box.
    """
    high, wide = image.shape[:2]
    inner = _pixels(box, wide, high)
    tall = inner[3] - inner[1]
    window = (
        max(round(inner[0] - _ACROSS * tall), 0),
        max(round(inner[1] - _DOWN * tall), 0),
        min(round(inner[2] + _ACROSS * tall), wide),
        min(round(inner[3] + _DOWN * tall), high),
    )
    part = image[window[1] : window[3], window[0] : window[2]]
    within = (inner[0] - window[0], inner[1] - window[1], inner[2] - window[0], inner[3] - window[1])
    ring = _ring(part.shape[:2], within, max(round(_RING * tall), 2))
    if not ring.any():
        return None
    shapes = (_shape(part, within, ring, alike) for alike in _ALIKE)
    shape = next((shape for shape in shapes if shape is not None), None)
    if shape is None:
        return None
    mask = np.zeros((high, wide), np.uint8)
    mask[window[1] : window[3], window[0] : window[2]] = shape
    reach = 2 * round(soft * max(high, wide)) + 1
    return np.asarray(cv2.dilate(mask, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (reach, reach))), np.uint8)


def _shape(part: npt.NDArray[np.uint8], inner: tuple[int, int, int, int], ring: Mask, within: int) -> Levels | None:
    """The hull of the flat shape around the box `inner` of `part`, if it ends there."""
    colour = np.median(part[ring], axis=0)
    alike = (np.abs(part.astype(np.int16) - colour.astype(np.int16)).max(axis=2) <= within).astype(np.uint8)
    if alike[ring].mean() < _FLAT:
        return None
    _, parts, stats, _ = cv2.connectedComponentsWithStats(alike, connectivity=4)
    label = int(np.bincount(parts[ring & (alike > 0)]).argmax())
    left, top, across, down = stats[label][: cv2.CC_STAT_AREA]
    if left <= 0 or top <= 0 or left + across >= part.shape[1] or top + down >= part.shape[0]:
        return None
    if left > inner[0] or top > inner[1] or left + across < inner[2] or top + down < inner[3]:
        return None
    outline = cv2.findNonZero((parts == label).astype(np.uint8))
    return np.asarray(cv2.fillConvexPoly(np.zeros(part.shape[:2], np.uint8), cv2.convexHull(outline), 255), np.uint8)


def _ring(shape: tuple[int, int], inner: tuple[int, int, int, int], width: int) -> Mask:
    ring = np.zeros(shape, np.bool_)
    left, top, right, bottom = inner
    ring[max(top - width, 0) : bottom + width, max(left - width, 0) : right + width] = True
    ring[top:bottom, left:right] = False
    return ring


def _pixels(box: Box, wide: int, high: int) -> tuple[int, int, int, int]:
    """`box` in whole pixels: left, top, right, bottom; one of each at least."""
    left, top = min(int(box.left * wide), wide - 1), min(int(box.top * high), high - 1)
    return left, top, max(round(box.right * wide), left + 1), max(round(box.bottom * high), top + 1)
