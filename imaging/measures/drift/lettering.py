"""Lettering beside the candidate's: are the same letters in a box? No reader is needed, so any script works."""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np

from imaging.measures.check import Scale
from imaging.measures.drift.kept import fit_kept
from imaging.measures.drift.pairing import same_ratio
from imaging.measures.subject import Subject
from imaging.measures.text.boxes import TEXT_ROLES
from imaging.pixels import Floats, Mask
from schemas.images import Box, Region
from schemas.scorecards import Measurement

LIKENESS: Final = Scale("text.likeness", "correlation", -1.0, 1.0, "higher")

_LEAST_HEIGHT: Final = 12
"""Pixels of a box's height in the candidate: in lower ones a draft has grey bars, and only a reader can judge them."""
_DENSE: Final = "\u2e80"
"""The first character of East Asian scripts in Unicode. At a draft's size their strokes run together; they are read."""
_WINDOW: Final = 0.67
"""Of the box's height: about a letter's width. In boxes of several lines, of `_TALLEST` pixels."""
_TALLEST: Final = 40
_STABILISER: Final = 60.0


class LetteringDrift:
    """The least likeness of a letter's place to that of the candidate, over all lines of copy that both have in place.

    Where the refinement's model reports no text, or in another format, nothing is measured.
    """

    name: Final = "lettering_drift"
    version: Final = "1"
    scales: Final = (LIKENESS,)

    def measure(self, refinement: Subject, candidate: Subject, kept: Mask | None = None) -> tuple[Measurement, ...]:
        """One measurement; none where no line of text was to be kept."""
        if not same_ratio(refinement, candidate):
            return ()
        before = candidate.grey
        now = cv2.resize(refinement.grey, before.shape[1::-1], interpolation=cv2.INTER_AREA)
        part = fit_kept(kept, before.shape[1::-1]) if kept is not None else None
        found: dict[str, float] = {}
        for region in _lines(refinement, candidate):
            box = _window(region.box, before.shape)
            if box is None or (kept is not None and (part is None or not part[box].all())):
                continue
            likeness = _least_likeness(before[box].astype(np.float32), now[box].astype(np.float32))
            found[region.role] = min(likeness, found.get(region.role, 1.0))
        if not found:
            return ()
        worst = min(found, key=found.__getitem__)
        return (LIKENESS.reading(found[worst], self, worst.replace("_", " ")),)


def _lines(refinement: Subject, candidate: Subject) -> list[Region]:
    """The lines of the candidate as far as they are reported, else those of the refinement; no dense scripts."""
    regions = candidate.regions or refinement.regions
    return [region for region in regions if region.role in TEXT_ROLES and max(region.text, default="") < _DENSE]


def _window(box: Box, shape: tuple[int, ...]) -> tuple[slice, slice] | None:
    height, width = shape[:2]
    rows = slice(int(box.top * height), min(height, round(box.bottom * height)))
    columns = slice(int(box.left * width), min(width, round(box.right * width)))
    high, wide = rows.stop - rows.start, columns.stop - columns.start
    return (rows, columns) if high >= _LEAST_HEIGHT and wide >= _LEAST_HEIGHT else None


def _least_likeness(before: Floats, now: Floats) -> float:
    """The least correlation of the levels in any window of a letter's size."""
    side = max(5, round(_WINDOW * min(before.shape[0], _TALLEST)))
    size = (min(side, before.shape[1]), min(side, before.shape[0]))
    mean_before, mean_now = cv2.blur(before, size), cv2.blur(now, size)
    covariance = cv2.blur(before * now, size) - mean_before * mean_now
    spread = (cv2.blur(before * before, size) - mean_before**2) * (cv2.blur(now * now, size) - mean_now**2)
    return float(((covariance + _STABILISER) / (np.sqrt(np.maximum(spread, 0.0)) + _STABILISER)).min())
