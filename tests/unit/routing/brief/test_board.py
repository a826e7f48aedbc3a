"""The life of a brief: what a board does, in whatever order its events arrive."""

from __future__ import annotations

import random
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from routing.brief.board import KEPT_CLOSED, Board
from routing.brief.commands import Command
from routing.brief.state import LATE
from routing.planning.plan import draft_jobs
from schemas.base import Event
from schemas.briefs import Brief
from schemas.campaigns import Budget, DriftPolicy, TierPlan
from schemas.drafts import Draft
from schemas.failures import DeadlineReached
from schemas.identifiers import asset_id
from schemas.lineage import LineageEvent
from schemas.outcomes import BriefOutcome
from schemas.refinements import FinishJob, RefineJob, Refinement
from tests.support.factories import (
    after,
    make_asset,
    make_brief,
    make_draft,
    make_failure,
    make_generation,
    make_measurement,
    make_review,
    make_scorecard,
    make_signature,
)

NOW = after(10)


def drafts_of(brief: Brief) -> list[Draft]:
    return [Draft(job=job, generation=make_generation(job.request)) for job in draft_jobs(brief)]


def scored(draft: Draft, merit: float = 7.0, twin: int | None = None) -> Event:
    """The scorecard of `draft`; those with the same `twin` look the same."""
    variant = draft.job.variant if twin is None else twin
    return make_scorecard(
        draft,
        measurements=tuple(
            make_measurement(name, merit, unit="ratio to 1", low=1, high=21)
            for name in ("text.contrast", "text.contrast.headline")
        ),
        signature=make_signature(phash=f"{(variant + 1) * 0x0123_4567_89AB_CDEF % 2**64:016x}"),
    )


def refined(job: RefineJob, structure: float = 0.95) -> Event:
    return make_scorecard(
        Refinement(job=job, generation=make_generation(job.request)),
        drift=(make_measurement("drift.structure", structure, unit="SSIM", low=-1, high=1),),
    )


def published(job: FinishJob) -> Event:
    return make_asset(job.brief, asset_id=job.job_id, candidate_id=job.candidate_id)


def deadline(brief: Brief) -> DeadlineReached:
    return DeadlineReached(brief_id=brief.brief_id, due_at=brief.deadline_at)


def feed(board: Board, *events: Event) -> tuple[Board, list[Command]]:
    sent: list[Command] = []
    for event in events:
        board, commands = board.apply(event, NOW)
        sent.extend(commands)
    return board, sent


def of(kind: type, commands: list[Command]) -> list:
    return [command for command in commands if isinstance(command, kind)]


def promoted_board(brief: Brief) -> tuple[Board, list[RefineJob]]:
    board, sent = feed(Board.new(brief.brief_id), brief, *(scored(draft) for draft in drafts_of(brief)))
    return board, of(RefineJob, sent)


def test_nothing_happens_before_every_draft_is_accounted_for() -> None:
    brief = make_brief()
    drafts = drafts_of(brief)
    board, sent = feed(Board.new(brief.brief_id), brief, *(scored(draft) for draft in drafts[:-1]))
    assert sent == []
    _, sent = feed(board, scored(drafts[-1]))
    assert len(of(RefineJob, sent)) == len(brief.formats)


def test_a_brief_is_delivered_when_its_candidate_is_published() -> None:
    brief = make_brief()
    board, jobs = promoted_board(brief)
    board, sent = feed(board, *(refined(job) for job in jobs))
    (finish,) = of(FinishJob, sent)
    board, sent = feed(board, published(finish))
    (outcome,) = of(BriefOutcome, sent)
    assert outcome.name == "delivered"
    assert outcome.assets == (finish.job_id,)
    assert outcome.refined == len(brief.formats)


def test_the_best_candidate_is_promoted() -> None:
    brief = make_brief()
    drafts = drafts_of(brief)
    cards = [scored(draft, 7.0 if draft.job.variant == 3 else 4.6) for draft in drafts]
    _, sent = feed(Board.new(brief.brief_id), brief, *cards)
    assert {job.candidate_id for job in of(RefineJob, sent)} == {drafts[3].job.job_id}
    (note,) = of(LineageEvent, sent)
    assert note.facts["rank"] == 1


