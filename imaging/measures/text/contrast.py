"""Text: can it be read, how tall is it, and does the platform's interface cover it?"""

from __future__ import annotations

from typing import Final

from imaging.measures.check import Scale
from imaging.measures.subject import Subject
from imaging.measures.text.boxes import TEXT_ROLES
from imaging.measures.text.lettering import find_lettering
from schemas.images import Box, Insets
from schemas.scorecards import Measurement

CONTRAST: Final = Scale("text.contrast", "contrast ratio", 1.0, 21.0, "higher")
HEIGHT: Final = Scale("text.height", "share of the image's height", 0.0, 1.0, "higher")
SAFE: Final = Scale("text.inside_safe_area", "share of the box", 0.0, 1.0, "higher")
ROLE_CONTRAST: Final = {
    role: Scale(f"text.contrast.{role}", "contrast ratio", 1.0, 21.0, "higher") for role in TEXT_ROLES
}
ROLE_HEIGHT: Final = {
    role: Scale(f"text.height.{role}", "share of the image's height", 0.0, 1.0, "higher") for role in TEXT_ROLES
}

_ROUNDING: Final = 1.0
"""Pixels by which a box may overhang the safe area: its edges are rounded to whole pixels."""


class TextContrastCheck:
    """Contrast and height of the text in each region that holds text, and whether it keeps to the safe area.

    A model that tells no regions gets no measurements. Where a role stands twice, the worse counts.
    """

    name: Final = "text_contrast"
    version: Final = "1"
    scales: Final = (CONTRAST, HEIGHT, SAFE, *ROLE_CONTRAST.values(), *ROLE_HEIGHT.values())

    def measure(self, subject: Subject) -> tuple[Measurement, ...]:
        """The minima over all text regions, and the minimum of each role that stands in the image."""
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


def _safe_share(box: Box, subject: Subject) -> float:
    """The share of `box` that lies inside the safe area; a pixel of overhang is forgiven."""
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
