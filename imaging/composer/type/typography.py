"""The copy ready to be set: its fonts, sizes, leading, and the lengths at which it is tried.

Sizes are units, thousandths of the image's width. Feeds show an ad across the whole screen, whatever its height. So
the width decides what can be read: on a phone 390 points wide, 15 units are 5.9 points.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from typing import Final, get_args

from imaging.composer.type.measure import extent
from imaging.fonts.registry import family_of
from imaging.fonts.runs import Voice, drawable
from schemas.brands import BrandKit, Copy, CopySlot
from schemas.errors import InvalidRequest
from schemas.images import Size

HEADLINE_FLOOR: Final = 40.0
LINE_FLOOR: Final = 24.0
LINE_LIMIT: Final = 44.0
CALL_FLOOR: Final = 23.0
CALL_LIMIT: Final = 38.0
LEGAL_FLOOR: Final = 15.0
LEGAL_LIMIT: Final = 18.5
LINE_TO_HEADLINE: Final = 0.38
"""The line's size to the headline's, about two steps of a scale by fifths."""
CALL_TO_HEADLINE: Final = 0.33

_LEADING: Final = {
    "ja": 1.2, "zh": 1.2, "ko": 1.2, "ar": 1.34, "fa": 1.4, "ur": 1.5, "vi": 1.16,
    "he": 1.1, "hi": 1.22, "mr": 1.22, "ne": 1.22, "th": 1.3,
}  # fmt: skip
"""The least leading of scripts that need more than Latin script; lines whose ink would touch get more."""
_TIGHT: Final = 1.04
_CAPITALS: Final = 0.78
"""Ems of a capital's height above which letters are so tall that display type needs more leading."""
_LOOSER: Final = 0.22
"""What is added for running text to the leading of display type."""
SLOTS: Final[tuple[CopySlot, ...]] = get_args(CopySlot)
_TRIED: Final = 24
"""The most combinations of lengths that are tried."""


@dataclass(frozen=True, slots=True)
class Wording:
    """A text to be set: its voice, and the leading in multiples of its size.

    `unbroken` holds the words (in lower case) that are never hyphenated; None: no word is hyphenated.
    """

    text: str
    voice: Voice
    leading: float
    unbroken: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class Copytext:
    """The four texts of an ad, ready to be set."""

    headline: Wording
    line: Wording
    call: Wording
    legal: Wording


def copytext(brand: BrandKit, wording: Copy, headline_weight: int, *, broken_headline: bool = False) -> Copytext:
    """The copy with its fonts.

    Running text may be hyphenated where a word does not fit otherwise, a headline only with `broken_headline`, and the
    label of a button never. Raises InvalidRequest for an unknown family or a letter without a glyph.
    """
    rtl, language, whole = wording.direction == "rtl", wording.language, brand.name.lower()
    head, body = (family_of(brand.fonts, name) for name in (brand.fonts.headline, brand.fonts.body))
    title, text, label = (
        Voice(head, headline_weight, language, rtl),
        *(Voice(body, n, language, rtl) for n in (500, 700)),
    )
    return Copytext(
        _setting(wording.headline, title, 0.0, whole if broken_headline else None),
        _setting(wording.line, text, _LOOSER, whole),
        _setting(wording.call_to_action, label, _LOOSER, None),
        _setting(wording.legal, text, _LOOSER, whole),
    )


@lru_cache(maxsize=1024)
def _setting(text: str, voice: Voice, looser: float, whole: str | None) -> Wording:
    """`text` with `looser` added to its script's least leading. Words may be hyphenated, except those in `whole`.

    If `whole` is None, no word may.
    Raises InvalidRequest for an unknown family or a letter without a glyph.
    """
    tight = _TIGHT + max(extent("H", voice).ascent - _CAPITALS, 0.0)
    leading = _LEADING.get(voice.language.split("-")[0], tight) + looser
    return Wording(drawable(text, voice), voice, leading, None if whole is None else frozenset(whole.split()))


def lengths(copy: Copy) -> tuple[Copy, ...]:
    """`copy` with its lines at every combination of their lengths, the longest copy first."""
    if not copy.shorter:
        return (copy,)
    choices = [(getattr(copy, slot), *copy.shorter.get(slot, ())) for slot in SLOTS]
    sets = sorted(product(*choices), key=lambda texts: -sum(map(len, texts)))
    if len(sets) > _TRIED:  # evenly spaced, the longest and the shortest among them
        step = (len(sets) - 1) / (_TRIED - 1)
        sets = [sets[math.floor(number * step)] for number in range(_TRIED)]
    return tuple(copy.model_copy(update=dict(zip(SLOTS, texts, strict=True))) for texts in sets)


def refusal(copy: Copy, size: Size, fits: Callable[[Copy], bool]) -> InvalidRequest:
    """The reason why `copy` is refused for an image of `size`: the texts that would have to be shorter."""
    least = lengths(copy)[-1]
    counts = ", ".join(f"{slot.replace('_', ' ')} {len(getattr(least, slot))}" for slot in SLOTS)
    return InvalidRequest(
        f"the copy does not fit {size.width}x{size.height} in any layout at the smallest readable sizes: "
        f"{counts} characters; shorten {_too_long(least, fits)}"
    )


def _too_long(copy: Copy, fits: Callable[[Copy], bool]) -> str:
    """The texts each of which, cut to its first word, would make the copy fit."""
    guilty = []
    for slot in SLOTS:
        words = getattr(copy, slot).split()
        if words and fits(copy.model_copy(update={slot: words[0][:8], "shorter": {}})):
            guilty.append(f"the {slot.replace('_', ' ')}")
    return " or ".join(guilty) or "several of them"
