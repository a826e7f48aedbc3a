"""Draft jobs and the drafts made from them."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from schemas.base import Event, Identifier, Instant
from schemas.campaigns import Format, Lane, ScoreWeights
from schemas.generations import GenerationRecord, GenerationRequest


class DraftJob(Event):
    """One cheap image to be made. `request.job_id` is the draft's id.

    `next_variant` is the variant of the same brief whose job follows once this one is done: a brief has a limited
    number of jobs in the queue, however many drafts it wants. `weights` are copied onto the scorecard.
    """

    brief_id: Identifier
    campaign_id: Identifier
    lane: Lane
    variant: Annotated[int, Field(ge=0)]
    next_variant: Annotated[int, Field(ge=1)] | None = None
    form: Format
    request: GenerationRequest
    weights: ScoreWeights = ScoreWeights()
    deadline_at: Instant

    @property
    def job_id(self) -> str:
        """The id of the job, of the draft and of the candidate."""
        return self.request.job_id


class Draft(Event):
    """A fast-tier image, not yet measured."""

    job: DraftJob
    generation: GenerationRecord
