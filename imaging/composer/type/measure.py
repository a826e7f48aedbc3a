"""The extent of a line of text, measured from its glyphs, and the punctuation that may hang out of it.

Advances scale linearly with the size (the fonts are laid out without rounding to pixels). So a line is measured once,
at 100 pixels, and its extent is valid for every size.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Literal

from imaging.fonts.registry import fresh_font
from imaging.fonts.runs import Run, Voice, visual_runs

REFERENCE: Final = 100.0
"""Pixels of the size at which lines are measured."""
_HANGING_SHARES: Final = {
    **dict.fromkeys("“”„‟‘’‚\"'«»‹›״׳", 1.0),
    **dict.fromkeys(".,،۔…", 0.9),
    **dict.fromkeys("-‐–—", 0.6),
    **dict.fromkeys(":;!؛", 0.4),
}
"""How much of a mark's ink hangs out. Marks that look as heavy as a letter (question marks, brackets) do not."""


@dataclass(frozen=True, slots=True)
class Extent:
    """A line at size 1: `advance` to the next glyph, and its ink.

    The ink runs from `left` to `right` of the origin, `ascent` above and `descent` below the baseline.
    """

    advance: float
    left: float
    right: float
    ascent: float
    descent: float

    @property
    def width(self) -> float:
        """The width of the ink."""
        return self.right - self.left


def direction_of(run: Run) -> Literal["ltr", "rtl"]:
    """The direction as the layout engine names it."""
    return "rtl" if run.rtl else "ltr"


@lru_cache(maxsize=16_384)
def extent(text: str, voice: Voice) -> Extent:
    """The extent of `text` on one line."""
    at, left, right, ascent, descent = 0.0, 0.0, 0.0, 0.0, 0.0
    for index, run in enumerate(visual_runs(text, voice)):
        ink = run_extent(run, voice)
        left = at + ink.left if index == 0 else left
        right, ascent, descent = max(right, at + ink.right), max(ascent, ink.ascent), max(descent, ink.descent)
        at += ink.advance
    return Extent(at, left, right, ascent, descent)


@lru_cache(maxsize=16_384)
def run_extent(run: Run, voice: Voice) -> Extent:
    """The extent of a run, whose ink may lie wholly above or below the baseline."""
    face = fresh_font(run.family, voice.weight, REFERENCE)
    flow, figures, tongue = direction_of(run), list(run.features), voice.language
    box = face.getbbox(run.text, direction=flow, features=figures, language=tongue, anchor="ls")
    advance = face.getlength(run.text, direction=flow, features=figures, language=tongue)
    return Extent(*(value / REFERENCE for value in (advance, box[0], box[2], -box[1], box[3])))


@lru_cache(maxsize=16_384)
def advance(text: str, voice: Voice) -> float:
    """The advance of `text` on one line at size 1, without its ink: an eighth of the time of `extent`."""
    reach = 0.0
    for run in visual_runs(text, voice):
        face = fresh_font(run.family, voice.weight, REFERENCE)
        flow, figures = direction_of(run), list(run.features)
        reach += face.getlength(run.text, direction=flow, features=figures, language=voice.language)
    return reach / REFERENCE


def hang(line: str, voice: Voice) -> tuple[float, float]:
    """By how many ems the punctuation of `line` may hang out on the left and on the right, so that letters align."""
    if not line:
        return 0.0, 0.0
    start, end = (_HANGING_SHARES.get(mark, 0.0) * extent(mark, voice).width for mark in (line[0], line[-1]))
    return (end, start) if voice.rtl else (start, end)
