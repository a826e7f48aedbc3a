"""The words that a ground of type is made of: the brand's name and the headline's key word."""

from __future__ import annotations

import unicodedata
from itertools import pairwise
from typing import Final

from imaging.composer.scene.scene import Motif
from imaging.composer.type.phrases import phrase_starts
from imaging.fonts.registry import family_of
from imaging.fonts.runs import Voice, drawable
from schemas.brands import BrandKit, Copy
from schemas.errors import InvalidRequest

_SHORTEST: Final = 5
_LONGEST: Final = 16
"""Letters of the words that make a pattern: shorter ones are particles, and longer ones text. Scripts without capitals
say as much with half of them."""


def motif_of(brand: BrandKit, wording: Copy, weight: int) -> Motif | None:
    """The words in the headline's font at `weight`; None where neither name nor headline has one to be drawn."""
    voice = Voice(family_of(brand.fonts, brand.fonts.headline), weight, wording.language, wording.direction == "rtl")
    words = tuple(dict.fromkeys(word for word in (_name(brand, voice), _key_word(wording.headline, voice)) if word))
    if not words:
        return None
    return Motif(
        words=words, initial=_initial(words[0]), family=voice.family, weight=weight,
        language=voice.language, rtl=voice.rtl,
    )  # fmt: skip


def _name(brand: BrandKit, voice: Voice) -> str:
    """The brand's name, if there are fonts for it: a campaign is not refused for an ornament."""
    try:
        return drawable(brand.name, voice)
    except InvalidRequest:
        return ""


def _key_word(headline: str, voice: Voice) -> str:
    """The longest word (of equals the last), without marks; in scripts without spaces, the longest phrase."""
    words = drawable(headline, voice).split()
    bare = [_bare(piece) for word in words for piece in _phrases(word, voice.language)]
    fit = (word for word in reversed(bare) if _SHORTEST <= len(word) * (1 + _is_dense(word)) <= _LONGEST)
    return max(fit, key=len, default="")


def _is_dense(word: str) -> bool:
    """Whether its letters have no case, as in scripts that say more with fewer."""
    return any(unicodedata.category(character) == "Lo" for character in word)


def _phrases(word: str, language: str) -> list[str]:
    edges = [0, *sorted(phrase_starts(word, language)), len(word)]
    return [word[start:end] for start, end in pairwise(edges)]


def _bare(word: str) -> str:
    """`word` without the marks around it."""
    kept = [at for at, character in enumerate(word) if unicodedata.category(character)[0] in "LNM"]
    return word[kept[0] : kept[-1] + 1] if kept else ""


def _initial(word: str) -> str:
    """The first letter with its marks; where letters join, on its own."""
    rest = next((at for at in range(1, len(word)) if unicodedata.category(word[at])[0] != "M"), len(word))
    return word[:rest]