def test_scorecards_may_arrive_before_their_brief() -> None:
    brief = make_brief()
    board, sent = feed(Board.new(brief.brief_id), *(scored(draft) for draft in drafts_of(brief)))
    assert sent == []
    _, sent = feed(board, brief)
    assert len(of(RefineJob, sent)) == len(brief.formats)


def test_a_redelivered_event_changes_nothing() -> None:
    brief = make_brief()
    board, jobs = promoted_board(brief)
    for event in (brief, scored(drafts_of(brief)[0])):
        again, commands = board.apply(event, NOW)
        assert again is board
        assert commands == ()
    once, _ = board.apply(refined(jobs[0]), NOW)
    twice, commands = once.apply(refined(jobs[0]), NOW)
    assert twice is once
    assert commands == ()


def test_a_drifted_refinement_is_retried_with_less_strength_and_then_the_next_best_is_promoted() -> None:
    brief = make_brief()
    board, jobs = promoted_board(brief)
    board, sent = feed(board, refined(jobs[0], structure=0.05))
    (again,) = of(RefineJob, sent)
    assert (again.candidate_id, again.form, again.attempt) == (jobs[0].candidate_id, jobs[0].form, 2)
    assert again.request.strength == pytest.approx((jobs[0].request.strength or 0.0) / 2)
    drifted, retried = of(LineageEvent, sent)
    assert (drifted.step, drifted.subject_id) == ("refinement-drifted", jobs[0].job_id)
    assert (retried.step, retried.parent_ids) == ("refinement-retried", (jobs[0].job_id,))
    assert "SSIM 0.05" in str(drifted.facts["reasons"])
    board, sent = feed(board, refined(again, structure=0.05))
    replacement = of(RefineJob, sent)
    assert len(replacement) == len(brief.formats)
    assert {job.candidate_id for job in replacement} != {jobs[0].candidate_id}
    assert "drifted" in board.state.rises[0].reason


def test_a_second_attempt_that_passes_completes_the_candidate() -> None:
    brief = make_brief()
    board, jobs = promoted_board(brief)
    board, sent = feed(board, *(refined(job) for job in jobs[1:]), refined(jobs[0], structure=0.05))
    board, sent = feed(board, refined(of(RefineJob, sent)[0]))
    (finish,) = of(FinishJob, sent)
    assert jobs[0].job_id not in finish.refinements
    assert len(finish.refinements) == len(brief.formats)


@pytest.mark.parametrize(
    "changes",
    [
        {"drift": DriftPolicy(retries=0)},
        {"budget": Budget(per_brief_usd=0.0185, per_day_usd=1.0), "planned_usd": 0.0185},
    ],
)
def test_nothing_is_retried_without_permission_or_money(changes: dict[str, Any]) -> None:
    brief = make_brief().model_copy(update=changes)
    board, jobs = promoted_board(brief)
    _, sent = feed(board, refined(jobs[0], structure=0.05))
    assert jobs[0].candidate_id not in {job.candidate_id for job in of(RefineJob, sent)}


def test_nothing_is_retried_late() -> None:
    brief = make_brief()
    board, jobs = promoted_board(brief)
    due = brief.created_at + LATE * (brief.deadline_at - brief.created_at)
    board, _ = feed(board, DeadlineReached(brief_id=brief.brief_id, due_at=due))
    assert board.next_due() == brief.deadline_at
    _, sent = feed(board, refined(jobs[0], structure=0.05))
    assert jobs[0].candidate_id not in {job.candidate_id for job in of(RefineJob, sent)}


def asking_board() -> tuple[Brief, Board, list[RefineJob]]:
    brief = make_brief().model_copy(update={"drift": DriftPolicy(retries=0, then="ask")})
    board, jobs = promoted_board(brief)
    board, sent = feed(board, *(refined(job) for job in jobs[1:]), refined(jobs[0], structure=0.05))
    assert of(LineageEvent, sent)[-1].step == "refinement-questioned"
    assert of(RefineJob, sent) == []
    return brief, board, jobs


