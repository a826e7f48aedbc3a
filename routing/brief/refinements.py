"""The refine jobs of a promoted candidate, one per format, and the second attempt after one of them drifted."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from routing.brief.candidate import Candidate
from routing.brief.handover import handover_for
from routing.brief.state import RefinementAttempt
from routing.calibration.apply import calibrated_handover
from routing.planning.plan import prompt_for
from routing.prompting.dialects import rendered_for
from schemas import identifiers
from schemas.briefs import Brief
from schemas.campaigns import Format
from schemas.generations import GenerationRequest, Operation, Prompt
from schemas.images import ImageRef
from schemas.refinements import DriftVerdict, Handover, Promotion, RefineJob

FRESH_SEED: Final = 10_000
"""Added to a variant if an image is to be drawn from nothing: briefs have at most 500 drafts, so the seed is new."""
SECOND_STRENGTH_FACTOR: Final = 0.5
"""Factor on the first attempt's strength."""
_HAS_STRENGTH: Final[frozenset[Operation]] = frozenset({"image-to-image", "relight"})
_COPY_MEASUREMENTS: Final = ("wording.", "text.")
_SPOTS: Final = frozenset({"drift.spot", "drift.colour_spot"})


def handovers(brief: Brief, candidate: Candidate) -> dict[str, Handover] | None:
    """The handover of `candidate` for each format by its name; None if one of them cannot be made."""
    chosen = {form.name: handover_for(brief, candidate.finding, form) for form in brief.formats}
    possible = {
        name: calibrated_handover(handover, brief.calibrations, brief.plan.refine_model)
        for name, handover in chosen.items()
        if handover is not None
    }
    return possible if len(possible) == len(chosen) else None


def first_jobs(
    brief: Brief, candidate: Candidate, promotion: Promotion, by_format: dict[str, Handover]
) -> tuple[RefineJob, ...]:
    """The refine jobs of a promoted candidate; `by_format` are its handovers by format."""
    return tuple(
        _refine_job(brief, candidate, promotion, form, by_format[form.name], 1, candidate.candidate_id, candidate.image)
        for form in brief.formats
    )


def second_job(
    brief: Brief,
    candidate: Candidate,
    promotion: Promotion,
    handover: Handover,
    first_id: str,
    first: RefinementAttempt,
) -> RefineJob:
    """The second attempt after `first`, by `handover`; copy is set over the image that the first attempt made."""
    form = next(form for form in brief.formats if form.name == first.form_name)
    over_first = handover.edit == "copy" and first.image is not None
    source_id, source = (first_id, first.image) if over_first else (candidate.candidate_id, candidate.image)
    return _refine_job(brief, candidate, promotion, form, handover, 2, source_id, source or candidate.image)


def second_handover(brief: Brief, first: Handover, verdict: DriftVerdict) -> Handover | None:
    """How to try again after `first` drifted as `verdict` says; None if no other way promises a better result.

    If only the copy is wrong, the plan's type model sets it over the refinement itself, unless the first attempt was
    about the copy. Otherwise the same operation is tried at half its strength, if it has a strength.
    """
    if _only_copy(verdict.broken):
        return None if first.edit == "copy" else _set_copy(brief, first, verdict)
    if first.operation in _HAS_STRENGTH and first.strength:
        return _with_less_strength(first)
    return None


def _refine_job(
    brief: Brief,
    candidate: Candidate,
    promotion: Promotion,
    form: Format,
    handover: Handover,
    attempt: int,
    source_id: str,
    source: ImageRef,
) -> RefineJob:
    model = handover.model or brief.plan.refine_model
    from_text = handover.operation == "text-to-image"
    fresh = from_text and handover.diagnosis == "wrong-structure"
    return RefineJob(
        brief_id=brief.brief_id,
        campaign_id=brief.campaign_id,
        lane=brief.lane,
        candidate_id=candidate.candidate_id,
        variant=candidate.variant,
        candidate_image=candidate.image,
        same_format_as_draft=form.name == brief.draft_format.name,
        attempt=attempt,
        promotion=promotion,
        handover=handover,
        source_id=source_id,
        form=form,
        request=GenerationRequest(
            job_id=identifiers.refinement_id(candidate.candidate_id, model, form.name, attempt),
            operation=handover.operation,
            model=model,
            prompt=rendered_for(_prompt(brief, candidate, handover), model, form.safe_area, brief.calibrations),
            size=form.size,
            safe_area=form.safe_area,
            fallbacks=() if handover.model else brief.plan.refine_fallbacks,
            seed=identifiers.seed_for(brief.brief_id, candidate.variant + (FRESH_SEED if fresh else 0)),
            references=() if from_text else (source,),
            strength=handover.strength,
            deadline_at=brief.deadline_at,
        ),
        deadline_at=brief.deadline_at,
    )


def _prompt(brief: Brief, candidate: Candidate, handover: Handover) -> Prompt:
    prompt = prompt_for(brief, candidate.variant)
    return prompt.model_copy(update={"changes": handover.changes}) if handover.changes else prompt


def _only_copy(broken: Collection[str]) -> bool:
    """Whether only lettering is wrong; the worst spot of the image is then where the lettering is."""
    about_copy = [name for name in broken if name.startswith(_COPY_MEASUREMENTS)]
    return bool(about_copy) and all(name in _SPOTS for name in broken if name not in about_copy)


def _set_copy(brief: Brief, first: Handover, verdict: DriftVerdict) -> Handover:
    return Handover(
        diagnosis="garbled-copy",
        operation="masked-edit",
        model=brief.plan.type_model,
        strength=None,
        edit="copy",
        changes=first.changes,
        reason=f"the refinement's copy is wrong ({'; '.join(verdict.reasons)}): type is set over it",
    )


def _with_less_strength(first: Handover) -> Handover:
    strength = round((first.strength or 0.0) * SECOND_STRENGTH_FACTOR, 3)
    reason = f"it drifted at strength {first.strength:g}: tried again at {strength:g}"
    return first.model_copy(update={"strength": strength, "reason": reason})
