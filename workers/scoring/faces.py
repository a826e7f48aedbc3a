"""Faces: how many, and how large is the largest?"""

from __future__ import annotations

from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from typing import Any, Final

import cv2
import numpy as np

from schemas.scorecards import Measurement
from workers.scoring.check import Scale
from workers.scoring.pixels import Pixels
from workers.scoring.subject import Subject

COUNT: Final = Scale("faces.count", "faces", 0.0, 1000.0, "none")
LARGEST: Final = Scale("faces.largest", "share of the picture's height", 0.0, 1.0, "none")

_LONG_SIDE: Final = 320
"""Pixels of the longer side: a face of a sixteenth of the picture still has 20."""
_CONFIDENCE: Final = 0.7
"""Above the detector's default of 0.5, at which round products pass for faces."""
INSTALLED: Final = find_spec("yuface") is not None
"""The package has wheels for Python 3.11 on Linux alone; elsewhere faces are not measured."""


class FacesCheck:
    """Number and size of frontal faces, by libfacedetection (its weights are compiled in)."""

    name: Final = "libfacedetection"
    scales: Final = (COUNT, LARGEST)

    @property
    def version(self) -> str:
        """The version of the package, or what stands for its absence."""
        try:
            return f"yuface {version('yuface')}"
        except PackageNotFoundError:
            return "not installed"

    def measure(self, subject: Subject) -> tuple[Measurement, ...]:
        """One measurement for each scale; none where the detector is not installed."""
        if not INSTALLED:
            return ()
        image = _fit(subject.common)
        heights = _detect(image)
        return (
            COUNT.reading(len(heights), self),
            LARGEST.reading(max(heights, default=0) / image.shape[0], self),
        )


def _fit(bgr: Pixels) -> Pixels:
    height, width = bgr.shape[:2]
    scale = _LONG_SIDE / max(height, width)
    size = (max(16, round(width * scale)), max(16, round(height * scale)))
    return np.ascontiguousarray(cv2.resize(bgr, size, interpolation=cv2.INTER_AREA)).astype(np.uint8, copy=False)


def _detect(image: Pixels) -> list[int]:
    """The heights of the faces, in pixels."""
    detector: Any = import_module("yuface")
    _, boxes, _ = detector.detect(image, conf=_CONFIDENCE)
    return [int(box[3]) for box in boxes]