def test_a_person_accepts_a_refinement_that_drifted() -> None:
    brief, board, jobs = asking_board()
    _, sent = feed(board, make_review(brief, decision="approve", reviewer="ada", refinement=jobs[0].job_id))
    (finish,) = of(FinishJob, sent)
    assert jobs[0].job_id in finish.refinements
    assert any("accepted by ada" in reason for verdict in finish.drift for reason in verdict.reasons)


def test_a_person_rejects_a_refinement_that_drifted() -> None:
    brief, board, jobs = asking_board()
    _, sent = feed(board, make_review(brief, decision="reject", reviewer="ada", refinement=jobs[0].job_id))
    assert jobs[0].candidate_id not in {job.candidate_id for job in of(RefineJob, sent)}
    assert len(of(RefineJob, sent)) == len(brief.formats)


def test_a_review_that_arrives_before_its_refinement_counts() -> None:
    brief = make_brief().model_copy(update={"drift": DriftPolicy(retries=0, then="ask")})
    board, jobs = promoted_board(brief)
    word = make_review(brief, decision="approve", refinement=jobs[0].job_id)
    _, sent = feed(board, word, *(refined(job) for job in jobs[1:]), refined(jobs[0], structure=0.05))
    assert len(of(FinishJob, sent)) == 1


def test_the_deadline_does_not_wait_for_a_review() -> None:
    brief, board, _ = asking_board()
    _, sent = feed(board, deadline(brief))
    (outcome,) = of(BriefOutcome, sent)
    assert outcome.name == "expired"
    assert "1 waiting for a reviewer" in outcome.reason


def test_a_brief_whose_refine_model_corrects_nothing_says_so() -> None:
    brief = make_brief().model_copy(update={"refine_operations": ("upscale",)})
    _, sent = feed(Board.new(brief.brief_id), brief, *(scored(draft) for draft in drafts_of(brief)))
    (outcome,) = of(BriefOutcome, sent)
    assert outcome.name == "failed"
    assert "corrects none of the faults" in outcome.reason


def test_after_a_failed_refinement_the_next_best_is_promoted_while_money_lasts() -> None:
    brief = make_brief()
    tight = brief.model_copy(update={"budget": Budget(per_brief_usd=0.02, per_day_usd=1.0)})
    board, jobs = promoted_board(tight)
    failure = make_failure(jobs[0], stage="refine", spent_usd=0.004)
    _, sent = feed(board, failure)
    (outcome,) = of(BriefOutcome, sent)
    assert outcome.name == "failed"
    assert of(RefineJob, sent) == []


def test_failed_drafts_are_accounted_for() -> None:
    brief = make_brief()
    drafts = drafts_of(brief)
    failures = [make_failure(draft.job, stage="draft", reason="refused: violence") for draft in drafts[1:]]
    _, sent = feed(Board.new(brief.brief_id), brief, *failures, scored(drafts[0]))
    assert {job.candidate_id for job in of(RefineJob, sent)} == {drafts[0].job.job_id}


def test_a_brief_whose_drafts_all_fail_says_why() -> None:
    brief = make_brief()
    failures = [make_failure(d.job, stage="draft", reason="refused: violence") for d in drafts_of(brief)]
    _, sent = feed(Board.new(brief.brief_id), brief, *failures)
    (outcome,) = of(BriefOutcome, sent)
    assert outcome.name == "failed"
    assert "refused: violence" in outcome.reason


def test_no_gated_candidate_is_promoted() -> None:
    brief = make_brief()
    board, sent = feed(Board.new(brief.brief_id), brief, *(scored(draft, 1.5) for draft in drafts_of(brief)))
    assert of(RefineJob, sent) == []
    (outcome,) = of(BriefOutcome, sent)
    assert outcome.name == "failed"
    assert "gates" in outcome.reason
    assert board.state.outcome == outcome


def test_an_impossible_budget_fails_with_the_budget_that_would_be_enough() -> None:
    brief = make_brief(budget=Budget(per_brief_usd=0.001, per_day_usd=0.001), planned_usd=0.0165)
    _, sent = feed(Board.new(brief.brief_id), brief)
    (outcome,) = of(BriefOutcome, sent)
    assert outcome.name == "failed"
    assert "at least $0.016500" in outcome.reason
    assert draft_jobs(brief) == ()


