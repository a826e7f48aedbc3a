"""Boxes that hold text: which roles do, the pixels of one, and the letters in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, cast

from imaging.colour import lightness_levels
from imaging.measures.text.lettering import split_letters
from imaging.pixels import AnyImage, BgrImage, Levels, Mask
from schemas.images import Box, Region

TEXT_ROLES: Final = ("headline", "line", "call_to_action", "legal")

_RIM: Final = 2 / 512
"""The share of the longer side by which a box is widened: a box that ends at the letters has no ground at its rim."""


@dataclass(frozen=True, slots=True)
class TextBox:
    """A region that holds text: its lightness levels (within a button's rim), its letters, and the box's height."""

    region: Region
    levels: Levels
    letters: Mask
    height: int


def text_box(bgr: BgrImage, region: Region) -> TextBox:
    """The text box of `region` in an image, with a narrow rim around it."""
    whole = lightness_levels(cut(bgr, region.box))
    return TextBox(region, *split_letters(whole), whole.shape[0])


def cut(pixels: AnyImage, box: Box) -> AnyImage:
    """The pixels of `box`, with the rim."""
    height, width = pixels.shape[:2]
    rim = max(1, round(_RIM * max(height, width)))
    left, right = _span(box.left, box.right, width, rim)
    top, bottom = _span(box.top, box.bottom, height, rim)
    return cast("AnyImage", pixels[top:bottom, left:right])


def _span(start: float, end: float, length: int, rim: int) -> tuple[int, int]:
    """The whole pixels of a span of fractions, `rim` wider on either side where the image goes on."""
    first = max(0, min(int(start * length), length - 1) - rim)
    return first, max(first + 1, min(round(end * length) + rim, length))
