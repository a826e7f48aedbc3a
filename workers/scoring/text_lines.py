"""Splitting a box of text into its lines, so that each can be read by itself."""

from __future__ import annotations

from typing import Final

import numpy as np

from workers.scoring.lettering import ink_of_rows, split_letters
from workers.scoring.luminance import lightness
from workers.scoring.pixels import Pixels

_VALLEY: Final = 0.12
"""Of the ink of a box's fullest rows: between lines only the tails of letters reach below it."""
_SHORTEST: Final = 0.4
"""Of the tallest line: shorter runs are dots and accents on their own."""
_LEAST_HEIGHT: Final = 4


def split_lines(box: Pixels) -> list[Pixels]:
    """The lines in `box` (BGR), from the top, each half-way to its neighbours; the whole box where none shows."""
    _, letters = split_letters(lightness(box))
    ink = ink_of_rows(letters)
    cut = (box.shape[0] - len(ink)) // 2  # a button's rim may be cut off
    inked = ink > _VALLEY * float(np.quantile(ink, 0.95))
    edges = np.flatnonzero(np.diff(np.concatenate([[False], inked, [False]]).astype(np.int8)))
    starts, ends = edges[::2] + cut, edges[1::2] + cut
    tall = ends - starts >= max(_LEAST_HEIGHT, _SHORTEST * (ends - starts).max(initial=0))
    starts, ends = starts[tall], ends[tall]
    if len(starts) < 2:  # noqa: PLR2004 - one line, or none that shows
        return [box]
    between = [int(middle) for middle in (ends[:-1] + starts[1:]) / 2]
    return [box[top:bottom] for top, bottom in zip([0, *between], [*between, box.shape[0]], strict=True)]
