"""Briefs and draft jobs: what the money allows, with ids that never change."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from routing.planning.plan import affordable, draft_jobs, plan_brief
from routing.planning.wording import TOPIC_IN_COPY, direction_of, presentable, wording
from schemas.brands import CopyLines
from schemas.briefs import Brief
from schemas.campaigns import Budget, Campaign, TierPlan
from schemas.generations import ModelCard
from tests.support.factories import NOW, make_brief, make_campaign, make_signal, make_verdict


def card(name: str, price: float) -> ModelCard:
    return ModelCard(
        name=name, version="1", provider="test", tier="fast", operations=("text-to-image",), seed="none",
        price_usd=price, seconds=1.0, source="test", as_of="2026-11",
    )  # fmt: skip


def plan(campaign: Campaign, draft_price: float = 0.01, refine_price: float = 0.1, **changes: Any) -> Brief:
    return plan_brief(
        make_signal(),
        campaign,
        campaign_version="v1",
        copy_language=next(iter(campaign.copy_lines)),
        verdict=make_verdict(),
        draft_model=card("fast", draft_price),
        refine_model=card("flagship", refine_price),
        now=NOW,
        **changes,
    )


def campaign_with(budget: float, drafts: int = 12, promote: int = 2) -> Campaign:
    return make_campaign(
        budget=Budget(per_brief_usd=budget, per_day_usd=budget), plan=TierPlan(drafts=drafts, promote=promote)
    )


def test_the_plan_covers_a_more_expensive_fallback() -> None:
    campaign = campaign_with(1.0).model_copy(
        update={"plan": TierPlan(drafts=12, promote=2, draft_fallbacks=("slow", "unknown"), refine_fallbacks=("best",))}
    )
    cards = {"slow": card("slow", 0.02), "best": card("best", 0.2), "other": card("other", 9.0)}
    brief = plan(campaign, other_cards=cards)
    assert (brief.draft_usd, brief.refine_usd) == (0.02, 0.2)
    assert brief.planned_usd <= 1.0
    assert brief.plan.draft_fallbacks == ("slow", "unknown")


def test_a_large_budget_changes_nothing() -> None:
    brief = plan(campaign_with(100.0))
    assert (brief.plan.drafts, brief.plan.promote) == (12, 2)
    assert brief.deadline_at == NOW + timedelta(seconds=campaign_with(100.0).deadline_seconds)


def test_a_tight_budget_reduces_the_drafts_before_the_brief_fails() -> None:
    formats = len(campaign_with(1.0).formats)
    brief = plan(campaign_with(0.1 * formats + 0.055), refine_price=0.1)
    assert brief.plan.promote == 1
    assert brief.plan.drafts == 5
    assert affordable(brief)


def test_an_impossible_budget_makes_no_jobs() -> None:
    brief = plan(campaign_with(0.01))
    assert not affordable(brief)
    assert draft_jobs(brief) == ()


@example(budget=1.0, draft_price=5e-324, refine_price=0.5, drafts=1, promote=1)
@given(st.floats(0.0001, 5.0), st.floats(0.0, 0.2), st.floats(0.0, 0.5), st.integers(1, 40), st.integers(1, 5))
def test_an_affordable_plan_never_costs_more_than_its_budget(
    budget: float, draft_price: float, refine_price: float, drafts: int, promote: int
) -> None:
    brief = plan(campaign_with(budget, drafts, min(promote, drafts)), draft_price, refine_price)
    assert 1 <= brief.plan.drafts <= drafts
    assert 1 <= brief.plan.promote <= brief.plan.drafts
    if affordable(brief):
        assert brief.planned_usd <= budget + 1e-6


def test_job_ids_are_the_same_in_every_process_and_differ_from_each_other() -> None:
    brief = make_brief()
    first, second = draft_jobs(brief), draft_jobs(brief)
    assert [job.job_id for job in first] == [job.job_id for job in second]
    assert len({job.job_id for job in first}) == brief.plan.drafts
    assert len({job.request.seed for job in first}) == brief.plan.drafts
    assert first[0].job_id == "drf-" + first[0].job_id.removeprefix("drf-")
    assert max(first[0].request.size.width, first[0].request.size.height) == brief.plan.draft_long_side


LINES = CopyLines(
    headline=("Big day", "All about {topic}"), line=("Come and see {topic}.", "Come and see."), call_to_action=("Go",)
)


def test_the_topic_fills_its_slot() -> None:
    brief = make_brief(make_signal(topic="rider cup"), copy_lines=LINES)
    assert wording(brief, 1).headline == "All about Rider Cup"


def test_variants_use_all_pairs_of_lines() -> None:
    brief = make_brief(copy_lines=LINES)
    pairs = {(wording(brief, n).headline, wording(brief, n).line) for n in range(4)}
    assert len(pairs) == 4


def test_a_topic_too_long_for_an_ad_is_left_out() -> None:
    brief = make_brief(make_signal(topic="x" * (TOPIC_IN_COPY + 1)), copy_lines=LINES)
    assert {wording(brief, n).headline for n in range(4)} == {"Big day"}


@pytest.mark.parametrize(
    ("topic", "shown"),
    [
        ("rider cup", "Rider Cup"),
        ("iPhone 19", "iPhone 19"),
        ("ソフトバンク", "ソフトバンク"),
        ("тигр", "Тигр"),
        ("it's on", "it's on"),
    ],
)
def test_topics_are_capitalised_for_print(topic: str, shown: str) -> None:
    assert presentable(topic) == shown


def test_braces_in_a_topic_are_text() -> None:
    brief = make_brief(make_signal(topic="{topic} {0} %s"), copy_lines=LINES)
    assert wording(brief, 1).headline == "All about {Topic} {0} %S"


def test_right_to_left_languages() -> None:
    assert direction_of("ar") == "rtl"
    assert direction_of("fa-IR") == "rtl"
    assert direction_of("ja") == "ltr"
