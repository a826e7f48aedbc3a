"""Where faces and heads are in a photograph."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from imaging.colour import Pixels
from imaging.faces import FaceBox, detect_faces
from imaging.pixels import RgbImage, to_bgr
from schemas.images import Box

_SMALLEST: Final = 16
"""Pixels of the shortest side that the detector takes."""
_HEAD: Final = (0.2, 0.4, 0.2, 0.15)
"""What a head adds to its face on the left, above, on the right and below, in multiples of the face's size."""


@dataclass(frozen=True, slots=True)
class Face:
    """A frontal face, brow to chin, and the head around it, in fractions of the image."""

    face: Box
    head: Box


def faces_in(image: Pixels) -> tuple[Face, ...]:
    """The faces in `image` (a few hundred pixels a side), the largest first; none where nothing is installed."""
    if min(image.shape[:2]) < _SMALLEST:
        return ()
    bgr = to_bgr(RgbImage(image))
    found = sorted(detect_faces(bgr), key=lambda box: -box.width * box.height)
    return tuple(Face(_box(box, image, (0, 0, 0, 0)), _box(box, image, _HEAD)) for box in found)


def _box(found: FaceBox, image: Pixels, more: tuple[float, ...]) -> Box:
    """The detector's box with `more` around it, cut to the image."""
    left, top, wide, high = found
    rows, columns = image.shape[:2]
    edges = (left - more[0] * wide, top - more[1] * high, left + (1 + more[2]) * wide, top + (1 + more[3]) * high)
    cut = [min(max(edge / length, 0.0), 1.0) for edge, length in zip(edges, (columns, rows) * 2, strict=True)]
    return Box(left=cut[0], top=cut[1], right=cut[2], bottom=cut[3])
