"""The life of a brief, as a pure state machine.

`Board.apply(event, now)` returns the next board and the messages to send. Events may be redelivered and may arrive in
any order. What they decide depends on which have arrived, not on their order or on the clock: time enters through
`DeadlineReached`, and `now` only stamps what is sent.

    drafts in flight -> scored or failed, N in all -> (review) -> k promoted -> refined in every format
        -> drift judged (-> a second attempt, or a person is asked) -> finished -> delivered
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from pydantic import BaseModel, ConfigDict

from routing.brief.closing import close, close_at_deadline, close_if_done, unaffordable
from routing.brief.commands import WORKER, Command
from routing.brief.drift_decisions import decide_drifted
from routing.brief.promotion import promote
from routing.brief.state import LATE, PRESSING, BriefState, PromotedCandidate, RefinementAttempt, time_at
from routing.planning.plan import affordable
from schemas import identifiers
from schemas.base import Event
from schemas.briefs import Brief
from schemas.failures import DeadlineReached
from schemas.lineage import LineageEvent
from schemas.refinements import FinishJob

KEPT_CLOSED: Final = timedelta(days=1)
"""A closed board is kept this long, so that a late event finds it closed and changes nothing."""


class Board(BaseModel):
    """The board of one brief. It may exist before its brief: a scorecard can arrive first."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    state: BriefState

    @classmethod
    def new(cls, brief_id: str) -> Board:
        """An empty board."""
        return cls(state=BriefState(brief_id=brief_id))

    def apply(self, event: Event, now: datetime) -> tuple[Board, tuple[Command, ...]]:
        """Apply an event. A repeated event changes nothing, and nothing changes a closed board.

        Args:
            event: a brief, scorecard, failure, asset, review or deadline of this brief.
            now: the current time; it is only written into what is sent.

        Returns:
            The next board (this very object if nothing changed) and the messages to send.

        Raises:
            TypeError: the event is of another kind.
        """
        if self.state.outcome is not None:
            return self, ()
        recorded = self.state.record(event)
        if recorded is self.state:
            return self, ()
        drifted = self._drifted(recorded, now)
        decided, commands = decide(recorded, now)
        return Board(state=decided), (*drifted, *commands)

    def _drifted(self, recorded: BriefState, now: datetime) -> tuple[LineageEvent, ...]:
        """A lineage step for each refinement that drifted according to `recorded` but not according to this board."""
        return tuple(
            LineageEvent(
                step="refinement-drifted",
                worker=WORKER,
                subject_id=job_id,
                parent_ids=(attempt.candidate_id,),
                brief_id=recorded.brief_id,
                facts={"reasons": list(attempt.verdict.reasons)},
                at=now,
            )
            for job_id, attempt in recorded.attempts.items()
            if attempt.verdict and not attempt.verdict.passed and attempt != self.state.attempts.get(job_id)
        )

    def next_due(self) -> datetime | None:
        """When the next timer event is due: drafts are no longer awaited, retries end, the deadline, or forgetting."""
        state = self.state
        if state.outcome is not None:
            return state.outcome.decided_at + KEPT_CLOSED
        if state.brief is None:
            return None
        brief = state.brief
        if state.late:
            return brief.deadline_at
        return time_at(brief, LATE if state.pressed else PRESSING)

    def forgotten_by(self, event: Event) -> bool:
        """Whether `event` is the timer event at which this board has been closed for long enough."""
        due = self.next_due()
        closed = self.state.outcome is not None
        return closed and isinstance(event, DeadlineReached) and due is not None and event.due_at >= due


def decide(state: BriefState, now: datetime) -> tuple[BriefState, tuple[Command, ...]]:
    """What follows from the state: the state after all decisions, and the messages to send."""
    brief = state.brief
    if brief is None:
        return state, ()
    if not affordable(brief):
        return close(state, brief, now, "failed", unaffordable(brief))
    if state.review is not None and state.review.decision == "reject":
        note = f": {state.review.note}" if state.review.note else ""
        return close(state, brief, now, "rejected", f"rejected by {state.review.reviewer}{note}")
    if state.expired:
        return close_at_deadline(state, brief, now)
    # The order matters: a candidate that is given up makes room for a promotion in the same step.
    state, judged = decide_drifted(state, brief, now)
    state, promoted = promote(state, brief, now)
    state, finishing = _finish(state, brief)
    state, closing = close_if_done(state, brief, now)
    return state, (*judged, *promoted, *finishing, *closing)


def _finish(state: BriefState, brief: Brief) -> tuple[BriefState, tuple[Command, ...]]:
    """Pass a candidate on to the finisher once it passed in every format."""
    jobs: list[Command] = []
    for promoted in state.promoted_in("refining"):
        passed = {
            job_id: attempt
            for job_id, attempt in state.attempts.items()
            if attempt.candidate_id == promoted.candidate_id and attempt.state == "passed"
        }
        if len(passed) == len(brief.formats):
            # An asset of a board that a crash has lost may be published already.
            published = identifiers.asset_id(brief.brief_id, promoted.candidate_id) in state.assets
            state = state.move_promoted(promoted.candidate_id, "delivered" if published else "finishing")
            if not published:
                jobs.append(_finish_job(state, brief, promoted, passed))
    return state, tuple(jobs)


def _finish_job(
    state: BriefState, brief: Brief, promoted: PromotedCandidate, passed: dict[str, RefinementAttempt]
) -> FinishJob:
    order = {form.name: place for place, form in enumerate(brief.formats)}
    ids = sorted(passed, key=lambda job_id: order[passed[job_id].form_name])
    return FinishJob(
        job_id=identifiers.asset_id(brief.brief_id, promoted.candidate_id),
        brief=brief,
        candidate_id=promoted.candidate_id,
        promotion=promoted.promotion,
        refinements=tuple(ids),
        drift=tuple(verdict for job_id in ids if (verdict := passed[job_id].verdict)),
        spent_usd=state.spent_usd,
    )
