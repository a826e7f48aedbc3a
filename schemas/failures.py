"""Jobs that failed permanently, so that the promoter's counts add up, and deadlines that were reached."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from schemas.base import Dollars, Event, Identifier, Instant

JobStage = Literal["draft", "refine", "finish"]


class JobFailure(Event):
    """A job that will not be retried, with a reason that a person can act on."""

    job_id: Identifier
    brief_id: Identifier
    stage: JobStage
    candidate_id: Identifier | None = None
    form_name: Identifier | None = None
    error: str
    reason: str
    spent_usd: Dollars = 0.0
    attempt: Annotated[int, Field(ge=1)] = 1
    failed_at: Instant


class DeadlineReached(Event):
    """A timer event for a brief's board: the time `due_at` has been reached."""

    brief_id: Identifier
    due_at: Instant
