"""The end of a brief: delivered, rejected, expired or failed, with the reason as a sentence."""

from __future__ import annotations

from datetime import datetime

from routing.brief.commands import Command
from routing.brief.refinements import handovers
from routing.brief.state import BriefState
from schemas.briefs import Brief
from schemas.outcomes import BriefOutcome, BriefOutcomeName


def close_if_done(state: BriefState, brief: Brief, now: datetime) -> tuple[BriefState, tuple[Command, ...]]:
    """Close the brief if no further event can change its outcome."""
    delivered = state.promoted_in("delivered")
    if len(delivered) >= brief.plan.promote:
        return close(state, brief, now, "delivered", _delivered_reason(state))
    if not state.drafts_accounted(brief) or state.promoted_in("refining", "finishing"):
        return state, ()
    if brief.review == "required" and state.review is None and any(not c.gates for c in state.candidates.values()):
        return state, ()
    if delivered:
        return close(state, brief, now, "delivered", _delivered_reason(state))
    return close(state, brief, now, "failed", _failure_reason(state, brief))


def close_at_deadline(state: BriefState, brief: Brief, now: datetime) -> tuple[BriefState, tuple[Command, ...]]:
    """Close the brief at its deadline: delivered if something is published, otherwise expired."""
    if state.assets:
        return close(state, brief, now, "delivered", f"{_delivered_reason(state)}; then the deadline was reached")
    seconds = round((brief.deadline_at - brief.created_at).total_seconds())
    progress = f"{len(state.candidates)} of {brief.plan.drafts} drafts scored, {len(state.rises)} promoted"
    asked = sum(attempt.state == "asked" for attempt in state.attempts.values())
    progress = f"{progress}, {asked} waiting for a reviewer" if asked else progress
    return close(state, brief, now, "expired", f"nothing was finished within {seconds} s: {progress}")


def close(
    state: BriefState, brief: Brief, now: datetime, name: BriefOutcomeName, reason: str
) -> tuple[BriefState, tuple[Command, ...]]:
    """The outcome, and a state that holds nothing else: closed boards are many and only their outcome matters."""
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


def unaffordable(brief: Brief) -> str:
    """Why the plan does not fit the budget, and which budget would."""
    least = brief.draft_usd + brief.refine_usd * len(brief.formats)
    return (
        f"the budget of ${brief.budget.per_brief_usd:.6f} a brief cannot pay one draft and one refinement in "
        f"{len(brief.formats)} formats: raise per_brief_usd to at least ${least:.6f}, or take cheaper models"
    )


def _delivered_reason(state: BriefState) -> str:
    failed = len(state.promoted_in("failed"))
    kept = f"{len(state.assets)} delivered of {len(state.candidates)} drafts"
    return f"{kept}; {failed} promoted and given up" if failed else kept


def _failure_reason(state: BriefState, brief: Brief) -> str:
    given_up = state.promoted_in("failed")
    if given_up:
        return f"{len(given_up)} promoted, none finished: {given_up[-1].reason}"
    if not state.candidates:
        reasons = sorted(set(state.failed_drafts.values()))
        return f"all {brief.plan.drafts} drafts failed: {'; '.join(reasons[:3])}"
    open_ones = [candidate for candidate in state.candidates.values() if not candidate.gates]
    if open_ones and all(handovers(brief, candidate) is None for candidate in open_ones):
        can = ", ".join(brief.refine_operations)
        found = ", ".join(sorted({candidate.finding.diagnosis for candidate in open_ones}))
        return f"{brief.plan.refine_model} does {can}, which corrects none of the faults: {found}"
    if open_ones:
        return "the rest of the budget cannot pay a refinement"
    reasons = sorted({reason for c in state.candidates.values() for reason in c.reasons[: len(c.gates)]})
    return f"none of {len(state.candidates)} drafts passed the gates: {'; '.join(reasons[:3])}"
