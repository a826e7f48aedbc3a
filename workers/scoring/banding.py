"""Banding: staircases of flat steps where a soft gradient should be."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from schemas.scorecards import Measurement
from workers.scoring.check import Scale
from workers.scoring.pixels import Pixels
from workers.scoring.subject import Subject

BANDING: Final = Scale("technical.banding", "share of pixels", 0.0, 1.0, "lower")

_LINES: Final = 40
"""Rows, and as many columns, that are looked at: bands are broad."""
_FLAT: Final = 1
"""Levels between neighbours that still count as one tread; a finer staircase nobody sees."""
_SHORTEST_TREAD: Final = 5
"""Pixels; shorter treads are a slope."""
_DRIFT: Final = 2
"""Levels by which a tread may rise from end to end; a longer fall is a gradient, and a good one."""
_WIDEST_RISER: Final = 5
"""Pixels from tread to tread; a codec smears a step over a few."""
_SMALLEST_STEP: Final = 4.0
_LARGEST_STEP: Final = 26.0
"""Levels of a step that the eye takes for a band; larger ones are edges of things."""
_EVEN: Final = 2.2
"""How much larger the larger of two neighbouring steps may be: bands of one gradient rise evenly."""

Whole = npt.NDArray[np.intp]


class BandingCheck:
    """The share of pixels that lie on the treads of an even staircase."""

    name: Final = "banding"
    version: Final = "1"
    scales: Final = (BANDING,)

    def measure(self, subject: Subject) -> tuple[Measurement, ...]:
        """One measurement: the worse of rows and columns."""
        grey = subject.grey
        return (BANDING.reading(max(staircase(grey), staircase(grey.T)), self),)


def staircase(grey: Pixels) -> float:
    """The share of pixels, of 40 rows, on treads of at least three even steps in one direction."""
    rows = np.unique(np.linspace(0, grey.shape[0] - 1, min(_LINES, grey.shape[0])).astype(int))
    lines = grey[rows].astype(np.int16)
    start, end, row = _treads(lines)
    if len(start) < 4:  # noqa: PLR2004 - a staircase has two treads between two others
        return 0.0
    level = _means(lines, start, end)
    rise = np.diff(level)
    joined = (np.diff(row) == 0) & (start[1:] - end[:-1] <= _WIDEST_RISER)
    step = joined & (np.abs(rise) >= _SMALLEST_STEP) & (np.abs(rise) <= _LARGEST_STEP)
    first, second = rise[:-1], rise[1:]
    even = np.maximum(np.abs(first), np.abs(second)) <= _EVEN * np.minimum(np.abs(first), np.abs(second))
    middle = step[:-1] & step[1:] & (first * second > 0) & even
    stairs = np.zeros(len(start), dtype=np.bool_)
    stairs[1:-2] |= middle[:-1] & middle[1:]  # two such treads in a row: two shades of a flat design are none
    stairs[2:-1] |= middle[:-1] & middle[1:]
    return float((end - start)[stairs].sum() / lines.size)


def _treads(lines: npt.NDArray[np.int16]) -> tuple[Whole, Whole, Whole]:
    """Start and end (in pixels of all lines laid end to end) and line of each flat run that is long enough."""
    height, width = lines.shape
    flat = np.zeros((height, width + 1), dtype=np.int8)
    flat[:, 1:-1] = np.abs(np.diff(lines, axis=1)) <= _FLAT
    edges = np.diff(flat.ravel(), append=0)
    begin, stop = np.flatnonzero(edges == 1), np.flatnonzero(edges == -1)
    long = stop - begin + 1 >= _SHORTEST_TREAD
    begin, stop = begin[long], stop[long]
    row = begin // (width + 1)
    start, end = begin - row, stop - row + 1
    levels = lines.ravel()
    level = np.abs(levels[end - 1] - levels[start]) <= _DRIFT
    return start[level], end[level], row[level]


def _means(lines: npt.NDArray[np.int16], start: Whole, end: Whole) -> npt.NDArray[np.float64]:
    total = np.concatenate([[0], np.cumsum(lines.ravel(), dtype=np.int64)])
    return np.asarray((total[end] - total[start]) / (end - start))

