"""From a matched signal to a brief and its draft jobs: how many drafts the money allows, with which seeds and words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Final

from routing.calibration.apply import calibration_for, model_for
from routing.money.budget import TOLERANCE_USD
from routing.money.prices import draft_usd, refinement_usd
from routing.planning.wording import wording
from routing.prompting.dialects import rendered_for
from routing.prompting.styles import look_of
from schemas import identifiers
from schemas.briefs import Brief
from schemas.calibration import Calibration
from schemas.campaigns import Campaign, TierPlan
from schemas.drafts import DraftJob
from schemas.generations import GenerationRequest, ModelCard, Prompt
from schemas.safety import Verdict
from schemas.signals import Signal

PROMPT_VERSION: Final = "prompt-1"
"""Part of every job id: a change of how prompts are composed makes new jobs, not wrong repeats of old ones."""

WAVE: Final = 32
"""Draft jobs that a brief has in the queue at once. A brief queued behind a batch of hundreds waits for at most this
many of its drafts. It is twice what a drafter makes at once by default, so that a single brief keeps it busy."""


def plan_brief(
    signal: Signal,
    campaign: Campaign,
    *,
    campaign_version: str,
    copy_language: str,
    verdict: Verdict,
    draft_model: ModelCard,
    refine_model: ModelCard,
    type_model: ModelCard | None = None,
    other_cards: Mapping[str, ModelCard] = MappingProxyType({}),
    now: datetime,
    calibrations: tuple[Calibration, ...] = (),
) -> Brief:
    """The brief of `campaign` answering `signal`, with as many drafts as the budget allows beside the refinements.

    Prices are estimates for the sizes of this campaign; that of a refinement is the most expensive one that refine or
    type model may be asked for. Fallbacks of the plan and a calibration's canary count as well. If the budget cannot
    pay one draft and one candidate's refinements, `planned_usd` of the brief is above the budget (see `affordable`), so
    that the brief fails with a reason.

    Args:
        signal: the signal.
        campaign: the campaign that answers it.
        campaign_version: version of the campaign's file.
        copy_language: the key of `Campaign.copy_lines` that the ad is written in.
        verdict: the safety verdict on the signal.
        draft_model: the card of the plan's draft model.
        refine_model: the card of the plan's refine model.
        type_model: the card of the plan's type model, if it differs.
        other_cards: cards of fallbacks and canaries by name; a name without a card is skipped.
        now: the current time.
        calibrations: those in force of the models that may draw for the brief, which keeps them.
    """
    plan = campaign.plan
    calibration = calibration_for(calibrations, plan.draft_model)
    canary = (calibration.canary.model,) if calibration is not None and calibration.canary is not None else ()
    draft_price = draft_usd((draft_model, *_named((*canary, *plan.draft_fallbacks), other_cards)), campaign)
    refiners = (refine_model, *_named(plan.refine_fallbacks, other_cards), *((type_model,) if type_model else ()))
    one_refinement = refinement_usd(refiners, campaign)
    refine_price = one_refinement * len(campaign.formats)
    drafts, promote = _affordable_counts(plan, campaign.budget.per_brief_usd, draft_price, refine_price)
    return Brief(
        brief_id=identifiers.brief_id(campaign.campaign_id, signal.signal_id),
        campaign_id=campaign.campaign_id,
        campaign_version=campaign_version,
        signal=signal,
        verdict=verdict,
        lane=campaign.lane,
        language=copy_language,
        brand=campaign.brand,
        copy_lines=campaign.copy_lines[copy_language],
        style=campaign.style,
        formats=campaign.formats,
        draft_format=campaign.draft_format,
        plan=plan.model_copy(update={"drafts": drafts, "promote": promote}),
        budget=campaign.budget,
        draft_usd=draft_price,
        refine_usd=one_refinement,
        planned_usd=drafts * draft_price + promote * refine_price,
        refine_operations=refine_model.operations,
        review=campaign.review,
        weights=campaign.weights,
        drift=campaign.drift,
        calibrations=calibrations,
        created_at=now,
        deadline_at=now + timedelta(seconds=campaign.deadline_seconds),
    )


def _affordable_counts(plan: TierPlan, budget_usd: float, draft_price: float, refine_price: float) -> tuple[int, int]:
    """How many drafts and promotions of `plan` the budget can pay; at least one of each, even if it cannot."""
    promote = plan.promote
    # Each promotion needs a draft to choose from, so promotions are reduced until both fit.
    while promote > 1 and refine_price * promote + draft_price * promote > budget_usd:
        promote -= 1
    left = max(budget_usd - refine_price * promote, 0.0)
    drafts = plan.drafts
    if draft_price * drafts > left:
        # min() comes before int(): dividing by a tiny price may give infinity, which int() rejects.
        drafts = max(1, int(min(drafts, left / draft_price + 1e-9)))
    return drafts, min(promote, drafts)


def _named(names: Iterable[str], cards: Mapping[str, ModelCard]) -> Iterator[ModelCard]:
    return (cards[name] for name in names if name in cards)


def affordable(brief: Brief) -> bool:
    """Whether the plan fits the budget of the brief (to a millionth of a dollar)."""
    return brief.planned_usd <= brief.budget.per_brief_usd + TOLERANCE_USD


def draft_jobs(brief: Brief) -> tuple[DraftJob, ...]:
    """All draft jobs of `brief`, none followed by another; none if the money is not enough."""
    if not affordable(brief):
        return ()
    return tuple(draft_job(brief, variant) for variant in range(brief.plan.drafts))


def first_draft_jobs(brief: Brief) -> tuple[DraftJob, ...]:
    """The jobs with which `brief` begins, at most `WAVE`; each of the others follows one of these."""
    if not affordable(brief):
        return ()
    return tuple(following_draft_job(brief, variant) for variant in range(min(brief.plan.drafts, WAVE)))


def following_draft_job(brief: Brief, variant: int) -> DraftJob:
    """The job of `variant`, which names the one that is to follow it."""
    following = variant + WAVE
    return draft_job(brief, variant, following if following < brief.plan.drafts else None)


def draft_job(brief: Brief, variant: int, next_variant: int | None = None, *, model: str | None = None) -> DraftJob:
    """The job of `variant`, drawn by `model`, or by the one that the plan and its canary choose."""
    seed = identifiers.seed_for(brief.brief_id, variant)
    drawn_by = model or model_for(brief, variant)
    form = brief.draft_format
    prompt = rendered_for(prompt_for(brief, variant), drawn_by, form.safe_area, brief.calibrations)
    return DraftJob(
        brief_id=brief.brief_id,
        campaign_id=brief.campaign_id,
        lane=brief.lane,
        variant=variant,
        next_variant=next_variant,
        form=form,
        request=GenerationRequest(
            job_id=identifiers.draft_id(brief.brief_id, variant, drawn_by, seed, prompt.version),
            operation="text-to-image",
            model=drawn_by,
            prompt=prompt,
            size=form.size.scaled_to(brief.plan.draft_long_side),
            safe_area=form.safe_area,
            fallbacks=brief.plan.draft_fallbacks,
            seed=seed,
            deadline_at=brief.deadline_at,
        ),
        weights=brief.weights,
        deadline_at=brief.deadline_at,
    )


def prompt_for(brief: Brief, variant: int) -> Prompt:
    """The model-neutral prompt of one variant, before `rendered_for` renders it for a model."""
    look = look_of(brief.style)
    return Prompt(
        version=PROMPT_VERSION,
        subject=brief.signal.topic,
        scene=f"an advertisement of {brief.brand.name}",
        style=look.style,
        light=look.light,
        camera=look.camera,
        negatives=("watermark", "distorted logo", "misspelt text"),
        brand=brief.brand,
        wording=wording(brief, variant),
    )
