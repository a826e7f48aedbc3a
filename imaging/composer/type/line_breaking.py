"""Breaks text into the most even lines."""

from __future__ import annotations

from functools import lru_cache
from typing import Final, NamedTuple

from imaging.composer.type.measure import advance
from imaging.composer.type.phrases import is_thai
from imaging.composer.type.tokens import Token, joined, tokens
from imaging.fonts.runs import Voice

_SHORT: Final = 3
"""Letters of a word (article, preposition) that should not end a line."""
_ORPHAN: Final = 5
"""Letters up to which a word should not be alone on the last line."""
_SENTENCE_ENDS: Final = ".!?؟。！？…"
_PHRASE_ENDS: Final = ",;:،؛、，—–"
_PARTICLES: Final = frozenset("的了着过吧呢吗们")
"""Chinese words that belong to the one before them."""
_WORST: Final = 1e9

# The cost of a break, added to the square of the line's deviation from the mean width.
_AFTER_SENTENCE: Final = -0.25
_AFTER_PHRASE: Final = -0.12
_AFTER_SHORT_WORD: Final = 0.04
_BETWEEN_THAI_WORDS: Final = 0.25
_BETWEEN_PHRASES: Final = 0.06
_BESIDE_ONE_CHARACTER: Final = 0.2
_BEFORE_PARTICLE: Final = 0.3
_WITHIN_PHRASE: Final = 1.0
_ORPHAN_LEFT: Final = 0.2
_WITHIN_COMPOUND: Final = 0.1
_HYPHENATED: Final = 0.5


class BrokenLines(NamedTuple):
    """A text in lines, and the cost of its breaks: 0 for even lines, less if sentences end them, more if uneven."""

    texts: tuple[str, ...]
    cost: float


@lru_cache(maxsize=4096)
def balanced(text: str, voice: Voice, count: int, unbroken: frozenset[str] | None = None) -> BrokenLines | None:
    """`text` in `count` lines of the most even width, or None if it has too few places to break.

    If `unbroken` is given, words are hyphenated, except those in it.

    This is dynamic programming over the breaks (Knuth and Plass, 1981). The cost of a line is the square of its
    deviation from the mean width, with small charges for a line that ends on a short word or inside a phrase, and for
    a single short word on the last line.
    """
    parts = tokens(text, voice.language, unbroken)
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
    cost = best[count][len(parts)][0]
    return None if cost >= _WORST else BrokenLines(_trace(parts, best, count), cost)


def _reach(parts: tuple[Token, ...], voice: Voice) -> list[float]:
    """The advance of the first n tokens at size 1, spaces included, for every n."""
    space = advance("n n", voice) - advance("nn", voice)
    reach = [0.0]
    for part in parts:
        reach.append(reach[-1] + advance(part.text, voice) + (space if part.spaced else 0.0))
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
            cost = before[start][0] + deviation * deviation + _charge(parts, start, end)
            found = min(found, (cost, start))
    return found


def _charge(parts: tuple[Token, ...], start: int, end: int) -> float:
    """The cost of a break at the end of the line from `start` to `end`."""
    last = parts[end - 1].text
    if end == len(parts):
        return _ORPHAN_LEFT if start == end - 1 > 0 and parts[start].spaced and len(last) <= _ORPHAN else 0.0
    following = parts[end]
    if following.hyphened:
        return _HYPHENATED
    if last[-1] in _PHRASE_ENDS or (last[-1] in _SENTENCE_ENDS and not last[:-1].isdigit()):
        return _AFTER_PHRASE if last[-1] in _PHRASE_ENDS else _AFTER_SENTENCE
    if following.spaced:
        return _AFTER_SHORT_WORD if len(last) <= _SHORT and not is_thai(last[-1]) else 0.0
    return _charge_unspaced(parts, end)


def _charge_unspaced(parts: tuple[Token, ...], end: int) -> float:
    """The cost of a break before `end` where there is no space."""
    last, following, first = parts[end - 1].text[-1], parts[end], parts[end].text[0]
    if last in "-/":
        return _WITHIN_COMPOUND
    if is_thai(first):
        return _BETWEEN_THAI_WORDS
    if first in _PARTICLES:
        return _BEFORE_PARTICLE
    if not following.begins:
        return _WITHIN_PHRASE
    if last in _PARTICLES:
        return _BETWEEN_PHRASES
    alone = parts[end - 1].begins or end + 1 == len(parts) or parts[end + 1].begins
    return _BESIDE_ONE_CHARACTER if alone else _BETWEEN_PHRASES


def _trace(parts: tuple[Token, ...], best: list[list[tuple[float, int]]], count: int) -> tuple[str, ...]:
    lines: list[str] = []
    end = len(parts)
    for line in range(count, 0, -1):
        start = best[line][end][1]
        goes_on = end < len(parts) and parts[end].hyphened
        lines.append(joined(parts[start:end]) + ("-" if goes_on else ""))
        end = start
    return tuple(reversed(lines))
