"""Text cut into runs: stretches of one font and one direction, in the order in which they stand on the line."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby

from infra.providers.composer.bidirectional import levels, visual_order
from infra.providers.composer.fonts import family_for
from schemas.errors import InvalidRequest


@dataclass(frozen=True, slots=True)
class Voice:
    """How text is set: the brand's family, the weight (1 to 1000), the language tag and the base direction."""

    family: str
    weight: int
    language: str
    rtl: bool


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text in one family and one direction."""

    text: str
    family: str
    rtl: bool


@lru_cache(maxsize=4096)
def drawable(text: str, voice: Voice) -> str:
    """`text` on one line without pictographs, for which no text font has a glyph.

    Raises InvalidRequest for a letter or figure that no installed font can draw: leaving it out would change the words.
    """
    plain = " ".join(unicodedata.normalize("NFC", text).split())
    kept = []
    for character in plain:
        if family_for(character, voice.family, voice.language):
            kept.append(character)
        elif unicodedata.category(character)[0] in "LNP":
            name = unicodedata.name(character, "no name")
            raise InvalidRequest(f"no installed font draws U+{ord(character):04X} ({name}) of {plain[:60]!r}")
    return " ".join("".join(kept).split())


@lru_cache(maxsize=8192)
def visual_runs(text: str, voice: Voice) -> tuple[Run, ...]:
    """The runs of `text` from left to right. `text` must be `drawable`."""
    families: list[str] = []
    for character in text:
        own = family_for(character, voice.family, voice.language)
        families.append(families[-1] if own is None or (character == " " and families) else own)
    keys = list(zip(families, levels(text, rtl=voice.rtl), strict=True))
    runs, run_levels = [], []
    for (family, level), group in groupby(range(len(text)), key=keys.__getitem__):
        runs.append(Run("".join(text[index] for index in group), family, rtl=level % 2 == 1))
        run_levels.append(level)
    return tuple(visual_order(runs, run_levels))
