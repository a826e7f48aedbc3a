"""Faces: how many, and how large is the largest?"""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version
from typing import Final

import numpy as np

from imaging.faces import INSTALLED, detect_faces
from imaging.measures.check import Scale
from imaging.measures.subject import Subject
from imaging.pixels import BgrImage, resized
from schemas.scorecards import Measurement

COUNT: Final = Scale("faces.count", "faces", 0.0, 1000.0, "none")
LARGEST: Final = Scale("faces.largest", "share of the image's height", 0.0, 1.0, "none")

_LONG_SIDE: Final = 320
"""Pixels of the longer side: a face of a sixteenth of the image still has 20."""


class FacesCheck:
    """Number and size of frontal faces, by libfacedetection (its weights are compiled in)."""

    name: Final = "libfacedetection"
    scales: Final = (COUNT, LARGEST)

    @property
    def version(self) -> str:
        """The version of the package, or "not installed"."""
        try:
            return f"yuface {version('yuface')}"
        except PackageNotFoundError:
            return "not installed"

    def measure(self, subject: Subject) -> tuple[Measurement, ...]:
        """One measurement for each scale; none where the detector is not installed."""
        if not INSTALLED:
            return ()
        image = _fit(subject.common)
        heights = [int(face.height) for face in detect_faces(image)]
        return (
            COUNT.reading(len(heights), self),
            LARGEST.reading(max(heights, default=0) / image.shape[0], self),
        )


def _fit(bgr: BgrImage) -> BgrImage:
    height, width = bgr.shape[:2]
    scale = _LONG_SIDE / max(height, width)
    size = (max(16, round(width * scale)), max(16, round(height * scale)))
    return BgrImage(np.ascontiguousarray(resized(bgr, size)))
