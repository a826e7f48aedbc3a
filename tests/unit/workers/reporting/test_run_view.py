"""The read model is the same for any order of events, and its sums add up."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from routing.scoring.score import Score
from tests.support import factories as make
from tests.support.scenario import whole_run
from workers.reporting.run_view import RunView

STORY = whole_run(drafts=2, formats=(make.PORTRAIT, make.LANDSCAPE))
EVENTS = STORY.events


def view_of(events):
    view = RunView()
    view.apply_all(events)
    return view


def everything(view):
    """All that the view answers, to be compared."""
    return view.summary(), view.stages(), [view.details(brief) for brief in view.brief_ids()], view.recent


@settings(max_examples=25, deadline=None)
@given(st.permutations(range(len(EVENTS))), st.lists(st.integers(0, len(EVENTS) - 1), max_size=20))
def test_events_may_come_twice_and_in_any_order(order, again):
    shuffled = view_of([EVENTS[index] for index in (*order, *again)])
    assert everything(shuffled) == everything(view_of(EVENTS))


@settings(max_examples=25, deadline=None)
@given(st.sets(st.integers(0, len(EVENTS) - 1)))
def test_any_part_of_a_run_gives_a_view(indices):
    view = view_of([EVENTS[index] for index in sorted(indices)])
    summary = view.summary()
    assert sum(summary.outcomes.values()) <= summary.signals
    assert all(stage.done <= stage.expected for stage in view.stages())
    assert len([view.details(brief) for brief in view.brief_ids()]) == summary.briefs


def test_the_outcomes_of_a_whole_run_add_up():
    view = view_of(EVENTS)
    summary = view.summary()
    assert sum(summary.outcomes.values()) == summary.signals == 12
    assert summary.brief_outcomes == {"delivered": 3, "failed": 1}
    assert (summary.drafts, summary.promoted, summary.refined, summary.assets) == (6, 3, 6, 3)
    assert view.complete(view.signal_ids())


def test_an_asset_that_arrives_on_two_topics_counts_once():
    asset = make.make_asset()
    assert view_of([asset, asset]).summary().assets == 1


def test_the_cost_is_that_of_every_generation_and_failure():
    brief = make.make_brief()
    drafts = [make.make_draft(brief, variant, price_usd=0.01) for variant in range(3)]
    paid_twice = make.make_draft(brief, 0, price_usd=0.02, provider_request_id="another-request")
    final = make.make_refinement(brief, drafts[0], price_usd=0.10)
    failure = make.make_failure(make.make_draft_job(brief, 3), spent_usd=0.005)
    view = view_of([brief, *drafts, *drafts, paid_twice, final, final, failure, failure])
    assert view.cost_usd() == pytest.approx(0.03 + 0.02 + 0.10 + 0.005)
    assert view.details(brief.brief_id).cost_usd == pytest.approx(view.cost_usd())
    assert view.summary().drafts == 3


def test_flagship_alone_pays_every_draft_and_the_other_formats_at_the_measured_price():
    brief = make.make_brief(refine_usd=9.0)
    drafts = [make.make_draft(brief, variant) for variant in range(5)]
    finals = [
        make.make_refinement(brief, drafts[0], form=form, price_usd=price)
        for form, price in ((make.PORTRAIT, 0.10), (make.SQUARE, 0.20), (make.STORY, 0.30))
    ]
    again = make.make_refinement(brief, drafts[0], form=make.STORY, attempt=2, price_usd=0.20)
    view = view_of([brief, *drafts, *finals, again])
    assert view.flagship_only_usd() == pytest.approx((5 + 2) * 0.20)
    mean = sum(each.generation.seconds for each in view.refinements.values()) / len(view.refinements)
    assert view.flagship_only_seconds() == pytest.approx((5 + 2) * mean)
    assert view.model_seconds() == pytest.approx(sum(made.seconds for made in view.generations.values()))


def test_flagship_alone_falls_back_to_the_price_of_the_plan():
    brief = make.make_brief(refine_usd=0.5)
    assert view_of([brief, make.make_draft(brief)]).flagship_only_usd() == pytest.approx(0.5)


def test_a_run_is_complete_when_every_named_brief_has_its_outcome():
    brief = make.make_brief()
    signal = brief.signal
    view = view_of([signal])
    assert not view.complete([signal.signal_id])
    view.apply(make.make_signal_outcome(signal, "briefed", briefs=(brief.brief_id,)))
    assert not view.complete([signal.signal_id])
    view.apply(make.make_brief_outcome(brief))
    assert view.complete([signal.signal_id])
    assert not view.complete([signal.signal_id, "sig-other"])


def test_a_decision_replaces_held_in_either_order():
    signal = make.make_signal()
    held = make.make_signal_outcome(signal, "held", decided_at=make.after(1))
    decided = make.make_signal_outcome(signal, "blocked", decided_at=make.after(60))
    assert view_of([held, decided]).outcomes() == view_of([decided, held]).outcomes() == {"blocked": 1}


def test_drafts_are_sorted_by_score_and_know_their_promotion():
    brief = make.make_brief()
    weak, strong, winner = (make.make_draft(brief, variant) for variant in range(3))
    contrasts = ((weak, 2.0), (strong, 6.0), (winner, 7.0))
    cards = [
        make.make_scorecard(draft, measurements=(make.make_measurement("text.contrast", value, low=1, high=21),))
        for draft, value in contrasts
    ]
    view = RunView(rate=lambda card: Score(card.measurements[0].value / 21, (), ("measured",)))
    promoted = make.make_promoted(winner, score=0.95, reasons=["reads well"])
    view.apply_all([*cards, weak, strong, winner, brief, promoted])
    details = view.details(brief.brief_id)
    assert [draft.job_id for draft in details.drafts] == [draft.job.job_id for draft in (winner, strong, weak)]
    assert details.promoted[0].promoted.reasons == ("reads well",)
    assert [draft.score for draft in details.drafts] == [0.95, 6.0 / 21, 2.0 / 21]
    assert details.position(cards[0].measurements[0]) == 0.0
    assert details.position(cards[2].measurements[0]) == 1.0


def test_a_drifted_refinement_carries_its_reasons():
    brief = make.make_brief()
    final = make.make_refinement(brief, make.make_draft(brief))
    word = make.make_lineage("refinement-drifted", final.job.job_id, facts={"reasons": ["SSIM 0.41, 0.60 needed"]})
    details = view_of([brief, final, word]).details(brief.brief_id)
    assert details.refinements[0].drifted == ("SSIM 0.41, 0.60 needed",)


def test_a_promotion_without_facts_is_a_problem_and_no_crash():
    view = view_of([make.make_lineage("candidate-promoted", "drf-1", facts={"rank": "first"})])
    assert "drf-1" in view.summary().problems[0]


def test_the_wall_time_spans_what_the_run_did_and_not_the_trends_own_time():
    signal = make.make_signal(observed_at=make.after(-7200))
    view = view_of([signal, make.make_signal_outcome(signal, decided_at=make.after(1)), make.make_brief_outcome()])
    assert view.wall_seconds() == 6.0
    assert view.summary(wall_s=9.5).wall_s == 9.5


def test_an_unreadable_input_is_counted_once():
    view = RunView()
    for _ in range(2):
        view.reject_input("feed.rss", "entry 3", "no topic")
        view.note_problem("a.yaml:3: no formats")
    assert (view.summary().rejected_inputs, view.summary().problems) == (1, ("a.yaml:3: no formats",))


def test_failures_with_one_reason_are_grouped():
    brief = make.make_brief()
    failures = [make.make_failure(make.make_draft_job(brief, variant), spent_usd=0.1) for variant in range(3)]
    odd = make.make_failure(make.make_draft_job(brief, 9), reason="no answer")
    first, second = view_of([brief, *failures, odd]).details(brief.brief_id).failure_groups()
    assert (first.jobs, second.jobs) == (3, 1)
    assert first.spent_usd == pytest.approx(0.3)
