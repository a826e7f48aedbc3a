"""Where faces are in a photograph.

They are found by libfacedetection (Wu, Peng and Yu, "YuNet", 2023), whose weights are compiled in.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from typing import Any, Final

import cv2
import numpy as np

from infra.providers.composer.colour import Pixels
from schemas.images import Box

INSTALLED: Final = find_spec("yuface") is not None
"""The package has wheels for Python 3.11 on Linux alone; elsewhere no faces are found, and saliency decides."""
_CONFIDENCE: Final = 0.7
"""Above the detector's default of 0.5, at which round products pass for faces."""
_SMALLEST: Final = 16
"""Pixels of the shortest side that the detector takes."""
_HEAD: Final = (0.2, 0.4, 0.2, 0.15)
"""What a head adds to its face on the left, above, on the right and below, in multiples of the face's size."""


@dataclass(frozen=True, slots=True)
class Face:
    """A frontal face, brow to chin, and the head around it, in fractions of the picture."""

    face: Box
    head: Box


def faces_in(picture: Pixels) -> tuple[Face, ...]:
    """The faces in `picture` (a few hundred pixels a side), the largest first; none where nothing is installed."""
    if not INSTALLED or min(picture.shape[:2]) < _SMALLEST:
        return ()
    detector: Any = import_module("yuface")
    _, boxes, _ = detector.detect(cv2.cvtColor(picture, cv2.COLOR_RGB2BGR), conf=_CONFIDENCE)
    found = sorted((np.asarray(box, np.float64) for box in boxes), key=lambda box: -float(box[2] * box[3]))
    return tuple(Face(_box(box, picture, (0, 0, 0, 0)), _box(box, picture, _HEAD)) for box in found)


def _box(found: np.ndarray[Any, np.dtype[np.float64]], picture: Pixels, more: tuple[float, ...]) -> Box:
    """A detector's box (left, top, width, height in pixels) with `more` around it, cut to the picture."""
    left, top, wide, high = (float(value) for value in found)
    rows, columns = picture.shape[:2]
    edges = (left - more[0] * wide, top - more[1] * high, left + (1 + more[2]) * wide, top + (1 + more[3]) * high)
    cut = [min(max(edge / length, 0.0), 1.0) for edge, length in zip(edges, (columns, rows) * 2, strict=True)]
    return Box(left=cut[0], top=cut[1], right=cut[2], bottom=cut[3])
