"""Draws text: every run in its own font, every line on its baseline.

FreeType draws a run once for each of a few sizes, at least about twice as large as needed. The result is reduced to
its size and place, exact to a fraction of a pixel. So the drafts of a brief, which set the same words at many sizes,
share the drawn runs, and letters have the same places at every size.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import cv2
import numpy as np
from PIL import Image, ImageDraw

from imaging.composer.paint.brush import Sheet, lay
from imaging.composer.scene.scene import Scene, TextBlock
from imaging.composer.type.measure import direction_of, run_extent
from imaging.fonts.registry import fresh_font
from imaging.fonts.runs import Run, Voice, visual_runs
from imaging.pixels import Levels, RgbImage

_SIZES: Final = (16, 32, 64, 128, 256, 512)
"""Sizes in pixels at which runs are drawn."""
_LARGER: Final = 1.9
"""How many times as large as needed a run is drawn at least, if there is such a size."""
_PALE: Final = (8.0, 13.0)
"""Pixels of size up to which letters are drawn boldest, and from which they are drawn unchanged: the strokes of small
letters are thinner than a pixel, so they would be pale."""
_FIRMEST: Final = 0.7
"""The exponent that is applied to the opacity of the smallest letters."""
_ROOM: Final = 4
"""Pixels around a drawn run that hinting may add to its measured extent."""
_KEPT: Final = 512
"""Runs kept for the next image: some 40 KB each at a draft's sizes, 150 KB at a final's."""


@dataclass(frozen=True, slots=True)
class Stamp:
    """A run drawn at `size` pixels: its ink, the place of the origin in it, and the advance to the next run."""

    ink: Levels
    origin: tuple[float, float]
    advance: float
    size: float


def draw_texts(sheet: Sheet, scene: Scene) -> None:
    """Draw every block of `scene`."""
    for block in scene.blocks:
        _draw_block(sheet, block, Voice(block.family, block.weight, scene.language, scene.rtl))


def _draw_block(sheet: Sheet, block: TextBlock, voice: Voice) -> None:
    size = block.size * sheet.scale
    drawn_at = next((step for step in _SIZES if step >= _LARGER * size), math.ceil(size))
    for line in block.lines:
        at = line.left * sheet.scale
        for run in visual_runs(line.text, voice):
            stamp = _stamp(run, voice, drawn_at)
            _press(sheet, stamp, (at, line.baseline * sheet.scale), size / stamp.size, block)
            at += stamp.advance * size / stamp.size


def _press(sheet: Sheet, stamp: Stamp, at: tuple[float, float], factor: float, block: TextBlock) -> None:
    """Draw the stamp, reduced by `factor`, with its origin at the pixel `at`."""
    high, wide = stamp.ink.shape
    columns, across = _span(at[0] - stamp.origin[0] * factor, wide, factor)
    rows, down = _span(at[1] - stamp.origin[1] * factor, high, factor)
    padded = np.asarray(cv2.copyMakeBorder(stamp.ink, *down, *across, cv2.BORDER_CONSTANT, value=0), np.uint8)
    opacity = _reduced(padded, (columns[1] - columns[0], rows[1] - rows[0]))
    bottom, right = sheet.pixels.shape[:2]
    seen = slice(max(rows[0], 0), min(rows[1], bottom)), slice(max(columns[0], 0), min(columns[1], right))
    part = sheet.pixels[seen]
    if part.size:
        if stamp.size * factor < _PALE[1]:
            opacity = np.asarray(cv2.LUT(opacity, _firm(round(stamp.size * factor))), np.uint8)
        inside = opacity[seen[0].start - rows[0] :, seen[1].start - columns[0] :][: part.shape[0], : part.shape[1]]
        lay(RgbImage(part), block.ink, np.ascontiguousarray(inside))


def _reduced(ink: Levels, size: tuple[int, int]) -> Levels:
    """`ink` at `size` (width and height), which is about half as large or smaller.

    It is interpolated to exactly twice the size and then halved. Averaging areas of fractions of pixels costs four
    times as much.
    """
    double = cv2.resize(ink, (2 * size[0], 2 * size[1]), interpolation=cv2.INTER_LINEAR)
    return np.asarray(cv2.resize(double, size, interpolation=cv2.INTER_AREA), np.uint8)


def _span(start: float, length: int, factor: float) -> tuple[tuple[int, int], tuple[int, int]]:
    """The first and last whole pixel under `length` drawn pixels from `start`, and the padding that fills them."""
    first, last = math.floor(start), math.ceil(start + length * factor) + 1
    before = round((start - first) / factor)
    return (first, last), (before, max(round((last - first) / factor) - before - length, 0))


@lru_cache(maxsize=16)
def _firm(size: int) -> Levels:
    """The opacity that replaces each opacity in letters of `size` pixels."""
    exponent = float(np.interp(size, _PALE, (_FIRMEST, 1.0)))
    return np.asarray(np.rint(255 * (np.arange(256) / 255) ** exponent), np.uint8)


@lru_cache(maxsize=_KEPT)
def _stamp(run: Run, voice: Voice, size: float) -> Stamp:
    ink = run_extent(run, voice)
    origin = _ROOM - math.floor(ink.left * size), _ROOM + math.ceil(ink.ascent * size)
    edge = origin[0] + math.ceil(ink.right * size) + _ROOM, origin[1] + math.ceil(ink.descent * size) + _ROOM
    face = fresh_font(run.family, voice.weight, size)
    flow, figures, tongue = direction_of(run), list(run.features), voice.language
    image = Image.new("L", edge)
    ImageDraw.Draw(image).text(origin, run.text, 255, face, "ls", direction=flow, features=figures, language=tongue)
    return Stamp(np.array(image), origin, ink.advance * size, size)
