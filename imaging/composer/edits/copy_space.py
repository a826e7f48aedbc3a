"""Copy space: a finished image as a place for copy."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from imaging.composer.edits.detail import DetailMap
from imaging.composer.scene.arrange import Align
from imaging.composer.scene.geometry import Rect, bounds

_ONE_AXIS: Final = 30.0
"""The greatest distance of the middles of centred lines, in units; an arrow in the button moves its label."""
_GAP: Final = 0.16
"""The least gap between two texts with something else between them, as a share of the height."""


@dataclass(frozen=True, slots=True)
class CopySpace:
    """An image as a place for copy.

    `spared` may not be covered (logos), `missed` should not be (products), and `faces` even less. `places` are the
    boxes of the old text, and `legal` that of its small print.
    """

    detail: DetailMap
    height: float
    safe: Rect
    spared: tuple[Rect, ...]
    missed: tuple[Rect, ...]
    places: tuple[Rect, ...]
    legal: Rect | None
    rtl: bool
    faces: tuple[Rect, ...] = ()

    @property
    def align(self) -> Align:
        """How lines are set: centred if all the old ones were."""
        middles = [box.centre[0] for box in self.places]
        starts = [box.left for box in self.places]
        if len(middles) > 1 and _apart(middles) < _ONE_AXIS < _apart(starts):
            return "centre"
        return "right" if self.rtl else "left"

    @property
    def text_place(self) -> Rect | None:
        """The bounds of the old text; if something is between parts of it, those of the largest part."""
        parts: list[Rect] = []
        for box in sorted(self.places, key=lambda place: place.top):
            if parts and box.top - parts[-1].bottom < _GAP * self.height:
                parts[-1] = bounds((parts[-1], box))
            else:
                parts.append(box)
        return max(parts, key=lambda part: part.width * part.height, default=None)


def _apart(values: Sequence[float]) -> float:
    return max(values) - min(values)
