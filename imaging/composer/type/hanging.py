"""Optical margins: punctuation at the ends of a line hangs out, so that letters and not quotation marks line up."""

from __future__ import annotations

from typing import Final

from imaging.composer.type.measure import extent
from imaging.fonts.runs import Voice

_SHARES: Final = {
    **dict.fromkeys("“”„‟‘’‚\"'«»‹›״׳", 1.0),
    **dict.fromkeys(".,،۔…", 0.9),
    **dict.fromkeys("-‐–—", 0.6),
    **dict.fromkeys(":;!؛", 0.4),
}
"""How much of a mark's ink hangs out; what weighs as much as a letter (question marks, brackets) stays."""


def hang(line: str, voice: Voice) -> tuple[float, float]:
    """By how many ems `line` may stick out on the left and on the right."""
    if not line:
        return 0.0, 0.0
    start, end = (_SHARES.get(mark, 0.0) * extent(mark, voice).width for mark in (line[0], line[-1]))
    return (end, start) if voice.rtl else (start, end)
