"""The letters in a box that holds text: which pixels, how light, how tall, on what ground, and in which lines."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import groupby
from statistics import median
from typing import Final

import cv2
import numpy as np

from imaging.colour import contrast_of_levels, lightness_levels
from imaging.pixels import BgrImage, Floats, Levels, Mask, Places

_CORE: Final = 0.9
"""The quantile of letter pixels, towards their extreme, that is their colour: the rest are anti-aliased edges."""
_FINE_CORE: Final = 0.98
"""The same for fine print, whose strokes are about a pixel wide: few pixels come near its colour."""
_FINE_PRINT: Final = 16
"""Pixels of line height below which letters are fine print: a stroke is about a tenth of its line."""
_TONE: Final = 14
"""Levels around the letters' colour that may be a letter, or a ground on which letters are lost."""
_TEXT_IN_TILE: Final = 0.02
"""The least share of such pixels in a tile that has letters; a tile without letters says nothing about legibility."""
_INK_IN_ROW: Final = 0.01
"""The least share of letter pixels in a row of pixels that belongs to a line of text."""
_SMALLEST_TILE: Final = 12
_MOST_INK: Final = 0.65
"""Letters never fill more of a box (the heaviest capitals stay below 0.6): more is a button inside its box."""
_VALLEY: Final = 0.12
"""Of the ink of a box's fullest rows: between lines only the tails of letters reach below it."""
_BLANK: Final = 0.002
"""The share of letter pixels up to which a row is blank. The valley is computed for each run of other rows:
a last line of a single word has little ink beside full lines."""
_SHORTEST_LINE: Final = 0.4
"""Of the tallest line: shorter runs are dots and accents on their own."""
_LEAST_LINE_HEIGHT: Final = 4


@dataclass(frozen=True, slots=True)
class Lettering:
    """The letters of a text box and their ground: lightness levels (0 to 255), and the height of a line in pixels.

    `grounds` holds one level for every tile of the box that has letters in it.
    """

    level: int
    grounds: tuple[int, ...]
    line_height: int

    @property
    def contrast(self) -> float:
        """The WCAG ratio where the letters are hardest to read."""
        lighter, darker = (level for level in (max(self.grounds), min(self.grounds)))
        if darker <= self.level <= lighter:
            return min(contrast_of_levels(self.level, ground) for ground in self.grounds)
        return contrast_of_levels(self.level, darker if self.level < darker else lighter)


def find_lettering(box: Levels, letters: Mask) -> Lettering:
    """The lettering in a box of lightness levels, shape (height, width), as `split_letters` gives both.

    The ground is measured in tiles, so that a bright spot under half a word is found.
    """
    ink, mask = cv2.countNonZero(letters.view(np.uint8)), letters.view(np.uint8)
    if not ink:
        level = _level(box, None, box.size, 0.5)
        return Lettering(level, (level,), box.shape[0])
    line_height = _line_height(letters)
    light = ink == box.size or cv2.mean(box, mask)[0] > cv2.mean(box)[0]  # than all, so than the rest as well
    core = _CORE if line_height >= _FINE_PRINT else _FINE_CORE
    level = _level(box, mask, ink, core if light else 1.0 - core)
    return Lettering(level, _grounds(_tiles(box, line_height), level, light, ink / box.size), line_height)


def split_letters(box: Levels) -> tuple[Levels, Mask]:
    """The part of `box` that holds the words, and which of its pixels are letters.

    The levels are split in two by Otsu's threshold. The side that most of the box's rim shows is the ground, the
    other is the letters. Where a box bounds a button rather than its words, the button's corners and rim are cut off.
    """
    letters = _letters(box)
    inside = _without_corners(box)
    if _share(letters) > _MOST_INK and inside.size:
        return inside, _letters(inside)
    return box, letters


def _letters(box: Levels) -> Mask:
    above: Mask = cv2.threshold(box, 0, 1, cv2.THRESH_BINARY + cv2.THRESH_OTSU)[1].view(np.bool_)
    return ~above if _share(_rim(above)) > 0.5 else above  # noqa: PLR2004 - the majority


def _share(mask: Mask) -> float:
    return np.count_nonzero(mask) / max(1, mask.size)


def _without_corners(box: Levels) -> Levels:
    """The box without a tenth of its height above and below, and a third of it (a pill's bend) at either end."""
    height = box.shape[0]
    up, in_ = max(1, round(height / 10)), max(1, round(height / 3))
    return box[up:-up, in_:-in_]


def _rim(mask: Mask) -> Mask:
    """The outermost pixels, where letters touch the ground only with their tips."""
    return np.concatenate([mask[0], mask[-1], mask[1:-1, 0], mask[1:-1, -1]])


