"""Faces: how many, and how large is the largest?"""

from __future__ import annotations

from typing import Final

import numpy as np

from imaging.faces import VERSION, detect_faces
from imaging.measures.check import Scale
from imaging.measures.subject import Subject
from imaging.pixels import BgrImage, resized
from schemas.scorecards import Measurement

COUNT: Final = Scale("faces.count", "faces", 0.0, 1000.0, "none")
LARGEST: Final = Scale("faces.largest", "share of the image's height", 0.0, 1.0, "none")

_LONG_SIDE: Final = 320
"""Pixels of the longer side: a face of a sixteenth of the image still has 20."""


class FacesCheck:
    """Number and size of frontal faces, by YuNet."""

    name: Final = "yunet"
    version: Final = VERSION
    scales: Final = (COUNT, LARGEST)

    def measure(self, subject: Subject) -> tuple[Measurement, ...]:
        """One measurement for each scale."""
        image = _fit(subject.common)
        heights = [face.height for face in detect_faces(image)]
        return (
            COUNT.reading(len(heights), self),
            LARGEST.reading(max(heights, default=0) / image.shape[0], self),
        )


def _fit(bgr: BgrImage) -> BgrImage:
    height, width = bgr.shape[:2]
    scale = _LONG_SIDE / max(height, width)
    size = (max(16, round(width * scale)), max(16, round(height * scale)))
    return BgrImage(np.ascontiguousarray(resized(bgr, size)))
