"""How a campaign and a handover change the limits, and what every refinement needs."""

from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routing.scoring.drift import DEFAULT_LIMITS, drift_verdict
from routing.scoring.drift_limits import PUBLICATION_LIMITS, SIMILARITY_LIMITS, limits_for
from schemas.campaigns import DriftPolicy
from schemas.generations import EditTarget, Operation
from tests.support.factories import make_measurement, make_refinement, make_scorecard

USUAL = DriftPolicy()


def number(name, value, **changes):
    fields = {"low": -1000, "high": 1000, "unit": "x", "better": "none", "measured_by": "drift", **changes}
    return make_measurement(name, value, **fields)


def card(*measurements, drift=(("drift.structure", 0.95),)):
    compared = tuple(number(name, value) for name, value in drift)
    return make_scorecard(make_refinement(), drift=compared, measurements=measurements)


def bounds(policy=USUAL, operation="image-to-image", edit=None):
    return {limit.name: limit for limit in limits_for(policy, (operation, edit))}


def test_limits_that_are_not_set_are_the_defaults():
    assert limits_for(USUAL, ("image-to-image", None)) == DEFAULT_LIMITS


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("wording.found", 0.75, "missing from the image"),
        ("wording.wrong_letters", 3.0, "misspelt"),
        ("logo.match", 0.1, "the logo is gone"),
        ("text.contrast", 2.0, "the weakest text"),
        ("text.inside_safe_area", 0.5, "text leaves the safe area"),
    ],
)
@pytest.mark.parametrize("operation", get_args(Operation))
def test_an_image_that_cannot_be_published_never_passes(name, value, said, operation):
    verdict = drift_verdict(card(number(name, value)), operation=operation)
    assert not verdict.passed
    assert verdict.broken == (name,)
    assert verdict.reasons[0].startswith(said)


def test_nudity_is_judged_only_by_numbers_of_its_model():
    nude = number("safety.nudity", 0.9, measured_by="open-nsfw")
    assert drift_verdict(card(nude)).broken == ("safety.nudity",)


def test_a_number_of_another_model_is_not_judged_and_the_verdict_says_so():
    other = number("drift.content", 0.9, measured_by="clip")
    same = number("drift.content", 0.9, measured_by="open-nsfw")
    assert drift_verdict(card(same)).broken == ("drift.content",)
    verdict = drift_verdict(card(other))
    assert verdict.passed
    assert any("drift.content not judged" in reason and "clip" in reason for reason in verdict.reasons)


def test_a_missing_comparison_is_reported():
    missing = number("drift.not_compared", 1.0, detail="content: a 1 and a 2 do not compare")
    verdict = drift_verdict(card(missing))
    assert verdict.passed
    assert verdict.reasons[-1] == "not compared: content: a 1 and a 2 do not compare"


def test_a_campaigns_limit_applies_whether_stricter_or_looser():
    drifted = card(drift=(("drift.structure", 0.8), ("drift.palette", 10.0)))
    assert drift_verdict(drifted).passed
    assert drift_verdict(drifted, DriftPolicy(structure=0.9)).broken == ("drift.structure",)
    assert drift_verdict(drifted, DriftPolicy(palette=5.0)).broken == ("drift.palette",)
    assert drift_verdict(card(drift=(("drift.structure", 0.5),)), DriftPolicy(structure=0.4)).passed
    assert drift_verdict(card(number("wording.wrong_letters", 1.0)), DriftPolicy(wrong_letters=0)).broken


@pytest.mark.parametrize(
    ("name", "value", "policy"),
    [
        ("drift.brand_colour", 4.0, DriftPolicy(brand_colour=3.0)),
        ("drift.face_identity", 0.4, DriftPolicy(face_identity=0.3)),
        ("text.likeness", 0.5, DriftPolicy(lettering=0.6)),
        ("logo.match", 0.7, DriftPolicy(logo=0.8)),
    ],
)
def test_a_campaign_can_limit_brand_colours_faces_letters_and_logo(name, value, policy):
    drifted = card(number(name, value, measured_by="identity"))
    assert drift_verdict(drifted).passed
    assert drift_verdict(drifted, policy).broken == (name,)


def test_a_limit_that_is_looser_overall_is_looser_in_each_place():
    loose = bounds(DriftPolicy(structure=0.3, colour_places=20.0))
    assert loose["drift.spot"].minimum == pytest.approx(0.2)
    assert loose["drift.colour_spot"].maximum == 40.0
    strict = bounds(DriftPolicy(structure=0.95, colour_places=1.0))
    assert strict["drift.spot"] == bounds()["drift.spot"]
    assert strict["drift.colour_spot"] == bounds()["drift.colour_spot"]


def test_relight_may_change_light_but_not_shapes():
    lit = card(drift=(("drift.structure", 0.5), ("drift.colour_places", 15.0), ("drift.edges", 0.9)))
    assert not drift_verdict(lit).passed
    assert drift_verdict(lit, operation="relight").passed
    assert drift_verdict(card(drift=(("drift.edges", 0.5),)), operation="relight").broken == ("drift.edges",)


def test_an_image_drawn_again_only_has_the_limits_of_publication():
    assert limits_for(USUAL, ("text-to-image", None)) == PUBLICATION_LIMITS
    assert limits_for(USUAL, ("image-to-image", "background")) == PUBLICATION_LIMITS


@given(
    st.sampled_from(get_args(Operation)),
    st.sampled_from([None, *get_args(EditTarget)]),
    st.builds(
        DriftPolicy,
        structure=st.none() | st.floats(-1, 1),
        layout=st.none() | st.floats(0, 1),
        colour_places=st.none() | st.floats(0, 200),
        wrong_letters=st.none() | st.integers(0, 200),
    ),
)
def test_an_operation_never_makes_a_limit_stricter(operation, edit, policy):
    usual, asked = bounds(policy), bounds(policy, operation, edit)
    for name, limit in asked.items():
        assert limit.minimum <= usual[name].minimum
        assert limit.maximum >= usual[name].maximum
    assert {limit.name for limit in PUBLICATION_LIMITS} <= set(asked)
    assert len({limit.name for limit in (*SIMILARITY_LIMITS, *PUBLICATION_LIMITS)}) == len(DEFAULT_LIMITS)


def test_copy_set_over_a_relit_image_may_keep_its_light() -> None:
    relit = {limit.name: limit for limit in limits_for(USUAL, ("relight", None), ("masked-edit", "copy"))}
    alone = {limit.name: limit for limit in limits_for(USUAL, ("masked-edit", "copy"))}
    assert "drift.structure" in alone
    assert "drift.structure" not in relit
    assert relit["drift.grade"].maximum > alone["drift.grade"].maximum
    assert "text.likeness" not in relit
