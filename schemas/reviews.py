"""The decision of a human reviewer."""

from __future__ import annotations

from typing import Literal

from schemas.base import Event, Identifier, Instant


class Review(Event):
    """A person approves the candidates of a brief that are to be promoted, or rejects the brief.

    With `refinement` the decision is about that one, which had drifted: it is published nevertheless, or its candidate
    is given up.
    """

    brief_id: Identifier
    decision: Literal["approve", "reject"]
    candidates: tuple[Identifier, ...] = ()
    refinement: Identifier | None = None
    reviewer: str
    note: str = ""
    reviewed_at: Instant
