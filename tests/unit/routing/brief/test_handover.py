"""Handover: the operation follows from the diagnosis and from what the models can do."""

from __future__ import annotations

from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routing.brief.candidate import CandidateDiagnosis
from routing.brief.handover import OPTIONS, SAME_SHAPE_ONLY, choose_handover, handover_for
from routing.brief.refinements import second_handover
from schemas.generations import Operation
from schemas.refinements import Diagnosis, DriftVerdict
from tests.support.factories import make_brief

ALL: tuple[Operation, ...] = get_args(Operation)
DIAGNOSES: tuple[Diagnosis, ...] = get_args(Diagnosis)


def test_every_diagnosis_has_its_options() -> None:
    assert set(OPTIONS) == set(DIAGNOSES)


@pytest.mark.parametrize(
    ("diagnosis", "operation", "edit"),
    [
        ("sound", "image-to-image", None),
        ("small-and-clean", "upscale", None),
        ("flat-light", "relight", None),
        ("off-brand-background", "masked-edit", "background"),
        ("garbled-copy", "masked-edit", "copy"),
        ("wrong-structure", "text-to-image", None),
    ],
)
def test_the_first_option_is_what_an_operator_would_do(
    diagnosis: Diagnosis, operation: Operation, edit: str | None
) -> None:
    handover = choose_handover(CandidateDiagnosis(diagnosis=diagnosis, said="because"), ALL)
    assert handover is not None
    assert (handover.operation, handover.edit) == (operation, edit)
    assert handover.reason.startswith("because; ")


@given(
    st.sampled_from(DIAGNOSES),
    st.sets(st.sampled_from(ALL)),
    st.sampled_from([None, "composer-refine"]),
    st.booleans(),
)
def test_only_supported_operations_are_chosen(
    diagnosis: Diagnosis, operations: set[Operation], type_model: str | None, same_format: bool
) -> None:
    handover = choose_handover(
        CandidateDiagnosis(diagnosis=diagnosis), operations, type_model=type_model, same_format=same_format
    )
    if handover is None:
        assert not operations & {"text-to-image", "image-to-image"}
        return
    assert handover.operation in operations or handover.model == type_model
    assert same_format or handover.operation not in SAME_SHAPE_ONLY
    assert (handover.strength is not None) == (handover.operation in {"image-to-image", "relight"})


def test_the_type_model_sets_copy_if_the_refine_model_edits_no_regions() -> None:
    handover = choose_handover(
        CandidateDiagnosis(diagnosis="garbled-copy"), ["image-to-image"], type_model="composer-refine"
    )
    assert handover is not None
    assert (handover.operation, handover.model, handover.edit) == ("masked-edit", "composer-refine", "copy")


def test_a_fault_that_no_size_corrects_is_not_enlarged() -> None:
    assert choose_handover(CandidateDiagnosis(diagnosis="garbled-copy"), ["upscale"]) is None
    assert choose_handover(CandidateDiagnosis(diagnosis="wrong-structure"), ["upscale"]) is None
    flat = choose_handover(CandidateDiagnosis(diagnosis="flat-light"), ["upscale"])
    assert flat is not None
    assert flat.operation == "upscale"


def test_a_model_that_draws_again_gets_the_fault_in_its_prompt() -> None:
    handover = choose_handover(CandidateDiagnosis(diagnosis="flat-light"), ["text-to-image"])
    assert handover is not None
    assert handover.changes


def test_one_asset_has_one_finish() -> None:
    """Enlarged in one format and redrawn in another, the same ad would look like two."""
    brief = make_brief()
    clean = CandidateDiagnosis(diagnosis="small-and-clean")
    chosen = {handover_for(brief, clean, form) for form in brief.formats}
    assert len(brief.formats) > 1
    assert {handover.operation for handover in chosen if handover} == {"image-to-image"}
    alone = brief.model_copy(update={"formats": (brief.draft_format,)})
    handover = handover_for(alone, clean, brief.draft_format)
    assert handover is not None
    assert handover.operation == "upscale"


# -- the second attempt ------------------------------------------------------------------------------


def drifted(*broken: str) -> DriftVerdict:
    return DriftVerdict(job_id="ref-1", passed=False, reasons=tuple(f"{name} is off" for name in broken), broken=broken)


def test_a_second_attempt_has_half_the_strength() -> None:
    first = choose_handover(CandidateDiagnosis(), ["image-to-image"])
    assert first is not None
    again = second_handover(make_brief(), first, drifted("drift.structure", "wording.found"))
    assert again is not None
    assert again.strength == pytest.approx(0.175)
    assert "0.175" in again.reason


def test_if_only_the_copy_is_wrong_type_is_set_over_the_refinement() -> None:
    brief = make_brief()
    plan = brief.plan.model_copy(update={"refine_model": "a-flagship"})
    first = choose_handover(CandidateDiagnosis(), ["image-to-image"])
    assert first is not None
    again = second_handover(brief.model_copy(update={"plan": plan}), first, drifted("wording.found"))
    assert again is not None
    assert (again.operation, again.model, again.edit) == ("masked-edit", "composer-refine", "copy")
    assert second_handover(brief, again, drifted("wording.found")) is None, "its own type went wrong"


def test_an_operation_without_strength_has_no_second_attempt() -> None:
    for operation in ("upscale", "text-to-image"):
        first = choose_handover(CandidateDiagnosis(), [operation])
        assert first is not None
        assert second_handover(make_brief(), first, drifted("drift.structure")) is None
