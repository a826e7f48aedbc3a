"""Clutter: how restless is the ground that text stands on?"""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np

from schemas.scorecards import Measurement
from workers.scoring.check import Scale
from workers.scoring.edges import slopes
from workers.scoring.lettering import split_letters
from workers.scoring.pixels import Pixels
from workers.scoring.subject import Subject
from workers.scoring.text_boxes import TEXT_ROLES, levels_in

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
        boxes = {r.role: levels_in(subject.common, r.box) for r in subject.regions if r.role in TEXT_ROLES}
        found = {role: ground_slope(box) for role, box in boxes.items() if box.shape[0] >= _FINE_PRINT + 4}
        if not found:
            return ()
        worst = max(found, key=lambda role: found[role])
        return (CLUTTER.reading(found[worst], self, worst.replace("_", " ")),)


def ground_slope(box: Pixels) -> float:
    """The mean slope in lightness levels a pixel, outside the letters."""
    inside, letters = split_letters(box)
    slope = slopes(np.ascontiguousarray(inside))
    ground = cv2.dilate(letters.astype(np.uint8), _AROUND_LETTERS) == 0
    ground[[0, -1]] = ground[:, [0, -1]] = False  # the rim may show what the box stands on
    if ground.mean() < _ENOUGH:
        return float(slope.mean() / _SOBEL_WEIGHT)
    return float(slope[ground].mean() / _SOBEL_WEIGHT)
