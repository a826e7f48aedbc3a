"""The result: an asset, its renditions, and the manifest that links a signal to the bytes of its images."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from schemas.base import Dollars, Event, Identifier, Instant, Model
from schemas.briefs import Brief
from schemas.generations import GenerationRecord
from schemas.images import ImageRef
from schemas.refinements import DriftVerdict, Promotion
from schemas.scorecards import Scorecard


class Rendition(Model):
    """One format of an asset. `refinement_id` is the flagship image that it was made from."""

    form_name: Identifier
    image: ImageRef
    refinement_id: Identifier


class Asset(Event):
    """A finished, published set of renditions. `manifest_key` names its manifest in the object store."""

    asset_id: Identifier
    brief_id: Identifier
    campaign_id: Identifier
    signal_id: Identifier
    candidate_id: Identifier
    topic: str
    renditions: Annotated[tuple[Rendition, ...], Field(min_length=1)]
    manifest_key: str
    price_usd: Dollars
    published_at: Instant


class RefinedStep(Model):
    """One refinement in a manifest: what was made, what was measured, what was decided."""

    generation: GenerationRecord
    scorecard: Scorecard
    drift: DriftVerdict


class Manifest(Event):
    """Every model, version, prompt, seed, score, decision, price and time between a signal and an asset's bytes."""

    asset: Asset
    brief: Brief
    draft: GenerationRecord
    draft_scorecard: Scorecard
    promotion: Promotion
    refinements: Annotated[tuple[RefinedStep, ...], Field(min_length=1)]
    software: str
