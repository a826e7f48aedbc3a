"""Finding the letters in a box that holds text: which pixels, how light, how tall, and on what ground."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np

from workers.scoring.luminance import contrast_ratio
from workers.scoring.pixels import Floats, Mask, Pixels

_CORE: Final = 0.9
"""The quantile of letter pixels, towards their extreme, that is their colour: below it edges are anti-aliased."""
_FINE_CORE: Final = 0.98
"""The same for fine print, whose strokes are about a pixel wide: few pixels reach its colour, and none quite."""
_FINE_PRINT: Final = 16
"""Pixels of line height below which letters are fine print: a stroke is about a tenth of its line."""
_TONE: Final = 14
"""Lightness levels around the letters' colour that may be a letter, or a ground on which letters drown."""
_TEXT_IN_TILE: Final = 0.02
"""The least share of such pixels in a tile that has letters; a tile without any says nothing about legibility."""
_INK_IN_ROW: Final = 0.01
"""The least share of letter pixels in a row of pixels that belongs to a line of text."""
_SMALLEST_TILE: Final = 8
_MOST_INK: Final = 0.65
"""Letters never fill more of a box (the heaviest capitals stay below 0.6): more is a button inside its box."""


@dataclass(frozen=True, slots=True)
class Lettering:
    """What stands in a text box. `level` and `grounds` are lightness levels (0 to 255), `line_height` is in pixels.

    `grounds` holds one level for every tile of the box that has letters in it.
    """

    level: int
    grounds: tuple[int, ...]
    line_height: int

    @property
    def contrast(self) -> float:
        """The WCAG ratio where the letters are hardest to read."""
        return min(contrast_ratio(self.level, ground) for ground in self.grounds)


def find_lettering(box: Pixels, letters: Mask) -> Lettering:
    """The lettering in a box of lightness levels, shape (height, width), as `split_letters` gives both.

    The ground is looked at in tiles, so that a bright spot under half a word shows.
    """
    ink = box[letters]
    if not len(ink):
        level = int(np.median(box))
        return Lettering(level, (level,), box.shape[0])
    share = len(ink) / box.size
    light = len(ink) == box.size or float(ink.mean()) > float(cv2.mean(box)[0])  # than all, so than the rest as well
    line_height = _line_height(letters)
    core = _CORE if line_height >= _FINE_PRINT else _FINE_CORE
    level = _quantile(ink, core if light else 1.0 - core)
    return Lettering(level, _grounds(box, level, light, share, line_height), line_height)


def split_letters(box: Pixels) -> tuple[Pixels, Mask]:
    """The part of `box` that words stand in, and which of its pixels are letters.

    The levels are split in two by Otsu's threshold. The side that most of the box's rim shows is the ground, the
    other is the letters. Where a box bounds a button rather than its words, the button's corners and rim are cut off.
    """
    letters = _letters(box)
    inside = _without_corners(box)
    if _share(letters) > _MOST_INK and inside.size:
        return inside, _letters(inside)
    return box, letters


def _letters(box: Pixels) -> Mask:
    threshold = int(cv2.threshold(box, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)[0])
    above: Mask = box > threshold
    return ~above if _share(_rim(above)) > 0.5 else above  # noqa: PLR2004 - the majority


def _share(mask: Mask) -> float:
    return np.count_nonzero(mask) / max(1, mask.size)


def _without_corners(box: Pixels) -> Pixels:
    """The box without a tenth of its height above and below, and a third of it (a pill's bend) at either end."""
    height = box.shape[0]
    up, in_ = max(1, round(height / 10)), max(1, round(height / 3))
    return box[up:-up, in_:-in_]


def _rim(mask: Mask) -> Mask:
    """The outermost pixels, whose ground the letters only touch with their tips."""
    return np.concatenate([mask[0], mask[-1], mask[1:-1, 0], mask[1:-1, -1]])


def _line_height(letters: Mask) -> int:
    """The median height of the lines, in pixels: runs of rows with letters, without dots and accents on their own."""
    inked = ink_of_rows(letters) > _INK_IN_ROW
    edges = np.flatnonzero(np.diff(np.concatenate([[False], inked, [False]]).astype(np.int8)))
    runs = edges[1::2] - edges[::2]
    if not len(runs):
        return int(letters.shape[0])
    return int(np.median(runs[runs >= 0.4 * runs.max()]))


def ink_of_rows(letters: Mask) -> Floats:
    """The share of letter pixels in each row."""
    return cv2.reduce(letters.view(np.uint8), 1, cv2.REDUCE_AVG, dtype=cv2.CV_32F).ravel().astype(np.float32)


def _grounds(box: Pixels, level: int, light: bool, share: float, line_height: int) -> tuple[int, ...]:
    """The ground's level in every tile with letters.

    With letters on `share` of the pixels, the median of the ground is the quantile (1 - share) / 2, counted from
    the side away from the letters; on a ground as light as the letters it is as light as they are.
    """
    away = (1.0 - min(share, 0.6)) / 2.0
    size = max(line_height, _SMALLEST_TILE)
    grounds = [
        _quantile(tile, away if light else 1.0 - away)
        for row in _split(box, size, axis=0)
        for tile in _split(row, 2 * size, axis=1)
        if _share_near(tile, level) >= _TEXT_IN_TILE
    ]
    return tuple(grounds) or (_quantile(box, away if light else 1.0 - away),)


def _share_near(tile: Pixels, level: int) -> float:
    """The share of `tile` within a tone of `level`."""
    near = cv2.inRange(tile, (float(level - _TONE),), (float(level + _TONE),))
    return cv2.countNonZero(near) / near.size


def _split(pixels: Pixels, size: int, axis: int) -> list[Pixels]:
    return np.array_split(pixels, max(1, round(pixels.shape[axis] / size)), axis=axis)


def _quantile(levels: Pixels, share: float) -> int:
    flat = levels.ravel()
    place = min(max(math.ceil(share * len(flat)) - 1, 0), len(flat) - 1)
    return int(np.partition(flat, place)[place])
