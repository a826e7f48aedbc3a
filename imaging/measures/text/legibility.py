"""Legibility: contrast and height of text, its ground, and whether the platform's interface covers it."""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np

from imaging.measures.check import Scale
from imaging.measures.edges import slopes
from imaging.measures.subject import Subject
from imaging.measures.text.boxes import TEXT_ROLES
from imaging.measures.text.lettering import find_lettering
from imaging.pixels import Levels, Mask
from schemas.images import Box, Insets
from schemas.scorecards import Measurement

CONTRAST: Final = Scale("text.contrast", "contrast ratio", 1.0, 21.0, "higher")
HEIGHT: Final = Scale("text.height", "share of the image's height", 0.0, 1.0, "higher")
SAFE: Final = Scale("text.inside_safe_area", "share of the box", 0.0, 1.0, "higher")
CLUTTER: Final = Scale("text.clutter", "levels a pixel", 0.0, 255.0, "lower")
ROLE_CONTRAST: Final = {
    role: Scale(f"text.contrast.{role}", "contrast ratio", 1.0, 21.0, "higher") for role in TEXT_ROLES
}
ROLE_HEIGHT: Final = {
    role: Scale(f"text.height.{role}", "share of the image's height", 0.0, 1.0, "higher") for role in TEXT_ROLES
}

_ROUNDING: Final = 1.0
"""Pixels by which a box may overhang the safe area: its edges are rounded to whole pixels."""
_AROUND_LETTERS: Final = np.ones((5, 5), dtype=np.uint8)
"""Two pixels around a letter belong to its own edge."""
_ENOUGH: Final = 0.05
"""The least share of a box that shows the ground; below it the letters are not distinct, and all pixels count."""
_FINE_PRINT: Final = 11
"""Pixels of a box's height, of the common size, below which the letters leave no ground to measure."""
_SOBEL_WEIGHT: Final = 8.0


class TextContrastCheck:
    """Contrast and height of the text in each region that holds text, and whether it keeps to the safe area.

    A model that reports no regions gets no measurements. Where a role occurs twice, the worse counts.
    """

    name: Final = "text_contrast"
    version: Final = "1"
    scales: Final = (CONTRAST, HEIGHT, SAFE, *ROLE_CONTRAST.values(), *ROLE_HEIGHT.values())

    def measure(self, subject: Subject) -> tuple[Measurement, ...]:
        """The minima over all text regions, and the minimum of each role in the image."""
        if not subject.texts:
            return ()
        safe = [(_safe_share(text.region.box, subject), text.region.role) for text in subject.texts]
        height = subject.pixels.shape[0]
        contrast: dict[str, float] = {}
        tallness: dict[str, float] = {}
        for text in subject.texts:
            found, role = find_lettering(text.levels, text.letters), text.region.role
            contrast[role] = min(found.contrast, contrast.get(role, CONTRAST.high))
            tallness[role] = min(found.line_height / height, tallness.get(role, HEIGHT.high))
        return (
            CONTRAST.reading(min(contrast.values()), self, _spell(contrast, ":1", 1.0)),
            HEIGHT.reading(min(tallness.values()), self, _spell(tallness, " px", height)),
            SAFE.reading(min(safe)[0], self, ", ".join(dict.fromkeys(role for share, role in safe if share < 1.0))),
            *(ROLE_CONTRAST[role].reading(value, self) for role, value in contrast.items()),
            *(ROLE_HEIGHT[role].reading(value, self) for role, value in tallness.items()),
        )


class ClutterCheck:
    """The mean slope of the ground in each region that holds text, away from the letters; the worst region counts."""

    name: Final = "clutter"
    version: Final = "1"
    scales: Final = (CLUTTER,)

    def measure(self, subject: Subject) -> tuple[Measurement, ...]:
        """One measurement; none where the model reports no text larger than fine print."""
        large = [text for text in subject.common_texts if text.height >= _FINE_PRINT + 4]
        if not large:
            return ()
        worst, role = max((ground_slope(text.levels, text.letters), text.region.role) for text in large)
        return (CLUTTER.reading(worst, self, role.replace("_", " ")),)


def _safe_share(box: Box, subject: Subject) -> float:
    """The share of `box` that lies inside the safe area; one pixel of overhang is allowed."""
    height, width = subject.pixels.shape[:2]
    safe: Insets = subject.safe_area
    across = _inside(box.left, box.right, safe.left, 1.0 - safe.right, _ROUNDING / width)
    down = _inside(box.top, box.bottom, safe.top, 1.0 - safe.bottom, _ROUNDING / height)
    return across * down


def _inside(start: float, end: float, first: float, last: float, slack: float) -> float:
    """The share of the span from `start` to `end` that lies between `first` and `last`, each moved out by `slack`."""
    return max(0.0, min(end, last + slack) - max(start, first - slack)) / (end - start)


def _spell(values: dict[str, float], unit: str, factor: float) -> str:
    return ", ".join(f"{role} {value * factor:.3g}{unit}" for role, value in values.items())


def ground_slope(levels: Levels, letters: Mask) -> float:
    """The mean slope in lightness levels a pixel, outside the letters."""
    slope = slopes(np.ascontiguousarray(levels))
    ground = cv2.bitwise_not(cv2.dilate(letters.view(np.uint8) * np.uint8(255), _AROUND_LETTERS))
    ground[[0, -1]] = ground[:, [0, -1]] = 0  # the rim may show what is around the box
    counts = cv2.countNonZero(ground) >= _ENOUGH * ground.size
    return cv2.mean(slope, ground if counts else None)[0] / _SOBEL_WEIGHT
