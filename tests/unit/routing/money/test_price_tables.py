"""The price tables that ship with Brushfire."""

from __future__ import annotations

import pytest

from infra.providers.fal_models import FAL_MODELS
from infra.providers.http.listing import Listing
from infra.providers.openai_models import OPENAI_MODELS
from infra.providers.price_tables import price_of_listed, price_tables
from infra.settings import ListedModel
from schemas.images import Size

SQUARE = Size(width=1024, height=1024)
FULL_HD = Size(width=1920, height=1080)


def listed(name: str, usd: float, **changes: object) -> ListedModel:
    return ListedModel(**{"name": name, "tier": "flagship", "price_usd": usd, "seconds": 1.0, **changes})


def test_every_table_has_a_source_and_a_date() -> None:
    assert len(price_tables()) >= 5
    assert all(table.source and table.as_of for table in price_tables().values())


@pytest.mark.parametrize("model", [*FAL_MODELS, *OPENAI_MODELS], ids=lambda each: each.name)
def test_the_catalogue_and_the_tables_agree(model: ListedModel) -> None:
    table = price_tables().get(model.name)
    used = price_of_listed(model)
    assert used.source == (table.source if table else model.source)


def test_a_listing_with_another_price_replaces_the_table() -> None:
    ours = price_of_listed(listed("flux-2-pro", 0.03))
    assert ours.usd("text-to-image", FULL_HD) == pytest.approx(0.045)
    theirs = price_of_listed(listed("flux-2-pro", 0.05))
    assert theirs.usd("text-to-image", FULL_HD) == 0.05


def test_a_listing_has_the_quality_of_its_table() -> None:
    low = price_of_listed(listed("gpt-image-2-low", 0.006, parameters={"quality": "low"}))
    assert low.usd("text-to-image", SQUARE) == 0.006
    four = price_of_listed(listed("gemini-3-pro-image-4k", 0.24, parameters={"imageSize": "4K"}))
    assert four.usd("text-to-image", SQUARE) == 0.24


def test_a_listing_by_the_megapixel_needs_no_table() -> None:
    price = price_of_listed(listed("mine", 0.003, per="megapixel"))
    assert price.usd("text-to-image", FULL_HD) == pytest.approx(0.006)
    assert price_of_listed(listed("mine", 0.003)).usd("text-to-image", FULL_HD) == 0.003


def test_cards_carry_their_tables() -> None:
    cards = {card.name: card for card in Listing("openai", OPENAI_MODELS).cards()}
    assert cards["gpt-image-2"].prices.usd("masked-edit", SQUARE) == 0.061
