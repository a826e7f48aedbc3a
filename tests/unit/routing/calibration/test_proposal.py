from __future__ import annotations

import pytest

from routing.calibration.comparison import ACCEPTED, acceptance, bar_of, compare_versions, effect_of
from routing.calibration.equating import SCORE, scored
from routing.calibration.proposal import choose_better, choose_strength, propose, suggested_emphasis
from routing.calibration.report_text import NOUNS
from routing.scoring.criteria import CRITERIA, GATES
from routing.scoring.score import overall
from schemas.calibration import Calibration
from tests.support.factories import NOW, make_measurement, make_refinement, make_scorecard
from tests.unit.routing.calibration.cards import card, cards, run


def proposed(after, before=None, **options):
    first = before or run(0)
    return propose(first, after, bar_of(first.cards), NOW, **options)


def test_every_measurement_that_counts_has_a_noun():
    assert CRITERIA.keys() | GATES.keys() <= NOUNS.keys()


def test_equal_versions_get_the_verdict_same():
    reports = [proposed(run(seed, "2")) for seed in range(1, 6)]
    assert {report.verdict for report in reports} == {"same"}
    assert {report.calibration.equatings for report in reports} == {()}
    assert "no measurement changed" in reports[0].words[0]


def test_a_shift_is_found_reported_and_compensated():
    report = proposed(run(1, "2", text__contrast=-2.0, technical__exposure=-0.2))
    moved = {comparison.measurement for comparison in report.comparisons if comparison.moved}
    assert moved >= {"text.contrast", "technical.exposure", SCORE}
    assert not moved & {"logo.match", "brand_colour.coverage", "technical.noise"}
    assert report.verdict == "recalibrated"
    assert report.accepted_after < report.accepted_before - 0.3
    assert abs(report.accepted_calibrated - report.accepted_before) <= 0.05
    said = " ".join(report.words)
    assert "contrast of the weakest text fell from 6" in said
    assert "mean brightness fell" in said


def test_a_proposal_holds_for_images_that_it_has_not_seen():
    first = run(0, count=60)
    report = proposed(run(1, "2", count=60, text__contrast=-2.0), first)
    unseen = cards(2, 100, text__contrast=-2.0)
    assert acceptance(unseen, report.bar) < 0.5
    assert abs(acceptance(unseen, report.bar, report.calibration) - report.accepted_before) <= 0.06


def test_required_properties_are_not_compensated():
    report = proposed(run(1, "2", logo__match=-0.5))
    assert report.verdict == "beyond-repair"
    assert {e.measurement for e in report.calibration.equatings} <= {SCORE}
    assert report.accepted_calibrated == 0.0
    assert "do not switch" in report.words[-1]


def test_moved_limits_are_reported():
    report = proposed(run(1, "2", text__contrast__headline=-4.5))
    (limit,) = [limit for limit in report.limits if limit.measurement == "text.contrast.headline"]
    assert (limit.side, limit.before) == ("least", 3.0)
    assert 2.0 <= limit.after < 3.0


def test_the_calibration_keeps_the_base_of_its_run():
    base = Calibration(model="x", version="x", dialect="flux", emphasis=("Bright light",), strength=0.5)
    calibration = proposed(run(1, "2"), base=base).calibration
    assert (calibration.model, calibration.version) == ("fast-model", "2")
    assert (calibration.dialect, calibration.emphasis, calibration.strength) == ("flux", ("Bright light",), 0.5)


def test_prompts_gain_words_against_what_got_worse():
    after = run(1, "2", technical__exposure=-0.2, technical__noise=5.0, text__contrast=3.0)
    said = suggested_emphasis(proposed(after), after.cards)
    assert any("Bright" in text for text in said)
    assert any("grain" in text for text in said)
    assert not any("contrast" in text for text in said)


def test_images_that_were_not_made_are_reported():
    after = run(1, "2").model_copy(update={"failed": {"Refused: no": 3}})
    report = proposed(after)
    assert report.failed == {"Refused: no": 3}
    assert report.words[-1] == "3 images were not made and are in no share: Refused: no."


def test_runs_of_different_golden_sets_are_rejected():
    with pytest.raises(ValueError, match="different golden sets"):
        proposed(run(1, "2").model_copy(update={"golden": "gld-2"}))
    with pytest.raises(ValueError, match="no brief in common"):
        compare_versions([card({"logo.match": 0.9}, brief=0)], [card({"logo.match": 0.9}, brief=1)], 0.5)


def test_a_better_dialect_must_be_significantly_and_visibly_better():
    usual = run(0)
    others = {"flux": run(1), "narrative": run(2, text__contrast=2.0), "tags": run(3, text__contrast=-2.0)}
    assert choose_better(usual, others, 0.5) == "narrative"
    assert choose_better(usual, {"flux": run(1)}, 0.5) is None


def refined(structure: float, number: int = 0):
    drift = (make_measurement("drift.structure", structure, low=-1.0, high=1.0),)
    return make_scorecard(make_refinement(), drift=drift, measurements=(), job_id=f"ref-{number}")


def test_the_greatest_strength_without_more_drift_is_chosen():
    before = [refined(0.9)] * 20
    after = {1.0: [refined(0.6)] * 20, 0.75: [refined(0.6)] * 2 + [refined(0.8)] * 18, 0.5: [refined(0.8)] * 20}
    assert choose_strength(before, after, 0.0) == 0.5
    after[0.75] = [refined(0.75)] * 20
    assert choose_strength(before, after, 0.0) == 0.75
    assert choose_strength(before, {1.0: [refined(0.1)], 0.5: [refined(0.2)]}, 0.0) == 0.5


def test_acceptance_is_compared_as_a_share():
    comparison = next(c for c in proposed(run(1, "2", text__contrast=-2.0)).comparisons if c.measurement == ACCEPTED)
    assert comparison.delta == pytest.approx(-0.9, abs=0.4)
    assert comparison.moved


def test_a_card_without_a_calibration_is_scored_as_it_is():
    one = card({"text.contrast": 5.0})
    assert scored(one, None) == overall(one)


@pytest.mark.parametrize(("delta", "word"), [(0.1, "negligible"), (-0.2, "small"), (0.4, "medium"), (-0.9, "large")])
def test_effect_sizes_have_names(delta, word):
    assert effect_of(delta) == word
