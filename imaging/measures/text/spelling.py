"""Comparing what was read with what should be written."""

from __future__ import annotations

import unicodedata
from difflib import SequenceMatcher
from typing import Final

_LOOK_ALIKE: Final = str.maketrans(
    {"0": "o", "1": "l", "i": "l", "|": "l", "ı": "l", "ß": "b", "з": "3"}
    | dict(zip("авекмнорстухіј", "abekmhopctyxlj", strict=True))
)
"""Letters that a reader takes for one another in some fonts, and Cyrillic ones whose capital or small letter has the
shape of a Latin one; a mistake between them is not told."""
_LONGEST_RUN: Final = 6
"""Lines of an image that one line of copy may be broken into."""


def plain(text: str) -> str:
    """The letters and digits of `text` alone, without case and width, look-alikes folded.

    Spaces and punctuation go: a reader drops them where the letters are right.
    """
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(c for c in folded if c.isalnum() or unicodedata.category(c).startswith("M")).translate(_LOOK_ALIKE)


def wrong_letters(wanted: str, read: str) -> int:
    """Letters of `wanted` (both as `plain` gives them) that are missing, added or others in `read`."""
    matcher = SequenceMatcher(None, wanted, read, autojunk=False)
    return sum(max(b - a, d - c) for kind, a, b, c, d in matcher.get_opcodes() if kind != "equal")


def best_run(wanted: str, lines: list[str]) -> str:
    """Of all runs of neighbouring `lines`, the one that comes nearest to `wanted` (all as `plain` gives them)."""
    runs = ["".join(lines[a:b]) for a in range(len(lines)) for b in range(a + 1, min(a + _LONGEST_RUN, len(lines)) + 1)]
    near = [run for run in runs if len(run) <= 2 * len(wanted)]
    return min(near, key=lambda run: (wrong_letters(wanted, run), run), default="")
