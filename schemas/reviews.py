"""The word of a person of taste."""

from __future__ import annotations

from typing import Literal

from schemas.base import Event, Identifier, Instant


class Review(Event):
    """A person approves the candidates of a brief that are to go up, or rejects the brief."""

    brief_id: Identifier
    decision: Literal["approve", "reject"]
    candidates: tuple[Identifier, ...] = ()
    reviewer: str
    note: str = ""
    reviewed_at: Instant
