"""A brief: one campaign answering one signal, with everything that the workers downstream need."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from schemas.base import Dollars, Event, Identifier, Instant, Language
from schemas.brands import BrandKit, CopyLines
from schemas.calibration import Calibration
from schemas.campaigns import Budget, DriftPolicy, Format, Lane, ReviewPolicy, ScoreWeights, TierPlan
from schemas.generations import Operation
from schemas.safety import Verdict
from schemas.signals import Signal


class Brief(Event):
    """Self-contained: a later change of the campaign does not change a brief that is in flight.

    `plan.drafts` is what the budget allows. `draft_usd` and `refine_usd` are the estimated prices of one image,
    `planned_usd` is that of the whole plan. `calibrations` are those of its models that were in force when it was made.
    """

    brief_id: Identifier
    campaign_id: Identifier
    campaign_version: str
    signal: Signal
    verdict: Verdict
    lane: Lane
    language: Language
    brand: BrandKit
    copy_lines: CopyLines
    style: tuple[str, ...] = ()
    formats: Annotated[tuple[Format, ...], Field(min_length=1)]
    draft_format: Format
    plan: TierPlan
    budget: Budget
    draft_usd: Dollars
    refine_usd: Dollars
    planned_usd: Dollars
    refine_operations: tuple[Operation, ...]
    review: ReviewPolicy
    weights: ScoreWeights = ScoreWeights()
    drift: DriftPolicy = DriftPolicy()
    calibrations: tuple[Calibration, ...] = ()
    created_at: Instant
    deadline_at: Instant
