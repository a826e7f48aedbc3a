"""What the models at hand make of a campaign, before it costs anything."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from infra.providers.real_esrgan import MODELS, SAME_RATIO, check_reference
from infra.providers.registry import Registry
from schemas.campaigns import Campaign
from schemas.errors import InvalidRequest
from schemas.generations import ModelCard, Operation

_KEEP_THE_SHAPE: Final[frozenset[Operation]] = frozenset({"upscale", "relight"})


def notes(campaign: Campaign, registry: Registry) -> list[str]:
    """Why `campaign` cannot work with the models of `registry`, each with what to write instead; empty: it can."""
    try:
        draft = registry.card(campaign.plan.draft_model)
        refine = registry.card(campaign.plan.refine_model)
        of_type = registry.card(campaign.plan.type_model)
    except InvalidRequest as error:
        return [f"{campaign.campaign_id}: {error}"]
    found = (
        *_money(campaign, draft, refine),
        *_shapes(campaign, refine),
        *_enlargements(campaign, refine),
        *_type(of_type),
    )
    return [f"{campaign.campaign_id}: {note}" for note in found]


def _money(campaign: Campaign, draft: ModelCard, refine: ModelCard) -> Iterator[str]:
    least = draft.price_usd + refine.price_usd * len(campaign.formats)
    if campaign.budget.per_brief_usd < least:
        yield (
            f"per_brief_usd {campaign.budget.per_brief_usd:g} cannot pay one draft and one "
            f"refinement in {len(campaign.formats)} formats; write at least {least:.6f}"
        )


def _shapes(campaign: Campaign, refine: ModelCard) -> Iterator[str]:
    """A model that only upscales gives every format the shape of the draft."""
    if not _KEEP_THE_SHAPE.issuperset(refine.operations):
        return
    drawn = campaign.draft_format
    others = [form.name for form in campaign.formats if abs(form.size.ratio / drawn.size.ratio - 1) > SAME_RATIO]
    if others:
        yield (
            f"refine_model {refine.name} only does {' and '.join(refine.operations)}, so it cannot make "
            f"{', '.join(others)}: drafts are drawn in {drawn.name}, another shape; write a refine_model that draws "
            "anew, such as composer-refine, or give formats of another shape a campaign of their own"
        )


def _enlargements(campaign: Campaign, refine: ModelCard) -> Iterator[str]:
    """What the local upscaler would refuse of the formats that have the shape of the draft."""
    factor = MODELS.get(refine.name)
    if factor is None:
        return
    drawn = campaign.draft_format.size
    reference = drawn.scaled_to(campaign.plan.draft_long_side)
    for form in campaign.formats:
        if abs(form.size.ratio / drawn.ratio - 1) > SAME_RATIO:
            continue
        try:
            check_reference(reference, form.size, factor)
        except InvalidRequest as error:
            yield f"{form.name}: {error}"


def _type(card: ModelCard) -> Iterator[str]:
    """A type model has to set copy over another model's picture."""
    if "masked-edit" not in card.operations:
        yield (
            f"plan.type_model {card.name} cannot set copy over a picture: it does {', '.join(card.operations)}; "
            "name one that does masked edits, such as composer-refine"
        )
