"""Cuts text into runs: stretches of one font and one direction, in their order from left to right."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from typing import Final

from imaging.fonts.bidirectional import levels, visual_order
from imaging.fonts.registry import family_for
from schemas.errors import InvalidRequest

_SPACES: Final = re.compile(r"[^\S\u00a0]+")
_JOINERS: Final = frozenset("\u200c\u200d")
"""Zero-width non-joiner and joiner, which decide how letters of Persian and Hindi connect."""

CURRENCY: Final = "€$£¥₽₴₺₹₩₪฿₫₦"
_PRICE: Final = re.compile(rf"[{CURRENCY}]\s?\d|\d\s?[{CURRENCY}]|\d\s?(?:zł|Kč|kr|円|元|원)\b")
_FIGURES: Final = ("tnum", "lnum")
"""OpenType features of prices: figures of one width and height. Fonts without them ignore the features."""
_EMOJI_MARK: Final = re.compile("[\ufe00-\ufe0f\u20e3]")
"""Variation selectors and the keycap, which go with their pictographs."""


@dataclass(frozen=True, slots=True)
class Voice:
    """How text is set: the brand's family, the weight (1 to 1000), the language tag and the base direction."""

    family: str
    weight: int
    language: str
    rtl: bool


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text in one family and one direction, with the OpenType features that it is set with."""

    text: str
    family: str
    rtl: bool
    features: tuple[str, ...] = ()


@lru_cache(maxsize=4096)
def drawable(text: str, voice: Voice) -> str:
    """`text` on one line without pictographs, for which no text font has a glyph.

    Raises InvalidRequest for a letter or figure that no installed font can draw: without it, the words would change.
    """
    narrow = unicodedata.normalize("NFC", text).replace("\N{NARROW NO-BREAK SPACE}", "\N{NO-BREAK SPACE}")
    plain = _SPACES.sub(" ", narrow).strip()
    kept = []
    for character in plain:
        if character in _JOINERS or family_for(character, voice.family, voice.language):
            kept.append(character)
        elif unicodedata.category(character)[0] in "LNMP" and not _EMOJI_MARK.match(character):
            name = unicodedata.name(character, "no name")
            raise InvalidRequest(f"no installed font draws U+{ord(character):04X} ({name}) of {plain[:60]!r}")
    return _SPACES.sub(" ", "".join(kept)).strip()


@lru_cache(maxsize=8192)
def visual_runs(text: str, voice: Voice) -> tuple[Run, ...]:
    """The runs of `text` from left to right. `text` must be `drawable`."""
    families = _families(text, voice)
    keys = list(zip(families, levels(text, rtl=voice.rtl), strict=True))
    price = _PRICE.search(text) is not None
    runs, run_levels = [], []
    for (family, level), group in groupby(range(len(text)), key=keys.__getitem__):
        part = "".join(text[index] for index in group)
        features = _FIGURES if price and any(character.isdigit() for character in part) else ()
        runs.append(Run(part, family, level % 2 == 1, features))
        run_levels.append(level)
    return tuple(visual_order(runs, run_levels))


def _families(text: str, voice: Voice) -> list[str]:
    """The family of each character. Marks and joiners take their letter's, spaces that of the character before."""
    families: list[str] = []
    for cluster in _clusters(text):
        if families and not cluster.strip():
            families.append(families[-1])
            continue
        letters = "".join(character for character in cluster if character not in _JOINERS) or cluster[0]
        own = family_for(letters, voice.family, voice.language)
        if own is not None or len(letters) == 1:
            families += [own or voice.family] * len(cluster)
        else:
            families += [family_for(letter, voice.family, voice.language) or voice.family for letter in cluster]
    return families


def _clusters(text: str) -> list[str]:
    """Letters with the marks and joiners that follow them."""
    clusters: list[str] = []
    for character in text:
        clings = character in _JOINERS or unicodedata.category(character)[0] == "M"
        if clings and clusters:
            clusters[-1] += character
        else:
            clusters.append(character)
    return clusters
