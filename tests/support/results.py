"""Factories of the results of a run: assets, outcomes, failures, lineage and dead letters."""

from __future__ import annotations

from typing import Any

from schemas.assets import Asset, Manifest, RefinedStep, Rendition
from schemas.briefs import Brief
from schemas.dead_letters import DeadLetter
from schemas.drafts import Draft, DraftJob
from schemas.failures import JobFailure
from schemas.identifiers import asset_id
from schemas.lineage import LineageEvent
from schemas.outcomes import BriefOutcome, SignalOutcome
from schemas.refinements import RefineJob, Refinement
from schemas.reviews import Review
from schemas.signals import Signal
from tests.support.images import (
    make_draft,
    make_draft_job,
    make_drift_verdict,
    make_promotion,
    make_refinement,
    make_scorecard,
)
from tests.support.inputs import after, make_brief, make_signal


def make_asset(
    brief: Brief | None = None,
    draft: Draft | None = None,
    refinements: tuple[Refinement, ...] = (),
    **changes: Any,
) -> Asset:
    """The asset of `draft`, with one rendition for each of `refinements` (by default one, in the draft's format)."""
    order = brief or make_brief()
    chosen = draft or make_draft(order)
    finals = refinements or (make_refinement(order, chosen),)
    made = asset_id(order.brief_id, chosen.job.job_id)
    fields: dict[str, Any] = {
        "asset_id": made,
        "brief_id": order.brief_id,
        "campaign_id": order.campaign_id,
        "signal_id": order.signal.signal_id,
        "candidate_id": chosen.job.job_id,
        "topic": order.signal.topic,
        "renditions": tuple(
            Rendition(form_name=final.job.form.name, image=final.generation.image, refinement_id=final.job.job_id)
            for final in finals
        ),
        "manifest_key": f"assets/{made}/manifest.json",
        "price_usd": chosen.generation.price_usd + sum(final.generation.price_usd for final in finals),
        "published_at": after(6),
    }
    return Asset(**{**fields, **changes})


def make_manifest(
    brief: Brief | None = None,
    draft: Draft | None = None,
    refinements: tuple[Refinement, ...] = (),
    **changes: Any,
) -> Manifest:
    order = brief or make_brief()
    chosen = draft or make_draft(order)
    finals = refinements or (make_refinement(order, chosen),)
    steps = tuple(
        RefinedStep(generation=final.generation, scorecard=make_scorecard(final), drift=make_drift_verdict(final))
        for final in finals
    )
    fields: dict[str, Any] = {
        "asset": make_asset(order, chosen, finals),
        "brief": order,
        "draft": chosen.generation,
        "draft_scorecard": make_scorecard(chosen),
        "promotion": make_promotion(chosen),
        "refinements": steps,
        "software": "brushfire 0.1.0",
    }
    return Manifest(**{**fields, **changes})


def make_signal_outcome(signal: Signal | None = None, name: str = "ignored", **changes: Any) -> SignalOutcome:
    seen = signal or make_signal()
    fields: dict[str, Any] = {
        "signal_id": seen.signal_id,
        "name": name,
        "reason": "no campaign answers it",
        "topic": seen.topic,
        "market": seen.market,
        "decided_at": after(0.5),
    }
    return SignalOutcome(**{**fields, **changes})


def make_brief_outcome(brief: Brief | None = None, name: str = "delivered", **changes: Any) -> BriefOutcome:
    order = brief or make_brief()
    fields: dict[str, Any] = {
        "brief_id": order.brief_id,
        "signal_id": order.signal.signal_id,
        "campaign_id": order.campaign_id,
        "name": name,
        "reason": "1 asset of 1 wanted",
        "drafts": order.plan.drafts,
        "promoted": order.plan.promote,
        "refined": len(order.formats),
        "spent_usd": 0.02,
        "decided_at": after(7),
    }
    return BriefOutcome(**{**fields, **changes})


def make_failure(job: DraftJob | RefineJob | None = None, **changes: Any) -> JobFailure:
    tried = job or make_draft_job()
    is_draft = isinstance(tried, DraftJob)
    fields: dict[str, Any] = {
        "job_id": tried.job_id,
        "brief_id": tried.brief_id,
        "stage": "draft" if is_draft else "refine",
        "candidate_id": None if isinstance(tried, DraftJob) else tried.candidate_id,
        "form_name": tried.form.name,
        "error": "Refused",
        "reason": "the content policy said no",
        "failed_at": after(2),
    }
    return JobFailure(**{**fields, **changes})


def make_lineage(step: str = "draft-made", subject_id: str = "drf-1", **changes: Any) -> LineageEvent:
    return LineageEvent(**{"step": step, "worker": "drafter", "subject_id": subject_id, "at": after(2), **changes})


def make_promoted(draft: Draft | None = None, **changes: Any) -> LineageEvent:
    """The lineage event of a promotion; `rank`, `score`, `reasons` and `operation` override its facts."""
    chosen = draft or make_draft()
    facts: dict[str, Any] = {"rank": 1, "score": 0.82, "reasons": ["best of its siblings"]}
    facts["operation"] = "image-to-image"
    facts |= {name: changes.pop(name) for name in tuple(facts) if name in changes}
    fields: dict[str, Any] = {"worker": "promoter", "brief_id": chosen.job.brief_id, "facts": facts, "at": after(3)}
    return make_lineage("candidate-promoted", chosen.job.job_id, **{**fields, **changes})


def make_review(brief: Brief | None = None, **changes: Any) -> Review:
    order = brief or make_brief()
    fields: dict[str, Any] = {"brief_id": order.brief_id, "decision": "approve", "reviewer": "a.director"}
    return Review(**{**fields, "reviewed_at": after(4), **changes})


def make_dead_letter(**changes: Any) -> DeadLetter:
    """A dead letter; `key` and `value` are given as base64 text, as they travel."""
    fields: dict[str, Any] = {"topic": "brushfire.signals", "partition": 0, "offset": 7, "worker": "router"}
    fields |= {"error": "MalformedMessage", "reason": "not JSON: write one signal a message", "value": "bm90IGpzb24="}
    return DeadLetter(**{**fields, "failed_at": after(1), **changes})
