"""Price tables and estimates."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from routing.money.prices import (
    CHARACTERS_A_TOKEN,
    FRAME_CHARACTERS,
    draft_usd,
    estimate,
    prompt_tokens,
    refinement_usd,
)
from routing.planning.plan import draft_jobs
from schemas.campaigns import TierPlan
from schemas.generations import GenerationRequest, ModelCard
from schemas.images import Size
from schemas.prices import ModelPrice, PriceRow, flat_price, megapixels
from tests.support.factories import make_brief, make_campaign, make_image

SQUARE = Size(width=1024, height=1024)
sizes = st.builds(Size, width=st.integers(64, 4096), height=st.integers(64, 4096))


def table(*rows: dict[str, object], **changes: object) -> ModelPrice:
    return ModelPrice.model_validate({"rows": rows, "source": "test", "as_of": "2026-11", **changes})


def request(**changes: object) -> GenerationRequest:
    return draft_jobs(make_brief())[0].request.model_copy(update={"size": SQUARE, **changes})


def card(name: str = "m", price: ModelPrice | None = None, **changes: object) -> ModelCard:
    fields = {
        "name": name, "version": "1", "provider": "test", "tier": "fast", "operations": ("text-to-image",),
        "seed": "none", "price_usd": 0.01, "seconds": 1.0, "source": "test", "as_of": "2026-11", "price": price,
    }  # fmt: skip
    return ModelCard.model_validate({**fields, **changes})


@pytest.mark.parametrize(
    ("width", "height", "count"),
    [(512, 512, 1), (1024, 1024, 1), (1024, 1025, 2), (1920, 1080, 2), (2048, 2048, 4)],
)
def test_megapixels_are_rounded_up(width: int, height: int, count: int) -> None:
    assert megapixels(Size(width=width, height=height)) == count


def test_the_first_megapixel_and_each_further_one() -> None:
    price = table({"usd": 0.03, "further_usd": 0.015})
    assert price.usd("text-to-image", SQUARE) == pytest.approx(0.03)
    assert price.usd("text-to-image", Size(width=2048, height=2048)) == pytest.approx(0.075)


def test_reference_images_cost_by_piece_and_by_megapixel() -> None:
    price = table({"usd": 0.03}, reference_usd=0.001, reference_megapixel_usd=0.015)
    shown = (SQUARE, Size(width=1920, height=1080))
    assert price.usd("image-to-image", SQUARE, references=shown) == pytest.approx(0.03 + 0.002 + 3 * 0.015)


def test_the_row_of_operation_quality_and_nearest_size_counts() -> None:
    price = table(
        {"usd": 0.006, "quality": "low", "size": "1024x1024", "operations": ["text-to-image"]},
        {"usd": 0.005, "quality": "low", "size": "1024x1536", "operations": ["text-to-image"]},
        {"usd": 0.053, "quality": "medium", "size": "1024x1024", "operations": ["text-to-image"]},
        {"usd": 0.061, "quality": "medium", "size": "1024x1024", "operations": ["masked-edit"]},
        quality="medium",
    )
    assert price.usd("text-to-image", SQUARE) == 0.053
    assert price.usd("text-to-image", SQUARE, quality="low") == 0.006
    assert price.usd("text-to-image", Size(width=1024, height=1536), quality="low") == 0.005
    assert price.usd("text-to-image", Size(width=1536, height=1024), quality="low") == 0.005
    assert price.usd("masked-edit", SQUARE) == 0.061


def test_a_request_without_a_row_costs_what_the_most_expensive_row_does() -> None:
    price = table({"usd": 0.01, "quality": "low"}, {"usd": 0.2, "quality": "high"})
    assert price.usd("text-to-image", SQUARE, quality="ultra") == 0.2
    assert table({"usd": 0.1, "operations": ["upscale"]}).usd("relight", SQUARE) == 0.1


def test_an_image_larger_than_its_row_costs_more_by_its_area() -> None:
    price = table({"usd": 0.01, "size": "1024x1024"})
    assert price.usd("text-to-image", Size(width=2048, height=2048)) == pytest.approx(0.04)
    assert price.usd("text-to-image", Size(width=512, height=512)) == 0.01


def test_a_table_has_sizes_everywhere_or_nowhere() -> None:
    with pytest.raises(ValidationError, match="all of its lines or in none"):
        table({"usd": 0.1}, {"usd": 0.2, "size": "64x64"})


def test_prompt_tokens_cost_money_if_they_are_billed() -> None:
    free, billed = table({"usd": 0.05}), table({"usd": 0.05}, text_million_usd=5.0)
    tokens = prompt_tokens(request().prompt)
    assert tokens > FRAME_CHARACTERS / CHARACTERS_A_TOKEN
    assert estimate(free, request()) == 0.05
    assert estimate(billed, request()) == pytest.approx(0.05 + tokens * 5e-6)


def test_an_estimate_uses_the_quality_and_references_of_the_request() -> None:
    price = table({"usd": 0.1, "quality": "2K"}, {"usd": 0.2, "quality": "4K"}, quality="2K", reference_usd=0.01)
    assert estimate(price, request()) == 0.1
    assert estimate(price, request(parameters={"imageSize": "4K"})) == 0.2
    edited = request(operation="image-to-image", references=(make_image(),))
    assert estimate(price, edited) == pytest.approx(0.11)


@given(sizes, st.floats(0.0, 1.0), st.floats(0.0, 0.5))
def test_by_megapixel_a_larger_image_never_costs_less(size: Size, usd: float, further: float) -> None:
    price = table({"usd": usd, "further_usd": further})
    larger = Size(width=min(8192, size.width * 2), height=size.height)
    assert price.usd("text-to-image", larger) >= price.usd("text-to-image", size) >= usd


def test_a_card_without_a_table_has_one_price() -> None:
    assert card().prices == flat_price(0.01, "test", "2026-11")
    assert card(price=ModelPrice(rows=(PriceRow(usd=0.5),), source="s", as_of="")).prices.usd(
        "text-to-image", SQUARE
    ) == 0.5  # fmt: skip


def test_a_campaign_estimates_the_most_expensive_refinement_it_may_request() -> None:
    campaign = make_campaign(plan=TierPlan(drafts=4, draft_long_side=1024))
    cheap = card("cheap", operations=("text-to-image", "image-to-image"), price=table({"usd": 0.02}))
    costly = card("costly", operations=("image-to-image",), price=table({"usd": 0.02}, reference_megapixel_usd=0.03))
    assert refinement_usd((cheap,), campaign) == pytest.approx(0.02)
    assert refinement_usd((cheap, costly), campaign) == pytest.approx(0.05)
    fast = card(price=table({"usd": 0.003, "further_usd": 0.003}))
    assert draft_usd((fast,), campaign) == pytest.approx(0.003)
    assert draft_usd((fast, cheap), campaign) == pytest.approx(0.02)