def test_the_deadline_expires_a_brief_without_an_asset() -> None:
    brief = make_brief()
    board, _ = promoted_board(brief)
    board, sent = feed(board, deadline(brief))
    (outcome,) = of(BriefOutcome, sent)
    assert outcome.name == "expired"
    assert board.apply(deadline(brief), NOW) == (board, ())


def test_the_deadline_delivers_what_is_published() -> None:
    brief = make_brief(plan=TierPlan(drafts=6, promote=2))
    board, jobs = promoted_board(brief)
    first = [job for job in jobs if job.candidate_id == jobs[0].candidate_id]
    board, sent = feed(board, *(refined(job) for job in first))
    (finish,) = of(FinishJob, sent)
    _, sent = feed(board, published(finish), deadline(brief))
    (outcome,) = of(BriefOutcome, sent)
    assert (outcome.name, outcome.assets) == ("delivered", (finish.job_id,))


def test_promotion_stops_waiting_for_drafts_halfway_to_the_deadline() -> None:
    brief = make_brief()
    drafts = drafts_of(brief)
    board, sent = feed(Board.new(brief.brief_id), brief, scored(drafts[0]), scored(drafts[1]))
    assert sent == []
    due = board.next_due()
    assert due is not None
    assert brief.created_at < due < brief.deadline_at
    board, sent = feed(board, DeadlineReached(brief_id=brief.brief_id, due_at=due))
    assert len(of(RefineJob, sent)) == len(brief.formats)
    later = board.next_due()
    assert later is not None
    assert due < later < brief.deadline_at


def test_a_required_review_is_awaited_and_its_candidates_are_promoted() -> None:
    brief = make_brief(review="required")
    board, jobs = promoted_board(brief)
    assert jobs == []
    named = drafts_of(brief)[4].job.job_id
    _, sent = feed(board, make_review(brief, decision="approve", candidates=(named,)))
    assert {job.candidate_id for job in of(RefineJob, sent)} == {named}


def test_a_rejected_brief_names_the_reviewer() -> None:
    brief = make_brief(review="required")
    board, _ = promoted_board(brief)
    _, sent = feed(board, make_review(brief, decision="reject", reviewer="ada", note="off tone"))
    (outcome,) = of(BriefOutcome, sent)
    assert outcome.name == "rejected"
    assert outcome.reason == "rejected by ada: off tone"


def test_a_closed_board_is_forgotten_after_its_time() -> None:
    brief = make_brief()
    board, _ = feed(Board.new(brief.brief_id), brief, deadline(brief))
    assert board.next_due() == NOW + KEPT_CLOSED
    early = DeadlineReached(brief_id=brief.brief_id, due_at=NOW + KEPT_CLOSED - timedelta(seconds=1))
    late = DeadlineReached(brief_id=brief.brief_id, due_at=NOW + KEPT_CLOSED)
    assert not board.forgotten_by(early)
    assert board.forgotten_by(late)


def test_a_board_is_equal_after_a_json_round_trip() -> None:
    brief = make_brief()
    board, jobs = promoted_board(brief)
    again = Board.model_validate_json(board.model_dump_json(exclude_defaults=True))
    assert again == board
    assert of(FinishJob, feed(again, *(refined(job) for job in jobs))[1])


def test_an_asset_of_a_lost_board_counts_once_its_candidate_is_promoted_again() -> None:
    """A crash may lose the last board after publication: redelivered events must not wait for a second asset."""
    brief = make_brief()
    _, jobs = promoted_board(brief)
    candidate = jobs[0].candidate_id
    asset = make_asset(brief, candidate_id=candidate, asset_id=asset_id(brief.brief_id, candidate))
    board, _ = feed(Board.new(brief.brief_id), asset, brief, *(scored(draft) for draft in drafts_of(brief)))
    _, sent = feed(board, *(refined(job) for job in jobs))
    assert of(FinishJob, sent) == []
    assert of(BriefOutcome, sent)[0].name == "delivered"


