"""Where a word may be hyphenated: the patterns of Liang (1983), "Word Hy-phen-a-tion by Com-put-er".

A pattern such as ``hy3ph`` rates the places between its letters. Of all patterns that match, the highest rating
counts, and an odd one allows a hyphen. The patterns are those of hyph-utf8 under MIT, BSD or free terms, each file
with its licence. Other languages have no patterns here and are not hyphenated.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Final

from imaging.data_files import read_text

LEAST: Final = 3
"""The fewest letters before and after a hyphen: fewer look torn off at the size of a headline."""
SHORTEST: Final = 7
"""Letters of the shortest word that is hyphenated."""
LANGUAGES: Final = frozenset({"da", "de", "en", "es", "fr", "it", "nl", "pl", "pt", "uk"})
_BRITISH: Final = frozenset({"en-gb", "en-ie", "en-au", "en-nz", "en-in", "en-za"})
_CAPITAL_NOUNS: Final = frozenset({"de"})
"""Languages in which every noun has a capital, so that it does not mark a name."""
_VOWELS: Final = frozenset("aeiouyøæœаеєиіїоуюя")
_MARGINS: Final = re.compile(r"^% least: (\d) (\d)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Patterns:
    """The patterns of a language: ratings by letters, words that are exceptions, and the least ends of a word."""

    ratings: Mapping[str, tuple[int, ...]]
    exceptions: Mapping[str, tuple[int, ...]]
    longest: int
    before: int
    after: int


@lru_cache(maxsize=4096)
def hyphen_places(word: str, language: str, *, begins_text: bool = False) -> tuple[int, ...]:
    """The numbers of letters of `word` after which a hyphen may be; none if it is too short, a name, or no word.

    A capital marks a name, except at the beginning of a text (`begins_text`); in German only a second capital does.
    """
    spoken = language.split("-", maxsplit=1)[0]
    if spoken not in LANGUAGES or len(word) < SHORTEST or not word.isalpha():
        return ()
    checked = word[1:] if begins_text or spoken in _CAPITAL_NOUNS else word
    if checked != checked.lower():
        return ()
    patterns = _patterns("en-gb" if language.lower() in _BRITISH else spoken)
    return _places(word.lower(), patterns)


def _places(word: str, patterns: Patterns) -> tuple[int, ...]:
    first, last = max(patterns.before, LEAST), len(word) - max(patterns.after, LEAST)
    found = patterns.exceptions.get(word)
    if found is None:
        found = tuple(at for at, rating in enumerate(_ratings(f".{word}.", patterns)) if rating % 2)
    ends = (0, *found, len(word))
    mute = {at for pair in pairwise(ends) if not _has_vowel(word[slice(*pair)]) for at in pair}
    return tuple(at for at in found if first <= at <= last and at not in mute)


def _has_vowel(piece: str) -> bool:
    """Whether `piece` could be a syllable: patterns are sometimes wrong, mostly in compounds (rü-ck-tritt)."""
    return any(letter in _VOWELS for letter in unicodedata.normalize("NFD", piece))


def _ratings(dotted: str, patterns: Patterns) -> list[int]:
    """The rating of each place in the word between the dots, its beginning first."""
    highest = [0] * (len(dotted) + 1)
    for start in range(len(dotted)):
        for end in range(start + 1, min(start + patterns.longest, len(dotted)) + 1):
            for offset, rating in enumerate(patterns.ratings.get(dotted[start:end], ())):
                highest[start + offset] = max(highest[start + offset], rating)
    return highest[1:-1]


@lru_cache(maxsize=12)
def _patterns(name: str) -> Patterns:
    text = read_text(__package__, f"patterns/{name}.txt")
    margins = _MARGINS.search(text)
    if margins is None:
        raise ValueError(f"{name}.txt does not say the least letters before and after a hyphen")
    body, _, exceptions = text[margins.end() :].partition("% exceptions:")
    ratings = dict(map(_parsed, body.split()))
    return Patterns(
        ratings=ratings,
        exceptions={word.replace("-", ""): _hyphens(word) for word in exceptions.split()},
        longest=max(map(len, ratings)),
        before=int(margins.group(1)),
        after=int(margins.group(2)),
    )


def _parsed(pattern: str) -> tuple[str, tuple[int, ...]]:
    """``hy3ph`` as its letters and the rating before each of them and after the last."""
    ratings = [0]
    for character in pattern:
        if character.isdigit():
            ratings[-1] = int(character)
        else:
            ratings.append(0)
    return re.sub(r"\d", "", pattern), tuple(ratings)


def _hyphens(word: str) -> tuple[int, ...]:
    """The places of the hyphens in ``dec-li-na-tion``."""
    return tuple(match.start() - number for number, match in enumerate(re.finditer("-", word)))
