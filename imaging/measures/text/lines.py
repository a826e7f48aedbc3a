"""Splitting a box of text into its lines, so that each can be read by itself."""

from __future__ import annotations

from typing import Final

import numpy as np

from imaging.colour import lightness_levels
from imaging.measures.text.lettering import ink_of_rows, split_letters
from imaging.pixels import BgrImage, Floats, Mask, Places

_VALLEY: Final = 0.12
"""Of the ink of a box's fullest rows: between lines only the tails of letters reach below it."""
_BLANK: Final = 0.002
"""The share of letter pixels up to which a row is blank. Between blank rows the valley is that of their own lines: a
last line of a single word has little ink beside full ones."""
_SHORTEST: Final = 0.4
"""Of the tallest line: shorter runs are dots and accents on their own."""
_LEAST_HEIGHT: Final = 4


def _full(ink: Floats) -> float:
    """The ink of the fullest rows."""
    return float(np.quantile(ink, 0.95))


def _runs(ink: Floats, above: float) -> Places:
    """Where runs of rows with more ink begin and end, shape (runs, 2)."""
    inked = ink > above
    return np.flatnonzero(np.diff(np.concatenate([[False], inked, [False]]).astype(np.int8))).reshape(-1, 2)


def split_lines(box: BgrImage, letters: Mask | None = None) -> list[BgrImage]:
    """The lines in `box` (BGR), from the top, each half-way to its neighbours; the whole box where none shows.

    `letters` is what `split_letters` finds in the box, where that is known already.
    """
    if letters is None:
        letters = split_letters(lightness_levels(box))[1]
    ink = ink_of_rows(letters)
    cut = (box.shape[0] - len(ink)) // 2
    bands = _runs(ink, _BLANK)
    runs = [run + top for top, bottom in bands for run in _runs(ink[top:bottom], _VALLEY * _full(ink[top:bottom]))]
    starts, ends = (np.array(runs, np.intp).reshape(-1, 2) + cut).T  # a button's rim may be cut off
    tall = ends - starts >= max(_LEAST_HEIGHT, _SHORTEST * (ends - starts).max(initial=0))
    starts, ends = starts[tall], ends[tall]
    if len(starts) < 2:  # noqa: PLR2004 - one line, or none that shows
        return [box]
    between = [int(middle) for middle in (ends[:-1] + starts[1:]) / 2]
    return [BgrImage(box[top:bottom]) for top, bottom in zip([0, *between], [*between, box.shape[0]], strict=True)]
