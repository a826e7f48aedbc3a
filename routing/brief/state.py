"""What the promoter remembers of a brief, and how one event changes it: bookkeeping, no decisions."""

from __future__ import annotations

from datetime import datetime
from typing import Final, Literal, Self

from pydantic import BaseModel, ConfigDict

from routing.brief.candidate import Candidate, diagnose
from routing.calibration.apply import calibrated_card, calibrated_score
from routing.scoring.drift import drift_verdict
from routing.scoring.score import overall
from schemas.assets import Asset
from schemas.base import Event
from schemas.briefs import Brief
from schemas.calibration import Calibration
from schemas.campaigns import DriftPolicy
from schemas.failures import DeadlineReached, JobFailure
from schemas.images import ImageRef
from schemas.outcomes import BriefOutcome
from schemas.refinements import DriftVerdict, Handover, Promotion
from schemas.reviews import Review
from schemas.scorecards import Scorecard

PRESSING: Final = 0.5
"""Part of the time to the deadline after which promotion no longer waits for the slowest drafts."""
LATE: Final = 0.8
"""Part of the time after which a refinement that drifted is not tried again: the rest is for the next-best
candidate."""


def time_at(brief: Brief, share: float) -> datetime:
    """When `share` of the time of `brief` has passed."""
    return brief.created_at + share * (brief.deadline_at - brief.created_at)


class RefinementAttempt(BaseModel):
    """One refinement of a candidate for one format.

    `drifted` waits for a decision, which makes it `retried` (another attempt is in flight), `asked` (a person decides)
    or `failed`.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    candidate_id: str
    form_name: str
    number: int = 1
    handover: Handover
    state: Literal["pending", "passed", "drifted", "retried", "asked", "failed"] = "pending"
    verdict: DriftVerdict | None = None
    image: ImageRef | None = None


class PromotedCandidate(BaseModel):
    """A promoted candidate on its way to an asset."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    promotion: Promotion
    state: Literal["refining", "finishing", "delivered", "failed"] = "refining"
    reason: str = ""

    @property
    def candidate_id(self) -> str:
        """The candidate's id."""
        return self.promotion.candidate_id


