"""What read lines are: which line of the copy each was meant to be, or the brand's name on its logo."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from difflib import SequenceMatcher
from typing import Final

from schemas.generations import Prompt
from schemas.images import Region, Role
from schemas.scorecards import ReadText

_MEANT: Final = 0.6
"""Share of a read line's letters that stand in a line of the copy, in order, for it to be that line, if misspelt."""


def regions_of(lines: Iterable[ReadText], prompt: Prompt) -> tuple[Region, ...]:
    """`lines` as regions. What is neither copy nor the brand's name counts as a line: no ad asked for it."""
    wanted = _wanted(prompt)
    return tuple(Region(role=_role(_plain(line.text), wanted), box=line.box, text=line.text) for line in lines)


def _wanted(prompt: Prompt) -> dict[Role, str]:
    words = prompt.wording
    texts: dict[Role, str] = {
        "headline": words.headline,
        "line": words.line,
        "call_to_action": words.call_to_action,
        "legal": words.legal,
        "logo": prompt.brand.name,
    }
    return {role: _plain(text) for role, text in texts.items() if _plain(text)}


def _role(read: str, wanted: dict[Role, str]) -> Role:
    likeness = {role: _likeness(read, text) for role, text in wanted.items()}
    best = max(likeness, key=lambda role: likeness[role], default=None)
    return best if best is not None and likeness[best] >= _MEANT else "line"


def _likeness(read: str, wanted: str) -> float:
    """The share of `read` that stands in `wanted`; a short line of copy inside a long one counts for less."""
    matched = sum(block.size for block in SequenceMatcher(None, read, wanted, autojunk=False).get_matching_blocks())
    return matched / max(len(read), min(len(wanted), 2 * len(read)), 1)


def _plain(text: str) -> str:
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(character for character in folded if character.isalnum())
