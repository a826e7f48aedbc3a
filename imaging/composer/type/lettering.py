"""Text drawn: every run in its own font, every line on its baseline.

A run is drawn by FreeType once for each of a few sizes, twice as large as it is wanted or larger, and reduced to its
size and its place, to a fraction of a pixel: the drafts of a brief set the same words at many sizes, and letters stand
in the same places in all of them.
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
"""How many times as large as wanted a run is drawn at least, where there is such a size."""
_PALE: Final = (8.0, 13.0)
"""Pixels of size up to which letters are drawn firmest, and from which they are drawn as they are: the strokes of
small letters are thinner than a pixel, and would be pale."""
_FIRMEST: Final = 0.7
"""The exponent of opacity of the firmest letters."""
_ROOM: Final = 4
"""Pixels around a drawn run: what hinting at its size may add to its measured extent."""
_KEPT: Final = 512
"""Runs kept for the next image: some 40 KB each at a draft's sizes, 150 KB at a final's."""


@dataclass(frozen=True, slots=True)
class Stamp:
    """A run drawn at `size` pixels: its ink, the origin's place in it, and how far the run reaches."""

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
    """The stamp, made smaller by `factor`, with its origin at the pixel `at`."""
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
    """`ink` at `size` (width and height), about half as large or smaller: to an exact double by lines, then halved.

    The means of areas that are no whole pixels cost four times as much.
    """
    double = cv2.resize(ink, (2 * size[0], 2 * size[1]), interpolation=cv2.INTER_LINEAR)
    return np.asarray(cv2.resize(double, size, interpolation=cv2.INTER_AREA), np.uint8)


def _span(start: float, length: int, factor: float) -> tuple[tuple[int, int], tuple[int, int]]:
    """The whole pixels that `length` drawn ones fall on from `start`, and what these lack to fill them."""
    first, last = math.floor(start), math.ceil(start + length * factor) + 1
    before = round((start - first) / factor)
    return (first, last), (before, max(round((last - first) / factor) - before - length, 0))


@lru_cache(maxsize=16)
def _firm(size: int) -> Levels:
    """What each opacity becomes in letters of `size` pixels."""
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