class BriefState(BaseModel):
    """Everything that the promoter remembers of a brief.

    `spent_usd` counts each paid job once. `pressed`: promotion no longer waits for all drafts. `late`: no refinement is
    tried a second time. `rises` are the promoted candidates, `words` the reviews of refinements by refinement id
    (stored names).
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    brief_id: str
    brief: Brief | None = None
    candidates: dict[str, Candidate] = {}
    failed_drafts: dict[str, str] = {}
    attempts: dict[str, RefinementAttempt] = {}
    rises: tuple[PromotedCandidate, ...] = ()
    assets: tuple[str, ...] = ()
    review: Review | None = None
    words: dict[str, Review] = {}
    pressed: bool = False
    late: bool = False
    expired: bool = False
    spent_usd: float = 0.0
    outcome: BriefOutcome | None = None

    # -- recording: one event, no decisions ----------------------------------------------------------

    def record(self, event: Event) -> BriefState:  # noqa: PLR0911 - one return for each kind of event
        """The state after `event`, without any decision; this very object if nothing changes."""
        match event:
            case Brief():
                return self if self.brief else self.changed(brief=event)
            case Scorecard(subject="draft"):
                return self._record_draft(event)
            case Scorecard():
                return self._record_refinement(event)
            case JobFailure(stage="draft"):
                return self._record_failed_draft(event)
            case JobFailure():
                return self._record_failed_job(event)
            case Asset():
                return self._record_asset(event)
            case Review():
                return self._record_review(event)
            case DeadlineReached():
                return self._record_deadline(event)
            case _:
                raise TypeError(f"the state of a brief takes no {type(event).__name__}")

    def _record_draft(self, card: Scorecard) -> BriefState:
        if card.job_id in self.candidates or card.job_id in self.failed_drafts:
            return self
        score = calibrated_score(card, self._calibrations)
        candidate = Candidate(
            candidate_id=card.job_id,
            variant=card.variant,
            image=card.image,
            score=score.value,
            gates=score.gates,
            reasons=score.reasons,
            finding=diagnose(card, overall(card)),
            signature=card.signature,
        )
        return self.changed(
            candidates=self.candidates | {card.job_id: candidate}, spent_usd=self.spent_usd + card.price_usd
        )

    def _record_failed_draft(self, failure: JobFailure) -> BriefState:
        if failure.job_id in self.candidates or failure.job_id in self.failed_drafts:
            return self
        return self.changed(
            failed_drafts=self.failed_drafts | {failure.job_id: failure.reason},
            spent_usd=self.spent_usd + failure.spent_usd,
        )

    def _record_refinement(self, card: Scorecard) -> BriefState:
        attempt = self.attempts.get(card.job_id)
        if attempt is None or attempt.state != "pending":
            return self
        policy = self.brief.drift if self.brief else DriftPolicy()
        handover, first = attempt.handover, self._first_attempt(attempt)
        # Copy set over a first attempt keeps the change that the first attempt was allowed to make.
        after = (first.handover.operation, first.handover.edit) if first and handover.edit == "copy" else None
        verdict = drift_verdict(
            calibrated_card(card, self._calibrations), policy, handover.operation, handover.edit, after=after
        )
        changes = {"state": "passed" if verdict.passed else "drifted", "verdict": verdict, "image": card.image}
        state = self.changed(spent_usd=self.spent_usd + card.price_usd)
        return state.with_attempt(card.job_id, attempt.model_copy(update=changes))

    def _record_failed_job(self, failure: JobFailure) -> BriefState:
        if failure.stage == "finish":
            promoted = next((r for r in self.rises if r.candidate_id == failure.candidate_id), None)
            if promoted is None or promoted.state != "finishing":
                return self
            return self.give_up(promoted.candidate_id, failure.reason)
        attempt = self.attempts.get(failure.job_id)
        if attempt is None or attempt.state != "pending":
            return self
        failed = attempt.model_copy(update={"state": "failed"})
        state = self.changed(spent_usd=self.spent_usd + failure.spent_usd).with_attempt(failure.job_id, failed)
        return state.give_up(attempt.candidate_id, f"{attempt.form_name}: {failure.reason}")

    def _first_attempt(self, attempt: RefinementAttempt) -> RefinementAttempt | None:
        """The attempt before `attempt`; None for a first one."""
        same = (
            each
            for each in self.attempts.values()
            if (each.candidate_id, each.form_name, each.number) == (attempt.candidate_id, attempt.form_name, 1)
        )
        return next(same, None) if attempt.number > 1 else None

    def _record_review(self, review: Review) -> BriefState:
        if review.refinement is None:
            return self if self.review else self.changed(review=review)
        if review.refinement in self.words:
            return self
        return self.changed(words=self.words | {review.refinement: review})

    def _record_asset(self, asset: Asset) -> BriefState:
        if asset.asset_id in self.assets:
            return self
        return self.changed(assets=(*self.assets, asset.asset_id)).move_promoted(asset.candidate_id, "delivered")

    def _record_deadline(self, event: DeadlineReached) -> BriefState:
        if self.brief is None:
            return self
        expired = event.due_at >= self.brief.deadline_at
        late = event.due_at >= time_at(self.brief, LATE)
        if self.expired or (self.late and not expired) or (self.pressed and not late):
            return self
        return self.changed(pressed=True, late=late, expired=expired)

    # -- small changes -------------------------------------------------------------------------------

    def changed(self, **changes: object) -> Self:
        """This state with some fields replaced."""
        return self.model_copy(update=changes)

    def with_attempt(self, job_id: str, attempt: RefinementAttempt) -> BriefState:
        """This state with an attempt replaced."""
        return self.changed(attempts=self.attempts | {job_id: attempt})

    def give_up(self, candidate_id: str, reason: str) -> BriefState:
        """This state with a candidate given up."""
        return self.move_promoted(candidate_id, "failed", reason)

    def move_promoted(self, candidate_id: str, state: str, reason: str = "") -> BriefState:
        """This state with a promoted candidate in another state; one that has ended stays as it is."""
        rises = tuple(
            promoted.model_copy(update={"state": state, "reason": reason})
            if promoted.candidate_id == candidate_id and promoted.state not in {"failed", "delivered"}
            else promoted
            for promoted in self.rises
        )
        return self.changed(rises=rises)

    @property
    def _calibrations(self) -> tuple[Calibration, ...]:
        return self.brief.calibrations if self.brief is not None else ()

    # -- questions -----------------------------------------------------------------------------------

    def drafts_accounted(self, brief: Brief) -> bool:
        """Whether every draft was scored or has failed."""
        return len(self.candidates) + len(self.failed_drafts) >= brief.plan.drafts

    def promoted_in(self, *states: str) -> list[PromotedCandidate]:
        """The promoted candidates that are in one of `states`."""
        return [promoted for promoted in self.rises if promoted.state in states]

    def reserved_usd(self, brief: Brief) -> float:
        """The price of the refinements in flight."""
        return brief.refine_usd * sum(attempt.state == "pending" for attempt in self.attempts.values())
