"""The jobs of a golden run: drafts and refinements of accepted briefs, made by one version of a model."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from routing.planning.plan import draft_job, prompt_for
from routing.prompting.dialects import rendered_for
from schemas.assets import Manifest, RefinedStep
from schemas.calibration import Calibration, ModelVersion
from schemas.campaigns import Format
from schemas.drafts import DraftJob
from schemas.generations import GenerationRequest
from schemas.golden import GoldenItem, GoldenSet
from schemas.identifiers import digest, seed_for
from schemas.refinements import RefineJob

SEEDS_PER_SALT: Final = 20_000
"""Added to the variants for each further salt, so that its seeds are new: refinements use those up to 10,500."""


@dataclass(frozen=True, slots=True)
class Trial:
    """One image of a golden run."""

    job: DraftJob | RefineJob

    @property
    def request(self) -> GenerationRequest:
        """The request that the model gets."""
        return self.job.request


def draft_trials(
    golden: GoldenSet, subject: ModelVersion, *, salt: int = 0, proposal: Calibration | None = None
) -> tuple[Trial, ...]:
    """The drafts of `golden` by `subject`, with the prompts that `proposal` wants.

    The same arguments give the same job ids, so each image is paid once.
    """
    return tuple(
        Trial(_draft(item, variant, subject, salt, proposal)) for item in golden.items for variant in range(item.drafts)
    )


def refine_trials(
    golden: GoldenSet, subject: ModelVersion, *, salt: int = 0, strength: float = 1.0
) -> tuple[Trial, ...]:
    """The refinements of the accepted candidates of `golden`, at `strength` times their original strength."""
    return tuple(Trial(job) for item in golden.items for job in _refinements(item, subject, salt, strength))


def _draft(item: GoldenItem, variant: int, subject: ModelVersion, salt: int, proposal: Calibration | None) -> DraftJob:
    calibrations = () if proposal is None else (proposal.model_copy(update={"model": subject.model}),)
    brief = item.brief.model_copy(update={"calibrations": calibrations})
    job = draft_job(brief, variant, model=subject.model)
    seed = seed_for(brief.brief_id, variant + salt * SEEDS_PER_SALT)
    prompt = job.request.prompt
    marked = ("golden", subject, brief.brief_id, variant, seed, prompt.version, *prompt.emphasis)
    request = job.request.model_copy(update={"job_id": "cal-" + digest(marked), "seed": seed, "deadline_at": None})
    return job.model_copy(update={"request": request})


def _refinements(item: GoldenItem, subject: ModelVersion, salt: int, strength: float) -> Iterator[RefineJob]:
    manifest = item.manifest
    if manifest is None:
        return
    forms = {form.name: form for form in item.brief.formats}
    for step in manifest.refinements:
        form = forms.get(step.scorecard.form_name)
        if form is not None and step.generation.references:
            yield _refine_job(manifest, step, form, subject, salt, strength)


def _refine_job(
    manifest: Manifest, step: RefinedStep, form: Format, subject: ModelVersion, salt: int, strength: float
) -> RefineJob:
    brief, made, variant = manifest.brief, step.generation, manifest.draft_scorecard.variant
    gentler = None if made.strength is None else round(made.strength * strength, 3)
    prompt = prompt_for(brief, variant).model_copy(update={"changes": made.changes})
    prompt = rendered_for(prompt, subject.model, form.safe_area, brief.calibrations)
    seed = seed_for(brief.brief_id, variant + salt * SEEDS_PER_SALT)
    request = GenerationRequest(
        job_id="cal-" + digest(("golden", subject, made.job_id, seed, gentler, prompt.version)),
        operation=made.operation,
        model=subject.model,
        prompt=prompt,
        size=form.size,
        safe_area=form.safe_area,
        seed=seed,
        references=made.references,
        mask=made.mask,
        edit=made.edit,
        strength=gentler,
        parameters=manifest.draft.parameters,
    )
    return RefineJob(
        brief_id=brief.brief_id,
        campaign_id=brief.campaign_id,
        lane=brief.lane,
        candidate_id=manifest.asset.candidate_id,
        variant=variant,
        candidate_image=manifest.draft.image,
        same_format_as_draft=form.name == brief.draft_format.name,
        attempt=1,
        promotion=manifest.promotion,
        handover=manifest.promotion.handover,
        source_id=manifest.asset.candidate_id,
        form=form,
        request=request,
        deadline_at=brief.deadline_at,
    )
