"""Estimates of every entry of the catalogue against what providers publish."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from pydantic import BaseModel, ValidationError

from bench.figures import Figure, say
from bench.models.price_list import PRICE_LIST, Published
from infra.providers.catalogue import network_providers
from infra.settings import ProvidersSettings
from routing.money.prices import estimate
from routing.planning.plan import draft_jobs
from schemas.generations import GenerationRequest, ModelCard
from schemas.images import ImageRef, Size
from tests.support.factories import make_brief

HALF_A_CENT: Final = 0.005
LEAST_CASES: Final = 3


def price_figures() -> list[Figure]:
    """How far estimates are from the published prices, and for how many entries there are enough of these."""
    cards = list(catalogue())
    compared = [(card, published) for card in cards for published in PRICE_LIST.get(card.name, ())]
    away = {
        (card.name, case.operation, case.quality, case.width, case.height): abs(_estimate(card, case) - case.usd)
        for card, case in compared
    }
    for case, difference in away.items():
        if difference >= HALF_A_CENT:
            say(f"  {case}: ${difference:.4f} away")
    enough = [card for card in cards if len(PRICE_LIST.get(card.name, ())) >= LEAST_CASES]
    return [
        Figure("catalogue entries with three or more published sizes or qualities", len(enough), "entries",
               f">= {len(cards)}"),
        Figure("published prices compared", len(away), "prices"),
        Figure("estimates that are off by half a cent or more", sum(d >= HALF_A_CENT for d in away.values()), "prices",
               "<= 0"),
        Figure("largest difference, the words of the prompt included", max(away.values()) * 100, "cents", "<= 0.5"),
        Figure("the same with the one price of a listing in place of its table (floor)",
               max(abs(card.price_usd - case.usd) for card, case in compared) * 100, "cents"),
    ]  # fmt: skip


def catalogue() -> Iterator[ModelCard]:
    """The card of every model of every provider that has a catalogue of its own."""

    async def none(key: str) -> bytes:
        raise KeyError(key)

    for provider in network_providers(_all_on(), none):
        yield from provider.models()


def _all_on() -> ProvidersSettings:
    """Settings with a key for every provider; those that have no catalogue need a server and are left out."""
    groups: dict[str, BaseModel] = {}
    for name, field in ProvidersSettings.model_fields.items():
        if isinstance(field.default, BaseModel) and "key" in type(field.default).model_fields:
            try:
                groups[name] = type(field.default).model_validate({"key": "a-key"})
            except ValidationError:
                continue
    return ProvidersSettings(**groups)


def _estimate(card: ModelCard, case: Published) -> float:
    return estimate(card.prices, _request(card, case))


def _request(card: ModelCard, case: Published) -> GenerationRequest:
    usual = draft_jobs(make_brief())[0].request
    return usual.model_copy(
        update={
            "model": card.name,
            "operation": case.operation,
            "size": case.size,
            "references": tuple(_image(size) for size in case.references),
            "parameters": {"quality": case.quality} if case.quality else {},
        }
    )


def _image(size: Size) -> ImageRef:
    return ImageRef(key="sha256/" + "0" * 64 + ".png", media_type="image/png", size=size, bytes=1)
