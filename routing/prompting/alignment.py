"""The caption of what an image was asked to show, for a model that compares images with captions."""

from __future__ import annotations

from routing.prompting.parts import PART_LIMIT, plain
from schemas.generations import Prompt
from schemas.signals import TOPIC_LIMIT


def caption_of(prompt: Prompt) -> str:
    """Subject and scene of the model-neutral `prompt`, the subject first: captions are cut at their end.

    Style, light, brand colours and copy are left out: they are the same in all drafts of a brief, or measured
    themselves.
    """
    return ", ".join(part for part in (plain(prompt.subject, TOPIC_LIMIT), plain(prompt.scene, PART_LIMIT)) if part)
