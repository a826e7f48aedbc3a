"""What a brief needs of its budget and its accounts."""

from __future__ import annotations

from routing.brief.state import BriefState
from routing.money.budget import TOLERANCE_USD
from routing.planning.plan import WAVE
from schemas.briefs import Brief


def can_afford(state: BriefState, brief: Brief, refinements: int) -> bool:
    """Whether the budget of the brief allows this many more refinements (to a millionth of a dollar)."""
    price = brief.refine_usd * refinements
    return state.spent_usd + state.reserved_usd(brief) + price <= brief.budget.per_brief_usd + TOLERANCE_USD


def claim_usd(state: BriefState, brief: Brief) -> float:
    """What an open brief has spent and what its jobs, in flight or due next, may cost, in US dollars."""
    return state.spent_usd + state.reserved_usd(brief) + _drafts_out(state, brief) * brief.draft_usd


def in_flight_usd(state: BriefState, brief: Brief) -> float:
    """What jobs in flight may still cost when the brief ends; drafts beyond one wave were never sent."""
    return state.reserved_usd(brief) + min(_drafts_out(state, brief), WAVE) * brief.draft_usd


def _drafts_out(state: BriefState, brief: Brief) -> int:
    return max(0, brief.plan.drafts - len(state.candidates) - len(state.failed_drafts))
