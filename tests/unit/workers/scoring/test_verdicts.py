"""The pure sides: one number from a card, and the verdict on drift."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from imaging.measures.registry import DRIFT_CHECKS
from routing.scoring.criteria import CRITERIA, GATES
from routing.scoring.drift import DEFAULT_LIMITS, drift_verdict
from routing.scoring.score import WEIGHTS, objections, overall
from schemas.campaigns import ScoreWeights
from schemas.scorecards import Measurement
from tests.support.factories import NOW, SQUARE, make_brand, make_brief, make_draft, make_refinement
from tests.unit.imaging.measures import tiny_clip
from tests.unit.imaging.measures.ads import PALETTE, Ad, blurred, brightened, encoded, noisy, subject
from workers.scoring.cards import CHECKS, COSTLY_CHECKS, score_draft, score_refinement

EVERY_CHECK = (*CHECKS, *COSTLY_CHECKS, tiny_clip.check(), *DRIFT_CHECKS)
SCALES = {scale.name: scale for check in EVERY_CHECK for scale in check.scales}
BRIEF = make_brief(brand=make_brand(palette=PALETTE), formats=(SQUARE,), draft_format=SQUARE)
AD = Ad()


def draft_card(of):
    return score_draft(make_draft(BRIEF, regions=of.regions), encoded(of.pixels), now=NOW)


def refinement_card(of, candidate):
    draft = make_draft(BRIEF, regions=candidate.regions)
    made = make_refinement(BRIEF, draft, regions=of.regions)
    return score_refinement(made, encoded(of.pixels), encoded(candidate.pixels), now=NOW)


CLEAN_CARD = draft_card(subject(AD))


def with_value(name, value):
    measured = tuple(m.model_copy(update={"value": value}) if m.name == name else m for m in CLEAN_CARD.measurements)
    return CLEAN_CARD.model_copy(update={"measurements": measured})


def test_criteria_and_gates_use_scales_that_are_measured():
    assert set(CRITERIA) | set(GATES) | {limit.name for limit in DEFAULT_LIMITS} <= set(SCALES)
    everywhere = {name: weight for name, weight in WEIGHTS.items() if name != "alignment.prompt"}
    assert sum(everywhere.values()) == pytest.approx(1.0)


@given(st.data())
def test_a_better_measurement_never_lowers_the_score(data):
    directed = sorted(name for name in CRITERIA if SCALES[name].better != "none")
    name = data.draw(st.sampled_from(directed))
    scale = SCALES[name]
    first, second = sorted(data.draw(st.tuples(*[st.floats(scale.low, scale.high)] * 2)))
    worse, better = (first, second) if scale.better == "higher" else (second, first)
    assert overall(with_value(name, worse)).value <= overall(with_value(name, better)).value + 1e-12


@given(st.dictionaries(st.sampled_from(sorted(SCALES)), st.floats(-1e6, 1e6)), st.data())
def test_the_score_is_in_range_whatever_was_measured(values, data):
    weights = data.draw(st.dictionaries(st.sampled_from(sorted(CRITERIA)), st.floats(0.0, 10.0)))
    measured = tuple(
        Measurement(
            name=name,
            value=value,
            unit="x",
            low=-1e6,
            high=1e6,
            better="none",
            measured_by="t",
            measured_by_version="1",
        )
        for name, value in values.items()
    )
    score = overall(CLEAN_CARD.model_copy(update={"measurements": measured}), weights=weights)
    assert 0.0 <= score.value <= 1.0
    assert set(score.gates) <= set(values)


@given(st.sampled_from(sorted(CRITERIA)))
def test_points_of_a_criterion_ascend(name):
    values = [value for value, _ in CRITERIA[name].points]
    assert values == sorted(set(values))
    assume(SCALES[name].better != "none")
    merits = [merit for _, merit in CRITERIA[name].points]
    assert merits == sorted(merits, reverse=SCALES[name].better == "lower")


def test_unknown_and_negative_weights_are_refused():
    with pytest.raises(ValueError, match="beauty"):
        overall(CLEAN_CARD, weights={"beauty": 1.0})
    with pytest.raises(ValueError, match="below zero"):
        overall(CLEAN_CARD, weights={"text.contrast": -1.0})


def test_a_clean_ad_passes_every_gate_and_is_praised():
    score = overall(CLEAN_CARD)
    assert score.gates == ()
    assert score.value > 0.7
    assert score.reasons


@pytest.mark.parametrize(
    ("defective", "gate", "said"),
    [
        (subject(AD.but(text="#3d7ea6")), "text.contrast.headline", "headline contrast 1."),
        (blurred(subject(AD), 4.0), "technical.edge_blur", "nothing is sharp"),
        (brightened(subject(AD), 240), "technical.clipped_highlights", "washed out"),
        (brightened(subject(AD), -235), "technical.clipped_shadows", "blacked out"),
        (
            subject(AD.but(ground="#777777", block="#555555", product=(2, 2))),
            "brand_colour.coverage",
            "no brand colour",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_each_planted_defect_is_gated_in_words(defective, gate, said):
    score = overall(draft_card(defective))
    assert gate in score.gates
    assert any(reason.startswith(said) for reason in score.reasons[: len(score.gates)])
    assert score.value < overall(CLEAN_CARD).value


def test_text_under_the_platforms_buttons_is_gated():
    score = overall(draft_card(subject(AD.but(headline_at=(0.0, 0.62)))))
    assert score.gates == ("text.inside_safe_area",)
    assert score.reasons[0].startswith("text leaves the safe area: headline (9")


def test_noise_lowers_the_score_without_a_gate():
    score = overall(draft_card(noisy(subject(AD), 15.0)))
    assert score.gates == ()
    assert score.value < overall(CLEAN_CARD).value


def test_unmeasured_text_is_neither_praised_nor_punished():
    silent = subject(AD)
    card = draft_card(silent.__class__(silent.pixels, silent.palette, silent.form))
    assert not any(name.startswith("text.") for name in (*overall(card).gates, *overall(card).weaknesses))
    assert not any("contrast" in reason for reason in overall(card).reasons)


def test_what_was_not_measured_counts_as_sound():
    def without(*names):
        left = tuple(m for m in CLEAN_CARD.measurements if m.name not in names)
        return overall(CLEAN_CARD.model_copy(update={"measurements": left})).value

    poor = overall(with_value("text.contrast", 1.0)).value
    assert poor < without("text.contrast") < overall(with_value("text.contrast", 21.0)).value


def test_a_campaign_weighs_what_counts():
    poor = with_value("technical.noise", 40.0)
    plain, craft, none = (
        overall(poor.model_copy(update={"weights": ScoreWeights(craft=weight)})) for weight in (1.0, 10.0, 0.0)
    )
    clean = overall(CLEAN_CARD.model_copy(update={"weights": ScoreWeights(craft=0.0)}))
    assert none.value == pytest.approx(clean.value)
    assert overall(CLEAN_CARD).value - plain.value > 0.01
    assert craft.value < plain.value
    assert plain.gates == craft.gates == none.gates == ()
    assert "technical.noise" in plain.weaknesses


def test_objections_are_broken_gates_and_what_is_below_sound():
    spoilt = with_value("technical.edge_blur", 3.0)
    assert "technical.edge_blur" in objections(spoilt.measurements)
    assert "technical.edge_blur" not in objections(CLEAN_CARD.measurements)


FINAL = AD.but(width=1080, height=1080)


def without_other_copy(card):
    """The card of an ad of which the headline alone was wanted."""
    return card.model_copy(update={"measurements": tuple(m for m in card.measurements if m.name != "wording.found")})


def test_the_same_scene_passes_and_says_how_close():
    verdict = drift_verdict(without_other_copy(refinement_card(subject(FINAL), subject(AD))))
    assert verdict.passed
    assert verdict.reasons[0].startswith(
        ("still the image that was promoted: SSIM 0.9", "still the image that was promoted: SSIM 1.0")
    )


@pytest.mark.parametrize(
    ("scene", "said"),
    [
        (FINAL.but(product=(0.25, 0.3), headline_at=(0.3, 0.1), size=0.12), "the layout moved"),
        (FINAL.but(ground="#3a8f3a", block="#7b2d8b"), "colours changed in place"),
        (FINAL.but(ground="#777777", block="#888888", product=(2, 2)), "brand colours lost"),
        (FINAL.but(text="#2a70a0"), "the weakest text has 1."),
    ],
    ids=["another layout", "other colours", "no brand", "illegible"],
)
def test_another_scene_fails_in_words(scene, said):
    verdict = drift_verdict(refinement_card(subject(scene), subject(AD)))
    assert not verdict.passed
    assert any(reason.startswith(said) for reason in verdict.reasons)


def test_a_verdict_needs_a_comparison():
    with pytest.raises(ValueError, match="no refinement"):
        drift_verdict(CLEAN_CARD)
