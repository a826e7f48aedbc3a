"""Finding the letters in a box that holds text: which pixels, how light, how tall, and on what ground."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import cv2
import numpy as np

from workers.scoring.luminance import contrast_ratio
from workers.scoring.pixels import Floats, Mask, Pixels, Places, middle

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
_SMALLEST_TILE: Final = 12
_LEVELS: Final = np.arange(256, dtype=np.float32)
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
        lighter, darker = (level for level in (max(self.grounds), min(self.grounds)))
        if darker <= self.level <= lighter:
            return min(contrast_ratio(self.level, ground) for ground in self.grounds)
        return contrast_ratio(self.level, darker if self.level < darker else lighter)


def find_lettering(box: Pixels, letters: Mask) -> Lettering:
    """The lettering in a box of lightness levels, shape (height, width), as `split_letters` gives both.

    The ground is looked at in tiles, so that a bright spot under half a word shows.
    """
    line_height = _line_height(letters)
    tiles, ink = _tiles(box, line_height), _histogram(box, letters)
    everything = tiles.sum(axis=0)
    share = float(ink.sum()) / box.size
    if share == 0.0:
        level = int(_quantile(everything, 0.5))
        return Lettering(level, (level,), box.shape[0])
    light = share == 1.0 or _mean(ink) > _mean(everything)  # than all, so than the rest as well
    core = _CORE if line_height >= _FINE_PRINT else _FINE_CORE
    level = int(_quantile(ink, core if light else 1.0 - core))
    return Lettering(level, _grounds(tiles, level, light, share), line_height)


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
    return int(middle(runs[runs >= 0.4 * runs.max()]))


def ink_of_rows(letters: Mask) -> Floats:
    """The share of letter pixels in each row."""
    return cv2.reduce(letters.view(np.uint8), 1, cv2.REDUCE_AVG, dtype=cv2.CV_32F).ravel().astype(np.float32)


def _grounds(tiles: Floats, level: int, light: bool, share: float) -> tuple[int, ...]:
    """The ground's level in every tile with letters.

    With letters on `share` of the pixels, the median of the ground is the quantile (1 - share) / 2, counted from
    the side away from the letters; on a ground as light as the letters it is as light as they are.
    """
    away = (1.0 - min(share, 0.6)) / 2.0
    near = tiles[:, max(0, level - _TONE) : level + _TONE + 1].sum(axis=1)
    written = tiles[near >= _TEXT_IN_TILE * tiles.sum(axis=1)]
    grounds = _quantile(written if len(written) else tiles.sum(axis=0)[None], away if light else 1.0 - away)
    return tuple(grounds.tolist())


def _tiles(box: Pixels, line_height: int) -> Floats:
    """The histograms of tiles a line tall and two wide, shape (tiles, 256)."""
    size = max(line_height, _SMALLEST_TILE)
    rows, columns = _spans(box.shape[0], size), _spans(box.shape[1], 3 * size)
    return np.stack(
        [_histogram(box[top:bottom, left:right]) for top, bottom in rows for left, right in columns], dtype=np.float32
    )


def _spans(length: int, size: int) -> list[tuple[int, int]]:
    """About as many equal spans of whole pixels as `size` fits into `length`."""
    count = max(1, round(length / size))
    return list(pairwise(length * n // count for n in range(count + 1)))


def _histogram(levels: Pixels, mask: Mask | None = None) -> Floats:
    """How many pixels, of `mask` where given, have each of the 256 levels."""
    chosen = None if mask is None else mask.view(np.uint8)
    return cv2.calcHist([levels], [0], chosen, [256], [0, 256]).ravel().astype(np.float32, copy=False)


def _mean(counts: Floats) -> float:
    return float(counts @ _LEVELS) / float(counts.sum())


def _quantile(counts: Floats, share: float) -> Places:
    """The lowest level at or below which `share` of the pixels lie, of each histogram in the last axis."""
    heaped = np.cumsum(counts, axis=-1)
    needed = np.maximum(1.0, np.ceil(share * heaped[..., -1:]))
    return np.asarray(np.argmax(heaped >= needed, axis=-1))
