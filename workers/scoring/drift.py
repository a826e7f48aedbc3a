"""Drift: how far a refinement has left the candidate that won."""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np

from schemas.scorecards import Measurement
from workers.scoring.check import Scale
from workers.scoring.ciede2000 import ciede2000
from workers.scoring.dominant import palette_distance
from workers.scoring.palette_table import table_of
from workers.scoring.pixels import Pixels, to_lab
from workers.scoring.structure import LAYOUT_SIDE, layout_distance, ssim
from workers.scoring.subject import SMALL_LONG_SIDE, Subject

STRUCTURE: Final = Scale("drift.structure", "SSIM", -1.0, 1.0, "higher")
LAYOUT: Final = Scale("drift.layout", "share of edge energy", 0.0, 1.0, "lower")
PLACES: Final = Scale("drift.colour_places", "CIEDE2000", 0.0, 200.0, "lower")
PALETTE: Final = Scale("drift.palette", "CIEDE2000", 0.0, 200.0, "lower")
BRAND: Final = Scale("drift.brand_coverage", "share of pixels", -1.0, 1.0, "higher")

_SAME_RATIO: Final = 0.02
"""The relative difference of two ratios that pass for one format: the rounding of whole pixels at draft size."""
_SMALLEST_SIDE: Final = 32
"""Pixels of the shorter side of the compared pictures: SSIM's window has 11."""


class DriftCheck:
    """Structure, layout and colours of a refinement beside its candidate.

    In another format the picture is laid out anew; then only the palette and the brand's share are compared.
    """

    name: Final = "drift"
    version: Final = "1"
    scales: Final = (STRUCTURE, LAYOUT, PLACES, PALETTE, BRAND)

    def measure(self, refinement: Subject, candidate: Subject) -> tuple[Measurement, ...]:
        """The drift of `refinement` from `candidate`; the brand's palette is the refinement's."""
        colours = palette_distance(refinement.dominant, candidate.dominant)
        table = table_of(refinement.palette)
        now, before = (table.shares(subject.tiny)[0] for subject in (refinement, candidate))
        return (
            *(self._in_place(refinement, candidate) if same_ratio(refinement, candidate) else ()),
            PALETTE.reading(colours, self, "the way that the average pixel's colour moved"),
            BRAND.reading(now - before, self, f"brand colours on {before:.0%} of the candidate, {now:.0%} now"),
        )

    def _in_place(self, refinement: Subject, candidate: Subject) -> tuple[Measurement, ...]:
        size = _common_size(candidate)
        first, second = (_grey(subject, size) for subject in (refinement, candidate))
        grids = [
            cv2.resize(to_lab(s.small), (LAYOUT_SIDE, LAYOUT_SIDE), interpolation=cv2.INTER_AREA)
            for s in (refinement, candidate)
        ]
        moved = ciede2000(grids[0], grids[1])
        return (
            STRUCTURE.reading(ssim(first, second), self),
            LAYOUT.reading(layout_distance(first, second), self),
            PLACES.reading(float(np.mean(moved)), self, f"{float(moved.max()):.1f} in the cell that moved most"),
        )


def same_ratio(first: Subject, second: Subject) -> bool:
    """Whether two pictures are of one format, up to the rounding of whole pixels."""
    return abs(first.ratio / second.ratio - 1.0) <= _SAME_RATIO


def _common_size(candidate: Subject) -> tuple[int, int]:
    """Width and height, 256 pixels long, in the candidate's ratio."""
    height, width = candidate.pixels.shape[:2]
    scale = SMALL_LONG_SIDE / max(height, width)
    return max(_SMALLEST_SIDE, round(width * scale)), max(_SMALLEST_SIDE, round(height * scale))


def _grey(subject: Subject, size: tuple[int, int]) -> Pixels:
    return cv2.resize(subject.grey, size, interpolation=cv2.INTER_AREA).astype(np.uint8, copy=False)
