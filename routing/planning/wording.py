"""The copy of a draft: which lines of the campaign, with the trend's words in their slots.

The words of a trend are untrusted data: they fill a slot, shortened, and are never interpreted.
"""

from __future__ import annotations

import unicodedata
from typing import Final, Literal

from schemas.brands import Copy, CopyLines, CopySlot
from schemas.briefs import Brief

SLOT: Final = "{topic}"
TOPIC_IN_COPY: Final = 40
"""Characters of a trend that a line of copy can carry: longer ones do not fit a headline of two to three lines."""

_RIGHT_TO_LEFT: Final = frozenset({"ar", "fa", "he", "ur", "ps", "ckb", "yi"})


def direction_of(language: str) -> Literal["ltr", "rtl"]:
    """The writing direction of a BCP 47 language tag."""
    return "rtl" if language.partition("-")[0] in _RIGHT_TO_LEFT else "ltr"


def presentable(topic: str) -> str:
    """A trend as an ad may print it: a lower-case Latin, Greek or Cyrillic keyword gets capitals.

    Returns an empty string if the topic is too long for a line of copy.
    """
    if len(topic) > TOPIC_IN_COPY:
        return ""
    letters = [character for character in topic if character.isalpha()]
    cased = any(unicodedata.category(character) == "Ll" for character in letters)
    return topic.title() if cased and topic == topic.lower() and "'" not in topic and "’" not in topic else topic


def wording(brief: Brief, variant: int) -> Copy:
    """The copy of draft `variant`: the lines rotate at different speeds, so that all pairs occur."""
    lines = brief.copy_lines
    topic = presentable(brief.signal.topic)
    headlines = _usable(lines.headline, topic)
    texts = _usable(lines.line, topic)
    calls = _usable(lines.call_to_action, topic)
    chosen: dict[CopySlot, str] = {
        "headline": headlines[variant % len(headlines)],
        "line": texts[(variant + variant // len(headlines)) % len(texts)],
        "call_to_action": calls[(variant // 2) % len(calls)],
        "legal": lines.legal,
    }
    return Copy(
        language=brief.language,
        direction=direction_of(brief.language),
        **{slot: _filled(line, topic) for slot, line in chosen.items()},
        shorter=_shorter(lines, chosen, topic),
    )


def _shorter(lines: CopyLines, chosen: dict[CopySlot, str], topic: str) -> dict[CopySlot, tuple[str, ...]]:
    """The smaller lengths of the `chosen` lines, without those that need a topic that cannot be presented."""
    found = {
        slot: tuple(_filled(text, topic) for text in lines.shorter.get(line, ()) if topic or SLOT not in text)
        for slot, line in chosen.items()
    }
    return {slot: texts for slot, texts in found.items() if texts}


def _usable(lines: tuple[str, ...], topic: str) -> tuple[str, ...]:
    """The lines that can be set: without a presentable topic only those without a slot, if there are any."""
    free = tuple(line for line in lines if SLOT not in line)
    return lines if topic or not free else free


def _filled(line: str, topic: str) -> str:
    return " ".join(line.replace(SLOT, topic).split())
