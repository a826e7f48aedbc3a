"""The decisions on a brief: judge what drifted, promote, finish, close.

Each follows from the state alone; `now` only stamps what is sent.
"""

from __future__ import annotations

from datetime import datetime

from routing.brief.closing import close, close_at_deadline, settle, unaffordable
from routing.brief.judging import judge
from routing.brief.rising import promote
from routing.brief.state import Attempt, BriefState, Rise
from routing.brief.steps import Command
from routing.planning.plan import affordable
from schemas import identifiers
from schemas.briefs import Brief
from schemas.refinements import FinishJob


def decide(state: BriefState, now: datetime) -> tuple[BriefState, tuple[Command, ...]]:
    """What follows from what is known: the state after the decisions, and the messages to send."""
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
    state, judged = judge(state, brief, now)
    state, promoted = promote(state, brief, now)
    state, finishing = _finish(state, brief)
    state, closing = settle(state, brief, now)
    return state, (*judged, *promoted, *finishing, *closing)


def _finish(state: BriefState, brief: Brief) -> tuple[BriefState, tuple[Command, ...]]:
    """Hand a candidate over to the finisher once it passed in every format."""
    jobs: list[Command] = []
    for rise in state.rises_in("refining"):
        passed = {
            job_id: attempt
            for job_id, attempt in state.attempts.items()
            if attempt.candidate_id == rise.candidate_id and attempt.state == "passed"
        }
        if len(passed) == len(brief.formats):
            published = identifiers.asset_id(brief.brief_id, rise.candidate_id) in state.assets
            state = state.move_rise(rise.candidate_id, "delivered" if published else "finishing")
            if not published:
                jobs.append(_finish_job(state, brief, rise, passed))
    return state, tuple(jobs)


def _finish_job(state: BriefState, brief: Brief, rise: Rise, passed: dict[str, Attempt]) -> FinishJob:
    order = {form.name: place for place, form in enumerate(brief.formats)}
    ids = sorted(passed, key=lambda job_id: order[passed[job_id].form_name])
    return FinishJob(
        job_id=identifiers.asset_id(brief.brief_id, rise.candidate_id),
        brief=brief,
        candidate_id=rise.candidate_id,
        promotion=rise.promotion,
        refinements=tuple(ids),
        drift=tuple(verdict for job_id in ids if (verdict := passed[job_id].verdict)),
        spent_usd=state.spent_usd,
    )
