"""Where lines may break, and which breaks make the lines most even.

East Asian text breaks between characters but for the kinsoku rules (JIS X 4051: what may not begin or end a line)
and within runs of katakana, Latin letters and figures, which are words. Other scripts break at spaces.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from typing import Final, NamedTuple

from infra.providers.composer.measure import extent
from infra.providers.composer.runs import Voice

_NOT_FIRST: Final = frozenset(
    "、。，．・：；？！ー々ゝゞヽヾぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮヵヶ）」』】〉》］｝〕”’…‥!?,.:;)]}%～〜"
)
_NOT_LAST: Final = frozenset("（「『【〈《［｛〔“‘([{#＃$￥¥")
_PARTICLES: Final = frozenset("はがをにでとものへやか的了吧呢吗和与")
"""Characters that end a phrase in Japanese or Chinese: a line ends better after one of them."""
_SHORT: Final = 2
"""Letters of a word (article, preposition) that should not end a line."""
_PHRASE_ENDS: Final = ",.;:!?،؛؟、。，！？—–"
_WORST: Final = 1e9


class Token(NamedTuple):
    """An unbreakable piece; `spaced` where a space stands between it and the one before."""

    text: str
    spaced: bool


@lru_cache(maxsize=2048)
def tokens(text: str) -> tuple[Token, ...]:
    """The unbreakable pieces of `text`."""
    found: list[Token] = []
    for word in text.split(" "):
        for index, piece in enumerate(_pieces(word)):
            found.append(Token(piece, spaced=index == 0 and bool(found)))
    return tuple(found)


def _pieces(word: str) -> list[str]:
    pieces: list[str] = []
    for character in word:
        if pieces and _clings(pieces[-1], character):
            pieces[-1] += character
        else:
            pieces.append(character)
    return pieces


def _clings(before: str, character: str) -> bool:
    last = before[-1]
    if character in _NOT_FIRST or last in _NOT_LAST or unicodedata.combining(character):
        return True
    classes = _class(last), _class(character)
    if "ideograph" in classes:
        return False
    return classes[0] == classes[1] or "punctuation" in classes


def _class(character: str) -> str:
    point = ord(character)
    if 0x30A0 <= point <= 0x30FF or 0xFF66 <= point <= 0xFF9F:  # noqa: PLR2004 - Unicode blocks of katakana
        return "katakana"
    if unicodedata.east_asian_width(character) in "WF":
        return "ideograph"
    return "word" if unicodedata.category(character)[0] in "LNMS" else "punctuation"


def joined(parts: tuple[Token, ...]) -> str:
    """The text of consecutive tokens, without the space before the first."""
    return "".join((" " if part.spaced and index else "") + part.text for index, part in enumerate(parts))


@lru_cache(maxsize=4096)
def balanced(text: str, voice: Voice, count: int) -> tuple[str, ...] | None:
    """`text` in `count` lines of the most even width, or None where it has too few places to break.

    Dynamic programming over the breaks (Knuth and Plass, 1981), the cost of a line being the square of its
    deviation from the mean width, with small charges for a line that ends on a short word or inside a phrase.
    """
    parts = tokens(text)
    if count > len(parts) or not parts:
        return None
    reach = _reach(parts, voice)
    ideal = reach[-1] / count
    best: list[list[tuple[float, int]]] = [[(0.0, 0)] + [(_WORST, 0)] * len(parts)]
    for line in range(1, count + 1):
        row = [(_WORST, 0)] * (len(parts) + 1)
        for end in range(line, len(parts) + 1):
            row[end] = _best_start(parts, reach, ideal, best[line - 1], end)
        best.append(row)
    return _trace(parts, best, count)


def _reach(parts: tuple[Token, ...], voice: Voice) -> list[float]:
    """How far the first n tokens reach at size 1, spaces included: the sum of their own advances."""
    space = extent("n n", voice).advance - extent("nn", voice).advance
    reach = [0.0]
    for part in parts:
        reach.append(reach[-1] + extent(part.text, voice).advance + (space if part.spaced else 0.0))
    return reach


def _best_start(
    parts: tuple[Token, ...], reach: list[float], ideal: float, before: list[tuple[float, int]], end: int
) -> tuple[float, int]:
    found = (_WORST, 0)
    for start in range(end - 1, -1, -1):
        width = reach[end] - reach[start]
        if width > 2 * ideal and start < end - 1:
            break
        if before[start][0] < _WORST:
            deviation = (width - ideal) / ideal
            cost = before[start][0] + deviation * deviation + _charge(parts, end)
            found = min(found, (cost, start))
    return found


def _charge(parts: tuple[Token, ...], end: int) -> float:
    if end == len(parts):
        return 0.0
    last = parts[end - 1].text
    if last[-1] in _PHRASE_ENDS:
        return -0.12
    if parts[end].spaced:
        return 0.04 if len(last) <= _SHORT else 0.0
    if "HIRAGANA" in unicodedata.name(parts[end].text[0], ""):
        return 0.4  # most likely the ending of the word before
    return 0.0 if last[-1] in _PARTICLES else 0.1


def _trace(parts: tuple[Token, ...], best: list[list[tuple[float, int]]], count: int) -> tuple[str, ...] | None:
    lines: list[str] = []
    end = len(parts)
    if best[count][end][0] >= _WORST:
        return None
    for line in range(count, 0, -1):
        start = best[line][end][1]
        lines.append(joined(parts[start:end]))
        end = start
    return tuple(reversed(lines))
