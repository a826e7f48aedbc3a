"""Clutter: how restless is the ground that text stands on?"""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np

from imaging.measures.check import Scale
from imaging.measures.edges import slopes
from imaging.measures.subject import Subject
from imaging.pixels import Levels, Mask
from schemas.scorecards import Measurement

CLUTTER: Final = Scale("text.clutter", "levels a pixel", 0.0, 255.0, "lower")

_AROUND_LETTERS: Final = np.ones((5, 5), dtype=np.uint8)
"""Two pixels around a letter belong to its own edge."""
_ENOUGH: Final = 0.05
"""The least share of a box that tells of the ground; below it the letters cannot be told from it, and all counts."""
_FINE_PRINT: Final = 11
"""Pixels of a box's height, of the common size, below which the letters leave no ground to look at."""
_SOBEL_WEIGHT: Final = 8.0


class ClutterCheck:
    """The mean slope of the ground in each region that holds text, away from the letters; the worst region counts."""

    name: Final = "clutter"
    version: Final = "1"
    scales: Final = (CLUTTER,)

    def measure(self, subject: Subject) -> tuple[Measurement, ...]:
        """One measurement; none where the model tells of no text larger than fine print."""
        large = [text for text in subject.common_texts if text.height >= _FINE_PRINT + 4]
        if not large:
            return ()
        worst, role = max((ground_slope(text.levels, text.letters), text.region.role) for text in large)
        return (CLUTTER.reading(worst, self, role.replace("_", " ")),)


def ground_slope(levels: Levels, letters: Mask) -> float:
    """The mean slope in lightness levels a pixel, outside the letters."""
    slope = slopes(np.ascontiguousarray(levels))
    ground = cv2.bitwise_not(cv2.dilate(letters.view(np.uint8) * np.uint8(255), _AROUND_LETTERS))
    ground[[0, -1]] = ground[:, [0, -1]] = 0  # the rim may show what the box stands on
    counts = cv2.countNonZero(ground) >= _ENOUGH * ground.size
    return cv2.mean(slope, ground if counts else None)[0] / _SOBEL_WEIGHT
