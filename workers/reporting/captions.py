"""Captions on images, in any script. A letter is never replaced by an empty box."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from PIL import ImageDraw

from imaging.fonts.registry import family_for, font
from imaging.fonts.runs import Run, Voice, visual_runs
from workers.reporting.words import safe_text

FAMILY: Final = "Inter"
_ELLIPSIS: Final = "…"


@dataclass(frozen=True, slots=True)
class CaptionStyle:
    """Size in pixels, weight (1 to 1000) and colour of a caption."""

    size: float
    weight: int
    colour: str


def write_caption(
    pen: ImageDraw.ImageDraw,
    place: tuple[float, float],
    text: str,
    style: CaptionStyle,
    width: float,
    language: str = "en",
) -> float:
    """Write `text` with its baseline's left end at `place`, cut to `width` pixels; returns the pixels taken.

    A character that no installed font has is left out: a caption names an image and is not the ad's copy.
    """
    runs = _fitting(_drawable(text, language), style, width, language)
    left, baseline = place
    for run in runs:
        face = font(run.family, style.weight, style.size)
        direction = "rtl" if run.rtl else "ltr"
        pen.text((left, baseline), run.text, fill=style.colour, font=face, anchor="ls", direction=direction)
        left += face.getlength(run.text, direction=direction)
    return left - place[0]


def caption_width(text: str, style: CaptionStyle, language: str = "en") -> float:
    """The width of `text` in pixels."""
    return _length(_runs(_drawable(text, language), style, language), style)


def _drawable(text: str, language: str) -> str:
    kept = "".join(character for character in safe_text(text) if family_for(character, FAMILY, language))
    return " ".join(kept.split())


def _runs(text: str, style: CaptionStyle, language: str) -> tuple[Run, ...]:
    return visual_runs(text, Voice(FAMILY, style.weight, language, rtl=False)) if text else ()


def _length(runs: tuple[Run, ...], style: CaptionStyle) -> float:
    return sum(
        font(run.family, style.weight, style.size).getlength(run.text, direction="rtl" if run.rtl else "ltr")
        for run in runs
    )


def _fitting(text: str, style: CaptionStyle, width: float, language: str) -> tuple[Run, ...]:
    """The runs of `text`, its end replaced by an ellipsis where it is longer than `width`."""
    runs = _runs(text, style, language)
    kept = text
    while kept and _length(runs, style) > width:
        kept = kept[:-1].rstrip()
        runs = _runs(kept + _ELLIPSIS, style, language)
    return runs
