"""The decision on refinements that drifted: a second attempt, a question to a person, or the candidate is given up."""

from __future__ import annotations

from datetime import datetime

from pydantic import JsonValue

from routing.brief.commands import Command, lineage_step
from routing.brief.money import can_afford
from routing.brief.refinements import second_handover, second_job
from routing.brief.state import BriefState, PromotedCandidate, RefinementAttempt
from schemas.briefs import Brief
from schemas.refinements import DriftVerdict, Handover
from schemas.reviews import Review


def decide_drifted(state: BriefState, brief: Brief, now: datetime) -> tuple[BriefState, tuple[Command, ...]]:
    """Decide on every drifted refinement. Returns the state after it, and what is to be sent."""
    commands: list[Command] = []
    for job_id, attempt in state.attempts.items():
        if attempt.state in {"drifted", "asked"}:
            state, sent = _decide_one(state, brief, job_id, attempt, now)
            commands.extend(sent)
    return state, tuple(commands)


def _decide_one(
    state: BriefState, brief: Brief, job_id: str, attempt: RefinementAttempt, now: datetime
) -> tuple[BriefState, tuple[Command, ...]]:
    promoted = next(
        (promoted for promoted in state.promoted_in("refining") if promoted.candidate_id == attempt.candidate_id), None
    )
    verdict, review = attempt.verdict, state.words.get(job_id)
    if promoted is None or verdict is None:
        return state.with_attempt(job_id, attempt.model_copy(update={"state": "failed"})), ()
    if review is not None:
        return _decided_by_review(state, job_id, attempt, review), ()
    if attempt.state == "asked":
        return state, ()
    if attempt.number <= brief.drift.retries and not state.late and can_afford(state, brief, 1):
        handover = second_handover(brief, attempt.handover, verdict)
        if handover is not None:
            return _try_again(state, brief, job_id, attempt, promoted, handover, now)
    if brief.drift.then == "ask":
        asked = state.with_attempt(job_id, attempt.model_copy(update={"state": "asked"}))
        facts: dict[str, JsonValue] = {"reasons": list(verdict.reasons), "form": attempt.form_name}
        return asked, (lineage_step("refinement-questioned", brief, job_id, (attempt.candidate_id,), facts, now),)
    return _give_up(state, job_id, attempt, "; ".join(verdict.reasons)), ()


def _decided_by_review(state: BriefState, job_id: str, attempt: RefinementAttempt, review: Review) -> BriefState:
    """The attempt as a person decided on it."""
    by = f"{review.reviewer}: {review.note}" if review.note else review.reviewer
    if review.decision == "reject":
        return _give_up(state, job_id, attempt, f"rejected by {by}")
    reasons = (f"accepted by {by}", *(attempt.verdict.reasons if attempt.verdict else ()))
    verdict = DriftVerdict(job_id=job_id, passed=True, reasons=reasons)
    return state.with_attempt(job_id, attempt.model_copy(update={"state": "passed", "verdict": verdict}))


def _give_up(state: BriefState, job_id: str, attempt: RefinementAttempt, reason: str) -> BriefState:
    failed = state.with_attempt(job_id, attempt.model_copy(update={"state": "failed"}))
    return failed.give_up(attempt.candidate_id, f"{attempt.form_name} drifted: {reason}")


def _try_again(
    state: BriefState,
    brief: Brief,
    job_id: str,
    first: RefinementAttempt,
    promoted: PromotedCandidate,
    handover: Handover,
    now: datetime,
) -> tuple[BriefState, tuple[Command, ...]]:
    job = second_job(brief, state.candidates[first.candidate_id], promoted.promotion, handover, job_id, first)
    second = RefinementAttempt(candidate_id=first.candidate_id, form_name=first.form_name, number=2, handover=handover)
    state = state.with_attempt(job_id, first.model_copy(update={"state": "retried"})).with_attempt(job.job_id, second)
    facts: dict[str, JsonValue] = {"reason": handover.reason, "form": first.form_name, "strength": handover.strength}
    return state, (lineage_step("refinement-retried", brief, job.job_id, (job_id,), facts, now), job)
