"""Factories of jobs, images, scorecards and the decisions between them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

from schemas.briefs import Brief
from schemas.drafts import Draft, DraftJob
from schemas.generations import GenerationRecord, GenerationRequest, Prompt
from schemas.identifiers import asset_id, digest, draft_id, refinement_id, seed_for
from schemas.refinements import DriftVerdict, FinishJob, Handover, Promotion, RefineJob, Refinement
from schemas.scorecards import Measurement, Scorecard, Signature
from tests.support.inputs import after, make_brief, make_copy, make_image

PROMPT_VERSION: Final = "ad-1"


def make_request(brief: Brief | None = None, **changes: Any) -> GenerationRequest:
    order = brief or make_brief()
    prompt = Prompt(version=PROMPT_VERSION, subject=order.signal.topic, brand=order.brand, wording=make_copy())
    fields: dict[str, Any] = {
        "job_id": draft_id(order.brief_id, 0, order.plan.draft_model, seed_for(order.brief_id, 0), PROMPT_VERSION),
        "operation": "text-to-image",
        "model": order.plan.draft_model,
        "prompt": prompt,
        "size": order.draft_format.size.scaled_to(order.plan.draft_long_side),
        "safe_area": order.draft_format.safe_area,
        "seed": seed_for(order.brief_id, 0),
        "deadline_at": order.deadline_at,
    }
    return GenerationRequest(**{**fields, **changes})


def make_draft_job(brief: Brief | None = None, variant: int = 0, **changes: Any) -> DraftJob:
    order = brief or make_brief()
    seed = seed_for(order.brief_id, variant)
    job = draft_id(order.brief_id, variant, order.plan.draft_model, seed, PROMPT_VERSION)
    fields: dict[str, Any] = {
        "brief_id": order.brief_id,
        "campaign_id": order.campaign_id,
        "lane": order.lane,
        "variant": variant,
        "form": order.draft_format,
        "request": make_request(order, job_id=job, seed=seed),
        "deadline_at": order.deadline_at,
    }
    return DraftJob(**{**fields, **changes})


def make_generation(request: GenerationRequest | None = None, **changes: Any) -> GenerationRecord:
    """The record of `request`: begun a tenth of a second after the brief, 0.04 s of work, a local model's price."""
    asked = request or make_request()
    fields: dict[str, Any] = {
        "job_id": asked.job_id,
        "operation": asked.operation,
        "model": asked.model,
        "model_version": "1",
        "provider": "composer",
        "provider_request_id": digest(("request", asked.job_id)),
        "seed_sent": asked.seed,
        "seed_returned": asked.seed,
        "strength": asked.strength,
        "references": asked.references,
        "prompt_version": asked.prompt.version,
        "prompt_text": asked.prompt.subject,
        "image": make_image(asked.job_id, size=asked.size),
        "price_usd": 0.0004,
        "started_at": after(1.1),
        "seconds": 0.04,
    }
    return GenerationRecord(**{**fields, **changes})


def make_draft(brief: Brief | None = None, variant: int = 0, **changes: Any) -> Draft:
    """A draft of `brief`; `job` and `generation` override whole parts, other keywords fields of the generation."""
    job = changes.pop("job", None) or make_draft_job(brief, variant)
    record = changes.pop("generation", None) or make_generation(job.request, **changes)
    return Draft(job=job, generation=record)


def make_measurement(name: str = "sharpness", value: float = 0.7, **changes: Any) -> Measurement:
    fields: dict[str, Any] = {"unit": "ratio", "low": 0.0, "high": 1.0, "better": "higher"}
    fields |= {"measured_by": "technical", "measured_by_version": "1"}
    return Measurement(**{"name": name, "value": value, **fields, **changes})


def make_signature(**changes: Any) -> Signature:
    return Signature(**{"phash": "0123456789abcdef", "lab_grid": "7f" * 48, **changes})


