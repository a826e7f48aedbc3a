"""Cuts a text into unbreakable pieces; a line may end between two of them.

East Asian text breaks between characters, with two exceptions: the kinsoku rules (JIS X 4051: what may not begin or
end a line), and runs of katakana, Latin letters or figures, which are words. Thai breaks between words. Other scripts,
including Korean, break at spaces, but not within a price or before the spaced punctuation of French.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Set as AbstractSet
from functools import lru_cache
from typing import Final, NamedTuple

from imaging.composer.type.hyphenation import hyphen_places
from imaging.composer.type.phrases import THAI_NOT_FIRST, is_thai, phrase_starts
from imaging.fonts.runs import CURRENCY

_NOT_FIRST: Final = frozenset(
    "、。，．・：；？！ー々ゝゞヽヾぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮヵヶ）」』】〉》］｝〕”’…‥!?,.:;)]}%～〜"
).union(THAI_NOT_FIRST)
_NOT_LAST: Final = frozenset("（「『【〈《［｛〔“‘([{#＃$￥¥")
_UNBREAKABLE_SPACE: Final = "\N{NO-BREAK SPACE}"
_GLUED: Final = re.compile(
    rf"(?<=\d) (?=[{CURRENCY}%‰°]|\d{{3}}\b)|(?<=[{CURRENCY}]) (?=\d)| (?=[!?:;»…]|[–—] )|(?<=[«¿¡]) "
)
"""Spaces at which no line may break: in prices, percentages and long numbers, and those around punctuation."""

_PARTS: Final = re.compile(r"(?<=[^\W\d_]{5})[-/](?=[^\W\d_]{5})")
"""A hyphen or slash between long words, after which a line may end."""
_WORD: Final = re.compile(r"^\W*([^\W\d_]+)\W*$")


class Token(NamedTuple):
    """An unbreakable piece.

    `spaced`: there is a space before it. `begins`: it begins a word or, in Japanese and Chinese, a phrase. `hyphened`:
    a line that ends before it ends with a hyphen.
    """

    text: str
    spaced: bool
    begins: bool = True
    hyphened: bool = False


@lru_cache(maxsize=4096)
def tokens(text: str, language: str = "", unbroken: frozenset[str] | None = None) -> tuple[Token, ...]:
    """The unbreakable pieces of `text` in the language of that tag.

    If `unbroken` is given, words are hyphenated, except those in it (in lower case).
    """
    found: list[Token] = []
    for word in _GLUED.sub(_UNBREAKABLE_SPACE, text).split(" "):
        starts = phrase_starts(word, language)
        parts = {match.end() for match in _PARTS.finditer(word)}
        hyphens = _hyphens(word, language, unbroken, begins_text=not found)
        at = 0
        for piece in _pieces(word, starts, parts | hyphens):
            spaced = at == 0 and bool(found)
            found.append(Token(piece, spaced, begins=at == 0 or at in starts, hyphened=at in hyphens))
            at += len(piece)
    return tuple(found)


def _hyphens(word: str, language: str, unbroken: frozenset[str] | None, *, begins_text: bool) -> frozenset[int]:
    """Where `word`, with the punctuation around it, may be hyphenated."""
    core = _WORD.match(word)
    if unbroken is None or core is None or core.group(1).lower() in unbroken:
        return frozenset()
    places = hyphen_places(core.group(1), language, begins_text=begins_text)
    return frozenset(core.start(1) + place for place in places)


def _pieces(word: str, starts: frozenset[int], breaks: AbstractSet[int]) -> list[str]:
    """`word` cut at `breaks`, and where its script allows the end of a line; `starts` are those of Thai words."""
    pieces: list[str] = []
    for at, character in enumerate(word):
        if pieces and at not in breaks and _clings(pieces[-1], character, starts=at in starts):
            pieces[-1] += character
        else:
            pieces.append(character)
    return pieces


def _clings(before: str, character: str, *, starts: bool) -> bool:
    last = before[-1]
    if character in _NOT_FIRST or last in _NOT_LAST or unicodedata.category(character)[0] == "M":
        return True
    if is_thai(character) and is_thai(last):
        return not starts
    classes = _class(last), _class(character)
    if "ideograph" in classes:
        return False
    return classes[0] == classes[1] or "punctuation" in classes


def _class(character: str) -> str:
    point = ord(character)
    if 0x30A0 <= point <= 0x30FF or 0xFF66 <= point <= 0xFF9F:  # noqa: PLR2004 - Unicode blocks of katakana
        return "katakana"
    if 0xAC00 <= point <= 0xD7A3:  # noqa: PLR2004 - Korean syllables, whose words are spaced
        return "word"
    if unicodedata.east_asian_width(character) in "WF":
        return "ideograph"
    return "word" if unicodedata.category(character)[0] in "LNMS" else "punctuation"


def joined(parts: tuple[Token, ...]) -> str:
    """The text of consecutive tokens, without the space before the first."""
    text = "".join((" " if part.spaced and index else "") + part.text for index, part in enumerate(parts))
    return text.replace(_UNBREAKABLE_SPACE, " ")
