"""Frontal faces in an image, by libfacedetection (Wu, Peng and Yu, "YuNet", 2023), whose weights are compiled in."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from typing import Any, Final, NamedTuple

from imaging.pixels import BgrImage

INSTALLED: Final = find_spec("yuface") is not None
"""The package has wheels for Python 3.11 on Linux alone; elsewhere no faces are found."""
_CONFIDENCE: Final = 0.7
"""Above the detector's default of 0.5, at which round products pass for faces."""


class FaceBox(NamedTuple):
    """A face, brow to chin, in pixels; it may reach beyond the image."""

    left: float
    top: float
    width: float
    height: float


def detect_faces(image: BgrImage) -> list[FaceBox]:
    """The faces in `image`, at least 16 pixels a side and contiguous; none where the detector is not installed."""
    if not INSTALLED:
        return []
    detector: Any = import_module("yuface")
    _, boxes, _ = detector.detect(image, conf=_CONFIDENCE)
    return [FaceBox(*map(float, box[:4])) for box in boxes]
