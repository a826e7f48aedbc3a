"""The lower edge of a cut-out: where it touches the ground, and whether it has a base to rest on."""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from imaging.pixels import Floats, Levels, Mask

Footing = Floats
"""How far the lower edge is above the lowest point, as shares of the height, at 64 places from left to right."""
_PLACES: Final = 64
_LEVELS: Final = 256
"""Columns and rows in which the edge is measured."""
_STEEPEST: Final = 0.18
"""The share of the height above which an edge is a side and not part of the base."""
_TOUCHES: Final = 0.02
"""The share of the height up to which an edge touches the ground."""
_SHADES: Final = 0.06
"""The share of the height up to which an edge darkens the ground below."""
_BASE: Final = 0.3
"""The least share of the width that touches the ground below a thing that rests on it."""


def footing(opacity: Levels) -> Footing:
    """The lower edge of a cut-out, with hollows bridged: a plate's edge is round, that of a case on wheels is flat.

    `opacity` is its alpha (height x width, 0 to 255).
    """
    small = cv2.resize(opacity, (_PLACES, _LEVELS), interpolation=cv2.INTER_AREA)
    lowest = _lowest(small > 128)  # noqa: PLR2004 - half opaque
    outline = np.array([(0, 0), *enumerate(lowest), (_PLACES - 1, 0)], np.int32)
    spanned = np.zeros((_LEVELS, _PLACES), np.uint8)
    cv2.fillConvexPoly(spanned, cv2.convexHull(outline), 1)
    reach = (_LEVELS - 1 - _lowest(spanned > 0)) / _LEVELS
    return np.asarray(cv2.blur(np.minimum(reach, _STEEPEST)[None].astype(np.float32), (5, 1))[0], np.float32)


def has_base(edge: Footing) -> bool:
    """Whether a thing with this footing rests on a good part of its width."""
    return bool((edge - edge.min() <= _TOUCHES).mean() >= _BASE)


def base(edge: Footing) -> tuple[float, float]:
    """The start and end of the dark ground below, as shares of the width."""
    near = np.flatnonzero(edge - edge.min() <= _SHADES)
    return float(near[0] / _PLACES), float((near[-1] + 1) / _PLACES)


def _lowest(filled: Mask) -> npt.NDArray[np.int64]:
    """The lowest row that is filled in each column."""
    return np.asarray(np.where(filled, np.arange(_LEVELS)[:, None], 0).max(axis=0), np.int64)
