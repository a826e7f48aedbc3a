"""Boxes that hold text: which roles do, and the pixels of one."""

from __future__ import annotations

from typing import Final

from schemas.images import Box
from workers.scoring.luminance import lightness
from workers.scoring.pixels import Pixels

TEXT_ROLES: Final = ("headline", "line", "call_to_action", "legal")

_RIM: Final = 2 / 512
"""The share of the longer side by which a box is widened: a box that bounds the ink has no ground at its rim."""


def levels_in(pixels: Pixels, box: Box) -> Pixels:
    """The lightness levels in `box` and in a narrow rim around it."""
    return lightness(cut(pixels, box))


def cut(pixels: Pixels, box: Box) -> Pixels:
    """The pixels of `box`, with the rim."""
    height, width = pixels.shape[:2]
    rim = max(1, round(_RIM * max(height, width)))
    left, right = _span(box.left, box.right, width, rim)
    top, bottom = _span(box.top, box.bottom, height, rim)
    return pixels[top:bottom, left:right]


def _span(start: float, end: float, length: int, rim: int) -> tuple[int, int]:
    """The whole pixels of a span of fractions, `rim` wider on either side where the picture goes on."""
    first = max(0, min(int(start * length), length - 1) - rim)
    return first, max(first + 1, min(round(end * length) + rim, length))
