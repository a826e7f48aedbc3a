"""Checks a campaign against the available models, before anything is paid."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from infra.programs.tesseract_languages import LANGUAGES, installed
from infra.providers.real_esrgan.limits import SAME_RATIO, check_reference
from infra.providers.real_esrgan.models import MODELS
from infra.providers.registry import Catalogue
from routing.calibration.apply import retirement_warning
from routing.money.prices import draft_usd, refinement_usd
from schemas.campaigns import Campaign
from schemas.errors import InvalidRequest
from schemas.generations import ModelCard, Operation

_KEEP_THE_SHAPE: Final[frozenset[Operation]] = frozenset({"upscale", "relight"})


def notes(campaign: Campaign, catalogue: Catalogue) -> list[str]:
    """The reasons why `campaign` cannot use the models of `catalogue`, each with what to write instead."""
    try:
        draft = catalogue.card(campaign.plan.draft_model)
        refine = catalogue.card(campaign.plan.refine_model)
        of_type = catalogue.card(campaign.plan.type_model)
    except InvalidRequest as error:
        return [f"{campaign.campaign_id}: {error}"]
    found = (
        *_money(campaign, draft, refine, of_type),
        *_shapes(campaign, refine),
        *_enlargements(campaign, refine),
        *_type(of_type),
        *_fallbacks("draft_fallbacks", draft, campaign.plan.draft_fallbacks, catalogue),
        *_fallbacks("refine_fallbacks", refine, campaign.plan.refine_fallbacks, catalogue),
    )
    return [f"{campaign.campaign_id}: {note}" for note in found]


def retirements(campaign: Campaign, catalogue: Catalogue, now: datetime) -> list[str]:
    """The models of `campaign` that their providers have retired or will retire. This is a note, not an error."""
    plan = campaign.plan
    names = (plan.draft_model, plan.refine_model, plan.type_model, *plan.draft_fallbacks, *plan.refine_fallbacks)
    cards = {card.name: card for card in catalogue.cards()}
    found = (retirement_warning(cards[name], now) for name in dict.fromkeys(names) if name in cards)
    return [line for line in found if line is not None]


def unread(campaign: Campaign) -> list[str]:
    """The languages in which no installed reader can check the copy in an image. This is a note, not an error."""
    wanted = {
        code: LANGUAGES[code]
        for code in sorted({one.partition("-")[0] for one in campaign.copy_lines} & set(LANGUAGES))
    }
    return [
        f"{campaign.campaign_id}: no installed reader can check the spelling of {code} in an image; install Tesseract "
        f"with its data {data} and eng to have it read"
        for code, data in wanted.items()
        if data not in installed()
    ]


def _money(campaign: Campaign, draft: ModelCard, refine: ModelCard, of_type: ModelCard) -> Iterator[str]:
    least = draft_usd((draft,), campaign) + refinement_usd((refine, of_type), campaign) * len(campaign.formats)
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
            "again, such as composer-refine, or give formats of another shape a campaign of their own"
        )


def _enlargements(campaign: Campaign, refine: ModelCard) -> Iterator[str]:
    """The formats with the shape of the draft that the local upscaler would refuse."""
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
    """The type model must be able to set copy over another model's image."""
    if "masked-edit" not in card.operations:
        yield (
            f"plan.type_model {card.name} cannot set copy over an image: it does {', '.join(card.operations)}; "
            "name one that does masked edits, such as composer-refine"
        )


def _fallbacks(setting: str, asked: ModelCard, names: tuple[str, ...], catalogue: Catalogue) -> Iterator[str]:
    """The fallbacks that can never take over. Without this check that would be found in the outage."""
    for name in names:
        try:
            card = catalogue.card(name)
        except InvalidRequest as error:
            yield f"plan.{setting}: {error}"
            continue
        if card.tier != asked.tier:
            yield (
                f"plan.{setting}: {name} is of the {card.tier} tier and cannot replace {asked.name}, which is of "
                f"the {asked.tier} tier; name one of that tier, or leave it out"
            )
        elif not set(card.operations) & set(asked.operations):
            yield (
                f"plan.{setting}: {name} does {', '.join(card.operations)} and nothing that {asked.name} does "
                f"({', '.join(asked.operations)}); name one that does, or leave it out"
            )
