"""Who goes up: as many candidates as are wanted, reviewed and paid for."""

from __future__ import annotations

from datetime import datetime

from pydantic import JsonValue

from routing.brief.promotion import Candidate, choose
from routing.brief.refining import first_jobs, handovers
from routing.brief.state import Attempt, BriefState, Rise
from routing.brief.steps import Command, note, pays
from schemas.briefs import Brief
from schemas.lineage import LineageEvent
from schemas.refinements import Promotion


def promote(state: BriefState, brief: Brief, now: datetime) -> tuple[BriefState, tuple[Command, ...]]:
    """Send up as many candidates as are wanted, reviewed and paid for."""
    if not (state.drafts_accounted(brief) or state.pressed):
        return state, ()
    if brief.review == "required" and state.review is None:
        return state, ()
    wanted = brief.plan.promote - len(state.rises_in("refining", "finishing", "delivered"))
    picks = choose(_eligible(state, brief), wanted, _taken(state)) if wanted > 0 else ()
    commands: list[Command] = []
    for pick in picks:
        if not pays(state, brief, len(brief.formats)):
            break
        state, sent = _raise_candidate(state, brief, pick, now)
        commands.extend(sent)
    return state, tuple(commands)


def _eligible(state: BriefState, brief: Brief) -> list[Candidate]:
    """The candidates that may go up and that there is a way for: all, or those that the reviewer named."""
    named = set(state.review.candidates) if state.review else set()
    open_ones = (c for c in state.candidates.values() if not named or c.candidate_id in named)
    return [c for c in open_ones if handovers(brief, c) is not None]


def _taken(state: BriefState) -> list[Candidate]:
    return [state.candidates[rise.candidate_id] for rise in state.rises]


def _raise_candidate(
    state: BriefState, brief: Brief, pick: Candidate, now: datetime
) -> tuple[BriefState, tuple[Command, ...]]:
    ways = handovers(brief, pick) or {}
    promotion = Promotion(
        candidate_id=pick.candidate_id,
        rank=len(state.rises) + 1,
        score=pick.score,
        reasons=pick.reasons,
        handover=ways.get(brief.draft_format.name) or next(iter(ways.values())),
        decided_at=now,
    )
    jobs = first_jobs(brief, pick, promotion, ways)
    attempts = {
        job.job_id: Attempt(candidate_id=pick.candidate_id, form_name=job.form.name, handover=job.handover)
        for job in jobs
    }
    state = state.changed(rises=(*state.rises, Rise(promotion=promotion)), attempts=state.attempts | attempts)
    return state, (_promoted_event(brief, promotion, now), *jobs)


def _promoted_event(brief: Brief, promotion: Promotion, now: datetime) -> LineageEvent:
    handover = promotion.handover
    facts: dict[str, JsonValue] = {
        "rank": promotion.rank,
        "score": promotion.score,
        "reasons": list(promotion.reasons),
        "diagnosis": handover.diagnosis,
        "operation": handover.operation,
        "strength": handover.strength,
        "edit": handover.edit,
        "changes": list(handover.changes),
    }
    return note("candidate-promoted", brief, promotion.candidate_id, (brief.brief_id,), facts, now)
