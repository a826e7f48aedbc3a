"""The parts of a prompt, cleaned once for all dialects: untrusted text is in quotes that it cannot end."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from routing.prompting.styles import Family, translated
from schemas.brands import COPY_LIMIT
from schemas.generations import Prompt
from schemas.images import Insets
from schemas.signals import TOPIC_LIMIT, clean_text

PART_LIMIT: Final = 300
"""Characters of a scene, or of a sentence of a handover or a calibration."""
TAG_LIMIT: Final = 60
LIST_LIMIT: Final = 12
NAME_LIMIT: Final = 60

_QUOTES: Final = re.compile('["“”„‟＂〝〞〟❝❞″]')
"""Everything that looks like a double quote, and so might be read as the end of one."""
_MARKUP: Final = re.compile(r"[<>{}\\|`]")
"""Characters that belong to markup and templates and to no topic."""
_WEIGHTS: Final = re.compile(r"[()\[\],#*_~^:]|\b(?:BREAK|AND|NOT|OR)\b")
"""What user interfaces of Stable Diffusion read as weights, separate tags, and joints of prompts."""
_HIDDEN: Final = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef\u115f\u1160\u3164\uffa0]")
"""Variation selectors and blank letters: they are invisible, and can spell out whole sentences."""


@dataclass(frozen=True, slots=True)
class Parts:
    """A prompt's parts as text, ready to be composed. `words` are the lines of copy by role, quoted."""

    brand: str
    subject: str
    scene: str
    style: tuple[str, ...]
    light: tuple[str, ...]
    camera: tuple[str, ...]
    colours: tuple[str, ...]
    paper: str
    ink: str
    words: tuple[tuple[str, str], ...]
    margins: str
    negatives: tuple[str, ...]
    changes: tuple[str, ...]


def parts_of(prompt: Prompt, safe_area: Insets, family: Family) -> Parts:
    """The parts of `prompt`, its style in the words of `family`."""
    palette, words = prompt.brand.palette, prompt.wording
    copy = (
        ("headline", words.headline), ("line", words.line),
        ("call to action", words.call_to_action), ("legal line", words.legal),
    )  # fmt: skip
    return Parts(
        brand=quoted(prompt.brand.name, NAME_LIMIT),
        subject=quoted(_topic(prompt.subject, family), TOPIC_LIMIT),
        scene=plain(prompt.scene, PART_LIMIT),
        style=_tags(prompt.style, family),
        light=_tags(prompt.light, family),
        camera=_tags(prompt.camera, family),
        colours=(palette.primary, palette.secondary, palette.accent),
        paper=palette.paper,
        ink=palette.ink,
        words=tuple((role, quoted(text, COPY_LIMIT)) for role, text in copy if text.strip()),
        margins=_margins(safe_area),
        negatives=tuple(filled for text in prompt.negatives[:LIST_LIMIT] if (filled := plain(text, TAG_LIMIT))),
        changes=_sentences((*prompt.changes, *prompt.emphasis)),
    )


def caption_of(prompt: Prompt) -> str:
    """The caption of `prompt` for a model that compares images with captions: subject and scene.

    The subject is first, because captions are cut at their end. Style, light, brand colours and copy are left out: they
    are the same in all drafts of a brief, or measured themselves.
    """
    return ", ".join(part for part in (plain(prompt.subject, TOPIC_LIMIT), plain(prompt.scene, PART_LIMIT)) if part)


def quoted(text: str, limit: int) -> str:
    """`text` as data: in straight double quotes, without any such quotes or hidden characters of its own."""
    cleaned = clean_text(_HIDDEN.sub("", clean_text(text, limit)), limit)
    return f'"{_QUOTES.sub(chr(39), cleaned)}"'


def plain(text: str, limit: int) -> str:
    """`text` of the campaign's own on one line, without quotes that could begin untrusted data."""
    return _QUOTES.sub("'", _HIDDEN.sub("", clean_text(text, limit))).rstrip(". ")


def _topic(subject: str, family: Family) -> str:
    """A trend's words without what could be read as anything but words."""
    words = _MARKUP.sub(" ", subject)
    return _WEIGHTS.sub(" ", words) if family == "tags" else words


def _tags(tags: tuple[str, ...], family: Family) -> tuple[str, ...]:
    cleaned = (plain(translated(tag, family), TAG_LIMIT) for tag in tags[:LIST_LIMIT])
    return tuple(dict.fromkeys(tag for tag in cleaned if tag))


def _sentences(texts: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(f"{cleaned}." for text in texts[:LIST_LIMIT] if (cleaned := plain(text, PART_LIMIT)))


def _margins(area: Insets) -> str:
    sides = {"top": area.top, "right": area.right, "bottom": area.bottom, "left": area.left}
    return ", ".join(f"{side} {share:.0%}" for side, share in sides.items())
