"""Promotion: which candidates are promoted, and the jobs that follow.

The choice is greedy maximal marginal relevance (Carbonell and Goldstein, 1998): each pick maximises ``weight * score -
(1 - weight) * similarity to the nearest pick``, and a near-duplicate of a pick waits until nothing different is left.
Ties are broken by id, so the same candidates give the same choice in any order.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final

from pydantic import JsonValue

from routing.brief.candidate import Candidate
from routing.brief.commands import Command, lineage_step
from routing.brief.money import can_afford
from routing.brief.refinements import first_jobs, handovers
from routing.brief.state import BriefState, PromotedCandidate, RefinementAttempt
from routing.scoring.novelty import same_idea, signature_distance
from schemas.briefs import Brief
from schemas.lineage import LineageEvent
from schemas.refinements import Promotion

RELEVANCE_WEIGHT: Final = 0.7
"""Weight of the score against novelty; 0.7 is the usual middle of the 0.5 to 0.9 that the literature tries."""


def choose(candidates: Iterable[Candidate], count: int, taken: Sequence[Candidate] = ()) -> tuple[Candidate, ...]:
    """At most `count` candidates to promote, best first; `taken` are those promoted before.

    Never one with a failed gate; never a near-duplicate of a chosen one while a different one qualifies.
    """
    open_ids = {candidate.candidate_id for candidate in taken}
    pool = sorted(
        (c for c in candidates if not c.gates and c.candidate_id not in open_ids),
        key=lambda c: (-c.score, c.candidate_id),
    )
    chosen: list[Candidate] = []
    while pool and len(chosen) < count:
        best = max(pool, key=lambda c: _merit(c, [*taken, *chosen]))
        chosen.append(best)
        pool.remove(best)
    return tuple(chosen)


def _merit(candidate: Candidate, picks: Sequence[Candidate]) -> tuple[bool, float]:
    """The value of a pick beside `picks`: different ones first, then relevance against similarity."""
    if not picks:
        return True, candidate.score
    nearest = min(signature_distance(candidate.signature, pick.signature) for pick in picks)
    merit = RELEVANCE_WEIGHT * candidate.score - (1 - RELEVANCE_WEIGHT) * (1 - nearest)
    return not any(same_idea(candidate.signature, pick.signature) for pick in picks), merit


def promote(state: BriefState, brief: Brief, now: datetime) -> tuple[BriefState, tuple[Command, ...]]:
    """Promote as many candidates as are wanted, reviewed and paid for."""
    if not (state.drafts_accounted(brief) or state.pressed):
        return state, ()
    if brief.review == "required" and state.review is None:
        return state, ()
    wanted = brief.plan.promote - len(state.promoted_in("refining", "finishing", "delivered"))
    picks = choose(_eligible(state, brief), wanted, _taken(state)) if wanted > 0 else ()
    commands: list[Command] = []
    for pick in picks:
        if not can_afford(state, brief, len(brief.formats)):
            break
        state, sent = _promote_one(state, brief, pick, now)
        commands.extend(sent)
    return state, tuple(commands)


def _eligible(state: BriefState, brief: Brief) -> list[Candidate]:
    """The candidates that may be promoted and have a handover: all, or those that the reviewer named."""
    named = set(state.review.candidates) if state.review else set()
    open_ones = (c for c in state.candidates.values() if not named or c.candidate_id in named)
    return [c for c in open_ones if handovers(brief, c) is not None]


def _taken(state: BriefState) -> list[Candidate]:
    return [state.candidates[promoted.candidate_id] for promoted in state.rises]


def _promote_one(
    state: BriefState, brief: Brief, pick: Candidate, now: datetime
) -> tuple[BriefState, tuple[Command, ...]]:
    by_format = handovers(brief, pick) or {}
    promotion = Promotion(
        candidate_id=pick.candidate_id,
        rank=len(state.rises) + 1,
        score=pick.score,
        reasons=pick.reasons,
        handover=by_format.get(brief.draft_format.name) or next(iter(by_format.values())),
        decided_at=now,
    )
    jobs = first_jobs(brief, pick, promotion, by_format)
    attempts = {
        job.job_id: RefinementAttempt(candidate_id=pick.candidate_id, form_name=job.form.name, handover=job.handover)
        for job in jobs
    }
    state = state.changed(
        rises=(*state.rises, PromotedCandidate(promotion=promotion)), attempts=state.attempts | attempts
    )
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
    return lineage_step("candidate-promoted", brief, promotion.candidate_id, (brief.brief_id,), facts, now)