def make_scorecard(made: Draft | Refinement | None = None, **changes: Any) -> Scorecard:
    """The scorecard of a draft or, with drift measures, of a refinement."""
    source = made or make_draft()
    is_draft = isinstance(source, Draft)
    drift = () if is_draft else (make_measurement("structure", 0.93, measured_by="drift"),)
    fields: dict[str, Any] = {
        "subject": "draft" if is_draft else "refinement",
        "job_id": source.job.job_id,
        "brief_id": source.job.brief_id,
        "campaign_id": source.job.campaign_id,
        "lane": source.job.lane,
        "candidate_id": source.job.job_id if isinstance(source, Draft) else source.job.candidate_id,
        "variant": source.job.variant,
        "form_name": source.job.form.name,
        "model": source.generation.model,
        "image": source.generation.image,
        "price_usd": source.generation.price_usd,
        "measurements": (make_measurement(), make_measurement("contrast", 7.1, unit="ratio to 1", low=1, high=21)),
        "drift": drift,
        "signature": make_signature(),
        "measured_at": source.generation.started_at + timedelta(seconds=1),
        "seconds": 0.02,
    }
    return Scorecard(**{**fields, **changes})


def make_promotion(draft: Draft | None = None, **changes: Any) -> Promotion:
    chosen = draft or make_draft()
    handover = Handover(operation="image-to-image", strength=0.3, reason="the layout is right; it wants finish")
    fields: dict[str, Any] = {"rank": 1, "score": 0.82, "reasons": ("best of its siblings",), "handover": handover}
    return Promotion(**{"candidate_id": chosen.job.job_id, "decided_at": after(3), **fields, **changes})


def make_refine_job(brief: Brief | None = None, draft: Draft | None = None, **changes: Any) -> RefineJob:
    """One format (`form`, the draft's own by default) of the candidate `draft`."""
    order = brief or make_brief()
    chosen = draft or make_draft(order)
    form, attempt = changes.get("form", order.draft_format), changes.get("attempt", 1)
    request = make_request(
        order,
        job_id=refinement_id(chosen.job.job_id, order.plan.refine_model, form.name, attempt),
        operation="image-to-image",
        model=order.plan.refine_model,
        size=form.size,
        safe_area=form.safe_area,
        seed=chosen.generation.seed_sent,
        references=(chosen.generation.image,),
        strength=0.3,
    )
    fields: dict[str, Any] = {
        "brief_id": order.brief_id,
        "campaign_id": order.campaign_id,
        "lane": order.lane,
        "candidate_id": chosen.job.job_id,
        "variant": chosen.job.variant,
        "candidate_image": chosen.generation.image,
        "same_format_as_draft": form.name == order.draft_format.name,
        "attempt": attempt,
        "promotion": make_promotion(chosen),
        "handover": make_promotion(chosen).handover,
        "source_id": chosen.job.job_id,
        "form": form,
        "request": request,
        "deadline_at": order.deadline_at,
    }
    return RefineJob(**{**fields, **changes})


def make_refinement(brief: Brief | None = None, draft: Draft | None = None, **changes: Any) -> Refinement:
    """A refinement of `draft`; `form`, `attempt`, `promotion` go to its job, the rest to its generation."""
    of_job = {name: changes.pop(name) for name in ("form", "attempt", "promotion") if name in changes}
    job = changes.pop("job", None) or make_refine_job(brief, draft, **of_job)
    fields: dict[str, Any] = {"price_usd": 0.004, "seconds": 0.6, "started_at": after(3.2)}
    return Refinement(job=job, generation=make_generation(job.request, **{**fields, **changes}))


def make_drift_verdict(refinement: Refinement | None = None, **changes: Any) -> DriftVerdict:
    judged = refinement or make_refinement()
    fields = {"job_id": judged.job.job_id, "passed": True, "reasons": ("structure 0.93, 0.80 needed",)}
    return DriftVerdict(**{**fields, **changes})


def make_finish_job(
    brief: Brief | None = None,
    draft: Draft | None = None,
    refinements: tuple[Refinement, ...] = (),
    **changes: Any,
) -> FinishJob:
    order = brief or make_brief()
    chosen = draft or make_draft(order)
    finals = refinements or (make_refinement(order, chosen),)
    fields: dict[str, Any] = {
        "job_id": asset_id(order.brief_id, chosen.job.job_id),
        "brief": order,
        "candidate_id": chosen.job.job_id,
        "promotion": make_promotion(chosen),
        "handover": make_promotion(chosen).handover,
        "refinements": tuple(made.job.job_id for made in finals),
        "drift": tuple(make_drift_verdict(made) for made in finals),
        "spent_usd": chosen.generation.price_usd + sum(made.generation.price_usd for made in finals),
    }
    return FinishJob(**{**fields, **changes})