def _line_height(letters: Mask) -> int:
    """The median height of the lines, in pixels: runs of rows with letters, without dots and accents on their own."""
    inked = (share > _INK_IN_ROW for share in ink_of_rows(letters).tolist())
    runs = [sum(1 for _ in rows) for holds, rows in groupby(inked) if holds]
    if not runs:
        return int(letters.shape[0])
    return int(median(run for run in runs if run >= 0.4 * max(runs)))


def ink_of_rows(letters: Mask) -> Floats:
    """The share of letter pixels in each row."""
    return cv2.reduce(letters.view(np.uint8), 1, cv2.REDUCE_AVG, dtype=cv2.CV_32F).ravel().astype(np.float32)


def _grounds(tiles: Places, level: int, light: bool, share: float) -> tuple[int, ...]:
    """The ground's level in every tile with letters.

    With letters on `share` of the pixels, the median of the ground is the quantile (1 - share) / 2, counted from
    the side away from the letters; on a ground as light as the letters it is as light as they are.
    """
    away = (1.0 - min(share, 0.6)) / 2.0
    heaped = tiles.cumsum(axis=1)
    low, high, everything = heaped[:, max(0, level - _TONE) - 1], heaped[:, min(255, level + _TONE)], heaped[:, -1]
    if level <= _TONE:
        low = np.zeros_like(high)
    written = heaped[high - low >= _TEXT_IN_TILE * everything]
    if not len(written):
        written = np.add.reduce(heaped, axis=0)[None]
    needed = np.maximum(1.0, np.ceil((away if light else 1.0 - away) * written[:, -1:]))
    return tuple((written >= needed).argmax(axis=1).tolist())


def _tiles(box: Levels, line_height: int) -> Places:
    """The histograms of tiles a line tall and two wide, shape (tiles, 256)."""
    size = max(line_height, _SMALLEST_TILE)
    rows, columns = _ends(box.shape[0], size), _ends(box.shape[1], 3 * size)
    of_row, of_column = (np.zeros(length, np.int32) for length in box.shape)
    for end in rows[:-1]:
        of_row[end:] += 256 * len(columns)
    for end in columns[:-1]:
        of_column[end:] += 256
    levels = np.add.outer(of_row, of_column)
    levels += box
    return np.bincount(levels.ravel(), minlength=256 * len(rows) * len(columns)).reshape(-1, 256)


def _ends(length: int, size: int) -> list[int]:
    """The ends of about as many equal spans of whole pixels as `size` fits into `length`."""
    count = max(1, round(length / size))
    return [length * n // count for n in range(1, count + 1)]


def _level(levels: Levels, mask: Levels | None, number: int, share: float) -> int:
    """The lowest level at or below which `share` of the `number` pixels of `mask` lie, of all where it is None."""
    heaped = cv2.calcHist([levels], [0], mask, [256], [0, 256]).ravel().cumsum()
    return int(heaped.searchsorted(max(1.0, math.ceil(share * number))))


def split_lines(box: BgrImage, letters: Mask | None = None) -> list[BgrImage]:
    """The lines in `box` (BGR), from the top, each half-way to its neighbours; the whole box where none shows.

    `letters` is the result of `split_letters` for the box, where that is known already.
    """
    if letters is None:
        letters = split_letters(lightness_levels(box))[1]
    ink = ink_of_rows(letters)
    cut = (box.shape[0] - len(ink)) // 2
    bands = _runs(ink, _BLANK)
    runs = [run + top for top, bottom in bands for run in _runs(ink[top:bottom], _VALLEY * _full(ink[top:bottom]))]
    starts, ends = (np.array(runs, np.intp).reshape(-1, 2) + cut).T  # a button's rim may be cut off
    tall = ends - starts >= max(_LEAST_LINE_HEIGHT, _SHORTEST_LINE * (ends - starts).max(initial=0))
    starts, ends = starts[tall], ends[tall]
    if len(starts) < 2:  # noqa: PLR2004 - one line, or none that shows
        return [box]
    between = [int(middle) for middle in (ends[:-1] + starts[1:]) / 2]
    return [BgrImage(box[top:bottom]) for top, bottom in zip([0, *between], [*between, box.shape[0]], strict=True)]


def _full(ink: Floats) -> float:
    """The ink of the fullest rows."""
    return float(np.quantile(ink, 0.95))


def _runs(ink: Floats, above: float) -> Places:
    """Where runs of rows with more ink begin and end, shape (runs, 2)."""
    inked = ink > above
    return np.flatnonzero(np.diff(np.concatenate([[False], inked, [False]]).astype(np.int8))).reshape(-1, 2)
