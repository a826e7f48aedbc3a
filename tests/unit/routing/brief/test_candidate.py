"""What a scorecard's weaknesses mean, and which one decides."""

from __future__ import annotations

import pytest

from routing.brief.candidate import CURES, CandidateDiagnosis, diagnose
from routing.scoring.criteria import CRITERIA
from routing.scoring.score import overall
from schemas.scorecards import Scorecard
from tests.support.factories import make_draft, make_measurement, make_scorecard

SOUND = {"text.contrast": 9.0, "technical.contrast": 0.3, "brand_colour.coverage": 0.3, "composition.imbalance": 0.1}


def card(**changes: float) -> Scorecard:
    values = SOUND | {name.replace("__", "."): value for name, value in changes.items()}
    measured = tuple(make_measurement(name, value, low=-1.0, high=255.0) for name, value in values.items())
    return make_scorecard(make_draft(), measurements=measured)


def found(**changes: float) -> CandidateDiagnosis:
    made = card(**changes)
    return diagnose(made, overall(made))


def test_every_cure_belongs_to_a_criterion() -> None:
    assert set(CURES) <= set(CRITERIA)


def test_without_a_weakness_a_draft_is_small_and_clean() -> None:
    assert found() == CandidateDiagnosis(diagnosis="small-and-clean")


def test_a_fault_of_craft_alone_needs_no_cure() -> None:
    assert found(technical__noise=12.0).diagnosis == "sound"


@pytest.mark.parametrize(
    ("name", "value", "diagnosis"),
    [
        ("technical__contrast", 0.05, "flat-light"),
        ("brand_colour__distance", 40.0, "off-brand-background"),
        ("wording__found", 0.5, "garbled-copy"),
        ("text__contrast", 3.2, "garbled-copy"),
        ("composition__imbalance", 0.55, "wrong-structure"),
    ],
)
def test_a_weakness_has_its_diagnosis_and_a_reason(name: str, value: float, diagnosis: str) -> None:
    finding = found(**{name: value})
    assert finding.diagnosis == diagnosis
    assert finding.measurement == name.replace("__", ".")
    assert finding.value == value
    assert finding.said


def test_a_slightly_wrong_structure_needs_no_cure() -> None:
    assert found(composition__imbalance=0.4).diagnosis == "sound"


def test_a_wrong_structure_has_priority() -> None:
    assert found(composition__imbalance=0.58, text__contrast=3.0).diagnosis == "wrong-structure"


def test_light_has_priority_over_colour_and_copy() -> None:
    assert found(brand_colour__coverage=0.012, technical__contrast=0.11).diagnosis == "flat-light"
    assert found(text__contrast=3.0, technical__contrast=0.1).diagnosis == "flat-light"


def test_otherwise_the_heaviest_weakness_decides() -> None:
    assert found(text__contrast=3.0, brand_colour__primary_distance=30.0).diagnosis == "garbled-copy"
    assert found(text__height=0.006, brand_colour__distance=48.0).diagnosis == "off-brand-background"
