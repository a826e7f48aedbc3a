"""How routing applies a calibration."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from routing.calibration.apply import (  # fmt: skip
    RETIREMENT_NOTICE,
    calibrated_card,
    calibrated_handover,
    calibrated_score,
    calibration_for,
    model_for,
    retirement_warning,
)
from routing.calibration.equating import SCORE
from routing.planning.plan import draft_jobs
from routing.scoring.score import overall
from schemas.calibration import Calibration, Canary, Equating
from schemas.campaigns import TierPlan
from schemas.generations import ModelCard
from schemas.refinements import Handover
from tests.support.factories import NOW, make_brief, make_signal
from tests.unit.routing.calibration.cards import card

PLAN = TierPlan(drafts=500, draft_model="fast-model")
CARD = ModelCard(
    name="fast-model", version="1", provider="test", tier="fast", operations=("text-to-image",), seed="none",
    price_usd=0.01, seconds=1.0, source="test", as_of="2026-11",
)  # fmt: skip


def with_canary(share: float, topic: str = "lapland"):
    canary = Calibration(model="fast-model", version="1", canary=Canary(model="fast-model-2", share=share))
    return make_brief(make_signal(topic), plan=PLAN, calibrations=(canary,))


def test_a_canary_draws_its_share_deterministically():
    brief = with_canary(0.1)
    drawn = [model_for(brief, variant) for variant in range(500)]
    assert 25 <= drawn.count("fast-model-2") <= 80
    assert drawn == [model_for(brief, variant) for variant in range(500)]
    assert drawn != [model_for(with_canary(0.1, "first snow"), variant) for variant in range(500)]
    jobs = draft_jobs(brief.model_copy(update={"plan": PLAN.model_copy(update={"drafts": 60})}))
    assert [job.request.model for job in jobs] == drawn[:60]
    assert len({job.job_id for job in jobs}) == 60


@given(st.integers(0, 499), st.floats(0.0, 1.0), st.floats(0.0, 1.0))
def test_a_larger_share_keeps_what_a_smaller_one_had(variant, share, other):
    low, high = sorted((share, other))
    if model_for(with_canary(low), variant) == "fast-model-2":
        assert model_for(with_canary(high), variant) == "fast-model-2"


def test_shares_of_zero_and_one():
    assert {model_for(with_canary(0.0), variant) for variant in range(99)} == {"fast-model"}
    assert {model_for(with_canary(1.0), variant) for variant in range(99)} == {"fast-model-2"}
    assert model_for(make_brief(plan=PLAN), 0) == "fast-model"


def test_a_score_uses_the_calibration_of_its_own_model():
    one = card({"text.contrast": 3.0, "text.contrast.headline": 2.5})
    equatings = (
        Equating(measurement="text.contrast.headline", points=((2.5, 6.0),), low=2.0, high=21.0),
        Equating(measurement=SCORE, points=((0.5, 0.6),), low=-1e9, high=1e9),
    )
    own = Calibration(model=one.model, version="1", equatings=equatings)
    other = own.model_copy(update={"model": "another"})
    assert overall(one).gates == ("text.contrast.headline",)
    assert calibrated_score(one, (other,)) == overall(one)
    read = calibrated_score(one, (other, own))
    assert read.gates == ()
    assert read.value > overall(one).value
    assert calibrated_card(one, (other,)) is one
    assert calibration_for((other, own), one.model) is own


def test_a_handovers_strength_follows_the_calibration_of_its_model():
    gentle = (Calibration(model="flagship", version="2", strength=0.5),)
    handover = Handover(operation="image-to-image", strength=0.4, reason="so")
    assert calibrated_handover(handover, gentle, "flagship").strength == 0.2
    assert calibrated_handover(handover, gentle, "another") == handover
    assert calibrated_handover(handover.model_copy(update={"model": "flagship"}), gentle, "another").strength == 0.2
    assert calibrated_handover(handover.model_copy(update={"strength": None}), gentle, "flagship").strength is None


def test_retirement_is_announced_in_time():
    def said(left: timedelta) -> str | None:
        return retirement_warning(CARD.model_copy(update={"retires_at": NOW + left}), NOW)

    assert retirement_warning(CARD, NOW) is None
    assert said(RETIREMENT_NOTICE + timedelta(days=1)) is None
    assert "in 10 days" in str(said(timedelta(days=10)))
    assert "in 1 day:" in str(said(timedelta(hours=30)))
    assert "was retired" in str(said(timedelta(days=-1)))
