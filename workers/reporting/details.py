"""What the read model knows of one brief: its drafts, refinements, assets, money and time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from schemas.assets import Asset
from schemas.base import Model
from schemas.briefs import Brief
from schemas.drafts import Draft
from schemas.failures import JobFailure
from schemas.images import ImageRef
from schemas.outcomes import BriefOutcome
from schemas.refinements import Refinement
from schemas.scorecards import Measurement, Scorecard


class Rating(Protocol):
    """A scorecard as one number (0 to 1), with the gates that it failed and the reasons in words.

    `routing.scoring.score.overall` returns one; the read model takes any function from a scorecard to a rating.
    """

    @property
    def value(self) -> float:
        """0 (bad) to 1 (good)."""

    @property
    def gates(self) -> tuple[str, ...]:
        """The hard limits that it failed."""

    @property
    def reasons(self) -> tuple[str, ...]:
        """The reasons, in sentences."""


class Promoted(Model):
    """A promotion, as the lineage reports it: rank among the drafts, score, reasons, and the handover's operation."""

    rank: int
    score: float
    reasons: tuple[str, ...]
    operation: str


@dataclass(frozen=True, slots=True)
class DraftDetails:
    """One draft: the image, what was measured of it, and whether it went up."""

    job_id: str
    draft: Draft | None
    scorecard: Scorecard | None
    rating: Rating | None
    promoted: Promoted | None

    @property
    def score(self) -> float | None:
        """The overall score (0 to 1). For a promoted draft it is the score at its promotion."""
        if self.promoted is not None:
            return self.promoted.score
        return None if self.rating is None else self.rating.value

    @property
    def image(self) -> ImageRef | None:
        """The image, as the draft or its scorecard names it."""
        if self.draft is not None:
            return self.draft.generation.image
        return None if self.scorecard is None else self.scorecard.image

    @property
    def measurements(self) -> tuple[Measurement, ...]:
        """The measurements of the whole image (``text.contrast``, but not ``text.contrast.legal``)."""
        numbers = () if self.scorecard is None else self.scorecard.measurements
        return tuple(number for number in numbers if number.name.count(".") <= 1)


@dataclass(frozen=True, slots=True)
class RefinementDetails:
    """One refinement, its drift from the candidate, and the limits that it exceeded, if any."""

    refinement: Refinement
    scorecard: Scorecard | None
    drifted: tuple[str, ...] | None

    @property
    def drift(self) -> tuple[Measurement, ...]:
        """The distance to its candidate; empty before the scorecard has arrived."""
        return () if self.scorecard is None else self.scorecard.drift


@dataclass(frozen=True, slots=True)
class FailureGroup:
    """Jobs of one stage that failed for the same reason."""

    stage: str
    error: str
    reason: str
    jobs: int
    spent_usd: float


@dataclass(frozen=True, slots=True)
class BriefDetails:
    """All that is known of one brief; `drafts` are sorted by score, best first. `seconds` is from brief to outcome."""

    brief: Brief
    outcome: BriefOutcome | None
    drafts: tuple[DraftDetails, ...]
    refinements: tuple[RefinementDetails, ...]
    assets: tuple[Asset, ...]
    failures: tuple[JobFailure, ...]
    cost_usd: float
    flagship_only_usd: float
    seconds: float | None

    @property
    def promoted(self) -> tuple[DraftDetails, ...]:
        """The drafts that went up, by rank."""
        chosen = [(draft.promoted.rank, draft) for draft in self.drafts if draft.promoted is not None]
        return tuple(draft for _, draft in sorted(chosen, key=lambda pair: (pair[0], pair[1].job_id)))

    def refinement(self, job_id: str) -> RefinementDetails | None:
        """The refinement of that id, or None."""
        return next((made for made in self.refinements if made.refinement.job.job_id == job_id), None)

    def draft(self, job_id: str) -> DraftDetails | None:
        """The draft of that id, or None."""
        return next((made for made in self.drafts if made.job_id == job_id), None)

    def position(self, number: Measurement) -> float:
        """The position of `number` among the drafts of this brief, 0 (least) to 1 (most); 1 where all are equal."""
        values = [other.value for draft in self.drafts for other in draft.measurements if other.name == number.name]
        low, high = min(values, default=0.0), max(values, default=0.0)
        return (number.value - low) / (high - low) if high > low else 1.0

    def failure_groups(self) -> tuple[FailureGroup, ...]:
        """The failures, grouped by reason, the most frequent first."""
        grouped: dict[tuple[str, str, str], list[JobFailure]] = {}
        for failure in self.failures:
            grouped.setdefault((failure.stage, failure.error, failure.reason), []).append(failure)
        groups = [
            FailureGroup(*key, jobs=len(jobs), spent_usd=sum(job.spent_usd for job in jobs))
            for key, jobs in grouped.items()
        ]
        return tuple(sorted(groups, key=lambda group: (-group.jobs, group.stage, group.reason)))
