"""The audit trail of every worker: one step in the chain from a signal to an asset, as it happens."""

from __future__ import annotations

from typing import Literal

from pydantic import JsonValue

from schemas.base import Event, Identifier, Instant

Step = Literal[
    "signal-judged",
    "brief-created",
    "draft-made",
    "draft-scored",
    "candidate-promoted",
    "refinement-made",
    "refinement-scored",
    "refinement-drifted",
    "refinement-retried",
    "refinement-questioned",
    "review-given",
    "asset-published",
    "job-failed",
]


class LineageEvent(Event):
    """What `worker` did to `subject_id`, made from `parent_ids`, with the facts of the step in `facts`."""

    step: Step
    worker: str
    subject_id: Identifier
    parent_ids: tuple[Identifier, ...] = ()
    brief_id: Identifier | None = None
    facts: dict[str, JsonValue] = {}
    at: Instant
