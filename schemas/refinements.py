"""Refine jobs, finish jobs and the refinements between them."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from schemas.base import Event, Identifier, Instant, Model
from schemas.briefs import Brief
from schemas.campaigns import Format, Lane
from schemas.generations import EditTarget, GenerationRecord, GenerationRequest, Operation
from schemas.images import ImageRef

Diagnosis = Literal["sound", "flat-light", "off-brand-background", "garbled-copy", "small-and-clean", "wrong-structure"]
"""What is wrong with a candidate, as far as a handover can correct it."""


class Handover(Model):
    """How a candidate is refined, and why this way.

    `model` is the one that does it, if it is not the plan's refine model; `edit` is what a masked edit changes;
    `changes` are added to the prompt.
    """

    diagnosis: Diagnosis = "sound"
    operation: Operation
    model: str | None = None
    strength: Annotated[float, Field(ge=0.0, le=1.0)] | None
    edit: EditTarget | None = None
    changes: tuple[str, ...] = ()
    reason: str


class Promotion(Model):
    """The decision to promote a candidate: its rank among its siblings, its score, and the reasons as sentences."""

    candidate_id: Identifier
    rank: Annotated[int, Field(ge=1)]
    score: float
    reasons: tuple[str, ...]
    handover: Handover
    decided_at: Instant


class RefineJob(Event):
    """One flagship image to be made of a candidate, in one format.

    `handover` is how: that of the promotion if the format allows it. A second attempt has one of its own. `source_id`
    is the job whose image the request starts from: the candidate's, or that of a first attempt.
    """

    brief_id: Identifier
    campaign_id: Identifier
    lane: Lane
    candidate_id: Identifier
    variant: Annotated[int, Field(ge=0)]
    candidate_image: ImageRef
    same_format_as_draft: bool
    attempt: Annotated[int, Field(ge=1)]
    promotion: Promotion
    handover: Handover
    source_id: Identifier
    form: Format
    request: GenerationRequest
    deadline_at: Instant

    @property
    def job_id(self) -> str:
        """The id of the job and of the refinement."""
        return self.request.job_id


class Refinement(Event):
    """A flagship image, not yet compared with its candidate."""

    job: RefineJob
    generation: GenerationRecord


class DriftVerdict(Model):
    """Whether a refinement is still the image that was promoted, with the reasons as sentences.

    `broken` are the names of the measurements that exceeded their limits, in the order of `reasons`.
    """

    job_id: Identifier
    passed: bool
    reasons: tuple[str, ...]
    broken: tuple[str, ...] = ()


class FinishJob(Event):
    """An accepted candidate with its refinements, one a format, to be published as one asset."""

    job_id: Identifier
    brief: Brief
    candidate_id: Identifier
    promotion: Promotion
    refinements: Annotated[tuple[Identifier, ...], Field(min_length=1)]
    drift: tuple[DriftVerdict, ...]
    spent_usd: float