def test_an_unknown_event_is_rejected() -> None:
    with pytest.raises(TypeError, match="LineageEvent"):
        Board.new("brf-1").apply(LineageEvent(step="draft-made", worker="x", subject_id="a", at=NOW), NOW)


class World:
    """Plays the other workers: answers every command with an event, in random order, twice, or with a failure."""

    def __init__(self, brief: Brief, chance: random.Random, failing: float) -> None:
        self.brief = brief
        self.chance = chance
        self.failing = failing
        self.pending: list[Event] = [brief]
        for draft in drafts_of(brief):
            failed = chance.random() < failing
            merit = chance.uniform(1.5, 12.0)
            self.pending.append(make_failure(draft.job, stage="draft") if failed else scored(draft, merit))
        self.jobs: list[RefineJob] = []
        self.outcomes: list[BriefOutcome] = []

    def answer(self, command: Command) -> None:
        match command:
            case RefineJob():
                self.jobs.append(command)
                roll = self.chance.random()
                if roll < self.failing / 2:
                    self.pending.append(make_failure(command, stage="refine"))
                else:
                    self.pending.append(refined(command, 0.1 if roll < self.failing else 0.95))
            case FinishJob():
                self.pending.append(published(command))
            case BriefOutcome():
                self.outcomes.append(command)
            case _:
                pass

    def run(self) -> Board:
        board = Board.new(self.brief.brief_id)
        while self.pending:
            event = self.pending.pop(self.chance.randrange(len(self.pending)))
            if self.chance.random() < 0.2:
                self.pending.append(event)
            board, commands = board.apply(event, NOW)
            for command in commands:
                self.answer(command)
            self.check(board)
        return board

    def check(self, board: Board) -> None:
        live = board.state.promoted_in("refining", "finishing", "delivered")
        assert len(live) <= self.brief.plan.promote
        assert len(self.outcomes) <= 1
        gated = {c.candidate_id for c in board.state.candidates.values() if c.gates}
        assert gated.isdisjoint(rise.candidate_id for rise in board.state.rises)


@settings(max_examples=60, deadline=None)
@given(
    seed=st.integers(0, 2**32),
    drafts=st.integers(1, 8),
    promote=st.integers(1, 4),
    failing=st.sampled_from([0.0, 0.2, 0.6, 1.0]),
)
def test_every_brief_ends_once_in_any_order(seed: int, drafts: int, promote: int, failing: float) -> None:
    plan = TierPlan(drafts=drafts, promote=min(promote, drafts), draft_format="portrait")
    brief = make_brief(plan=plan)
    world = World(brief, random.Random(seed), failing)
    board = world.run()
    (outcome,) = world.outcomes
    assert outcome.name in {"delivered", "failed"}
    assert board.state.outcome == outcome
    ids = [job.job_id for job in world.jobs]
    assert len(ids) == len(set(ids)), "a refinement was ordered twice"


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 2**32), promote=st.integers(1, 4), failing=st.sampled_from([0.0, 0.3]))
def test_the_same_events_promote_the_same_candidates_in_any_order(seed: int, promote: int, failing: float) -> None:
    """Scored, gated, failed, near-duplicate and repeated drafts, with the brief anywhere among them."""
    chance = random.Random(seed)
    brief = make_brief(plan=TierPlan(drafts=8, promote=promote, draft_format="portrait"))
    events: list[Event] = [
        make_failure(draft.job, stage="draft")
        if chance.random() < failing
        else scored(draft, chance.choice([1.5, 4.6, 5.5, 7.0, 12.0]), twin=chance.randrange(4))
        for draft in drafts_of(brief)
    ]
    shuffled = [brief, *events, *chance.sample(events, 3)]
    chance.shuffle(shuffled)
    board, _ = feed(Board.new(brief.brief_id), *shuffled)
    expected, _ = feed(Board.new(brief.brief_id), brief, *sorted(events, key=str))
    assert board == expected
    risen = [rise.candidate_id for rise in board.state.rises]
    assert len(risen) <= promote
    assert not any(board.state.candidates[candidate].gates for candidate in risen)


def test_draft_factory_matches_planned_jobs() -> None:
    brief = make_brief()
    assert make_draft(brief, variant=2).job.variant == drafts_of(brief)[2].job.variant
