"""The decisions on a brief: promote, finish, close.

Each follows from the state alone; `now` only stamps what is sent.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from routing.brief_state import Attempt, BriefState, Rise
from routing.handover import choose_handover
from routing.planning import affordable, prompt_for
from routing.promotion import Candidate, choose
from schemas import identifiers
from schemas.briefs import Brief
from schemas.campaigns import Format
from schemas.generations import GenerationRequest
from schemas.lineage import LineageEvent
from schemas.outcomes import BriefOutcome, BriefOutcomeName
from schemas.refinements import FinishJob, Promotion, RefineJob

Command = RefineJob | FinishJob | BriefOutcome | LineageEvent
"""What a board asks for: messages to be sent."""

WORKER: Final = "promoter"


def decide(state: BriefState, now: datetime) -> tuple[BriefState, tuple[Command, ...]]:
    """What follows from what is known: the state after the decisions, and the messages to send."""
    brief = state.brief
    if brief is None:
        return state, ()
    if not affordable(brief):
        return _close(state, brief, now, "failed", _unaffordable(brief))
    if state.review is not None and state.review.decision == "reject":
        note = f": {state.review.note}" if state.review.note else ""
        return _close(state, brief, now, "rejected", f"rejected by {state.review.reviewer}{note}")
    if state.expired:
        return _close_at_deadline(state, brief, now)
    state, promoted = _promote(state, brief, now)
    state, finishing = _finish(state, brief)
    state, closing = _settle(state, brief, now)
    return state, (*promoted, *finishing, *closing)


def _promote(state: BriefState, brief: Brief, now: datetime) -> tuple[BriefState, tuple[Command, ...]]:
    """Send up as many candidates as are wanted, reviewed and paid for."""
    if not (state.drafts_accounted(brief) or state.pressed):
        return state, ()
    if brief.review == "required" and state.review is None:
        return state, ()
    wanted = brief.plan.promote - len(state.rises_in("refining", "finishing", "delivered"))
    picks = choose(_eligible(state), wanted, _taken(state)) if wanted > 0 else ()
    commands: list[Command] = []
    for pick in picks:
        price = brief.refine_usd * len(brief.formats)
        if state.spent_usd + state.reserved_usd(brief) + price > brief.budget.per_brief_usd + 1e-6:
            break
        state, sent = _raise_candidate(state, brief, pick, now)
        commands.extend(sent)
    return state, tuple(commands)


def _eligible(state: BriefState) -> list[Candidate]:
    """The candidates that may go up: all, or those that the reviewer named."""
    named = set(state.review.candidates) if state.review else set()
    return [c for c in state.candidates.values() if not named or c.candidate_id in named]


def _taken(state: BriefState) -> list[Candidate]:
    return [state.candidates[rise.candidate_id] for rise in state.rises]


def _raise_candidate(
    state: BriefState, brief: Brief, pick: Candidate, now: datetime
) -> tuple[BriefState, tuple[Command, ...]]:
    promotion = Promotion(
        candidate_id=pick.candidate_id,
        rank=len(state.rises) + 1,
        score=pick.score,
        reasons=pick.reasons,
        handover=choose_handover(brief.refine_operations, has_draft=True),
        decided_at=now,
    )
    jobs = tuple(_refine_job(brief, pick, promotion, form) for form in brief.formats)
    attempts = {job.job_id: Attempt(candidate_id=pick.candidate_id, form_name=job.form.name) for job in jobs}
    state = state.changed(rises=(*state.rises, Rise(promotion=promotion)), attempts=state.attempts | attempts)
    return state, (_promoted_event(brief, promotion, now), *jobs)


def _refine_job(brief: Brief, pick: Candidate, promotion: Promotion, form: Format) -> RefineJob:
    handover = promotion.handover
    return RefineJob(
        brief_id=brief.brief_id,
        campaign_id=brief.campaign_id,
        lane=brief.lane,
        candidate_id=pick.candidate_id,
        variant=pick.variant,
        candidate_image=pick.image,
        same_format_as_draft=form.name == brief.draft_format.name,
        attempt=1,
        promotion=promotion,
        handover=handover,
        form=form,
        request=GenerationRequest(
            job_id=identifiers.refinement_id(pick.candidate_id, brief.plan.refine_model, form.name, 1),
            operation=handover.operation,
            model=brief.plan.refine_model,
            prompt=prompt_for(brief, pick.variant),
            size=form.size,
            safe_area=form.safe_area,
            seed=identifiers.seed_for(brief.brief_id, pick.variant),
            references=(pick.image,) if handover.operation != "text-to-image" else (),
            strength=handover.strength,
            deadline_at=brief.deadline_at,
        ),
        deadline_at=brief.deadline_at,
    )


def _promoted_event(brief: Brief, promotion: Promotion, now: datetime) -> LineageEvent:
    return LineageEvent(
        step="candidate-promoted",
        worker=WORKER,
        subject_id=promotion.candidate_id,
        parent_ids=(brief.brief_id,),
        brief_id=brief.brief_id,
        facts={
            "rank": promotion.rank,
            "score": promotion.score,
            "reasons": list(promotion.reasons),
            "operation": promotion.handover.operation,
        },
        at=now,
    )


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


def _settle(state: BriefState, brief: Brief, now: datetime) -> tuple[BriefState, tuple[Command, ...]]:
    """Close the brief when nothing more can come of it."""
    delivered = state.rises_in("delivered")
    if len(delivered) >= brief.plan.promote:
        return _close(state, brief, now, "delivered", _delivered_reason(state))
    if not state.drafts_accounted(brief) or state.rises_in("refining", "finishing"):
        return state, ()
    if brief.review == "required" and state.review is None and any(not c.gates for c in state.candidates.values()):
        return state, ()
    if delivered:
        return _close(state, brief, now, "delivered", _delivered_reason(state))
    return _close(state, brief, now, "failed", _failure_reason(state, brief))


def _close_at_deadline(state: BriefState, brief: Brief, now: datetime) -> tuple[BriefState, tuple[Command, ...]]:
    if state.assets:
        return _close(state, brief, now, "delivered", f"{_delivered_reason(state)}; then the deadline came")
    seconds = round((brief.deadline_at - brief.created_at).total_seconds())
    came = f"{len(state.candidates)} of {brief.plan.drafts} drafts scored, {len(state.rises)} promoted"
    return _close(state, brief, now, "expired", f"nothing was finished within {seconds} s: {came}")


def _close(
    state: BriefState, brief: Brief, now: datetime, name: BriefOutcomeName, reason: str
) -> tuple[BriefState, tuple[Command, ...]]:
    """The outcome, and a state that holds nothing else: closed boards are many and only their end matters."""
    outcome = BriefOutcome(
        brief_id=brief.brief_id,
        signal_id=brief.signal.signal_id,
        campaign_id=brief.campaign_id,
        name=name,
        reason=reason,
        assets=tuple(sorted(state.assets)),
        drafts=len(state.candidates),
        promoted=len(state.rises),
        refined=sum(attempt.verdict is not None for attempt in state.attempts.values()),
        spent_usd=state.spent_usd,
        decided_at=now,
    )
    return BriefState(brief_id=state.brief_id, outcome=outcome), (outcome,)


def _unaffordable(brief: Brief) -> str:
    least = brief.draft_usd + brief.refine_usd * len(brief.formats)
    return (
        f"the budget of ${brief.budget.per_brief_usd:.6f} a brief cannot pay one draft and one refinement in "
        f"{len(brief.formats)} formats: raise per_brief_usd to at least ${least:.6f}, or take cheaper models"
    )


def _delivered_reason(state: BriefState) -> str:
    failed = len(state.rises_in("failed"))
    kept = f"{len(state.assets)} delivered of {len(state.candidates)} drafts"
    return f"{kept}; {failed} promoted and given up" if failed else kept


def _failure_reason(state: BriefState, brief: Brief) -> str:
    given_up = state.rises_in("failed")
    if given_up:
        return f"{len(given_up)} promoted, none finished: {given_up[-1].reason}"
    if not state.candidates:
        reasons = sorted(set(state.failed_drafts.values()))
        return f"all {brief.plan.drafts} drafts failed: {'; '.join(reasons[:3])}"
    open_ones = [candidate for candidate in state.candidates.values() if not candidate.gates]
    if open_ones:
        return "the rest of the budget does not pay a refinement"
    said = sorted({reason for c in state.candidates.values() for reason in c.reasons[: len(c.gates)]})
    return f"none of {len(state.candidates)} drafts passed the gates: {'; '.join(said[:3])}"
