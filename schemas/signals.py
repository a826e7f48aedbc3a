"""A signal: something happened that a brand could answer."""

from __future__ import annotations

import unicodedata
from datetime import timedelta
from typing import Annotated, Literal

from pydantic import Field, StringConstraints, field_validator, model_validator

from schemas.base import Event, Identifier, Instant, Language, Market, Model

HEADLINE_LIMIT = 500
"""Characters kept of a headline: the longest that news feeds print is about 200; more is an attack or a mistake."""
TOPIC_LIMIT = 120
"""Characters of a topic: Google's trend keywords end below 100."""

_KEPT_FORMAT_CHARACTERS = {"\u200c", "\u200d"}  # zero-width (non-)joiners spell words in Persian and Hindi


def clean_text(text: str, limit: int) -> str:
    """`text` on one line, without control and invisible format characters, at most `limit` characters."""
    kept = (
        " " if unicodedata.category(c) in {"Cc", "Zl", "Zp"} else c
        for c in unicodedata.normalize("NFC", text[: limit * 4])
        if unicodedata.category(c) not in {"Cf", "Cs", "Co", "Cn"} or c in _KEPT_FORMAT_CHARACTERS
    )
    return " ".join("".join(kept).split())[:limit].rstrip()


class Headline(Model):
    """A headline that explains a signal: untrusted data, never an instruction."""

    text: Annotated[str, StringConstraints(min_length=1)]
    source: str = ""
    language: Language | None = None

    @field_validator("text", "source", mode="before")
    @classmethod
    def _clean(cls, value: object) -> object:
        return clean_text(value, HEADLINE_LIMIT) if isinstance(value, str) else value


class Signal(Event):
    """A trend, an event, a batch request or a hero request.

    `volume` counts searches or mentions as the source reports them (0: not reported); `language` is that of the topic,
    if the source or a detector knows it. `cleared_by` names the person who read a signal that was held and lets it
    through; it never lifts a block.
    """

    signal_id: Identifier
    kind: Literal["trend", "event", "batch", "hero"] = "trend"
    source: Annotated[str, StringConstraints(min_length=1, max_length=200)]
    topic: Annotated[str, StringConstraints(min_length=1)]
    market: Market
    language: Language | None = None
    volume: Annotated[int, Field(ge=0)] = 0
    observed_at: Instant
    expires_at: Instant
    headlines: Annotated[tuple[Headline, ...], Field(max_length=20)] = ()
    cleared_by: Annotated[str, StringConstraints(max_length=120)] | None = None

    @field_validator("topic", mode="before")
    @classmethod
    def _clean(cls, value: object) -> object:
        return clean_text(value, TOPIC_LIMIT) if isinstance(value, str) else value

    @model_validator(mode="after")
    def _lifetime(self) -> Signal:
        if self.expires_at <= self.observed_at:
            raise ValueError("expires_at must be later than observed_at")
        if self.expires_at - self.observed_at > timedelta(days=366):
            raise ValueError("a signal lives a year at most; write an earlier expires_at")
        return self
