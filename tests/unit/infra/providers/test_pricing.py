from __future__ import annotations

import pytest

from infra.providers.apis import APIS
from infra.providers.bfl_models import BFL_MODELS
from infra.providers.gemini_models import GEMINI_MODELS
from infra.providers.http.pricing import Tokens, price_note, price_of, price_of_tokens, token_count, usual_price
from infra.settings.providers import ListedModel, TokenPrices
from schemas.images import Size


def listed(**changes) -> ListedModel:
    return ListedModel(**{"name": "m", "tier": "fast", "price_usd": 0.01, "seconds": 3.0, **changes})


def square(side: int) -> Size:
    return Size(width=side, height=side)


def test_further_megapixels_have_a_price_of_their_own():
    pro = next(model for model in BFL_MODELS if model.name == "bfl-flux-2-pro")
    prices = [price_of(pro, square(side)) for side in (512, 1024, 1025, 1408, 2000)]
    assert prices == pytest.approx([0.03, 0.03, 0.045, 0.045, 0.075])


def test_by_the_second_the_usual_latency_is_the_estimate():
    assert price_of(listed(per="second"), square(512)) == pytest.approx(0.03)


def test_the_tokens_of_an_image_cost_its_listed_price():
    """1,120 tokens at 2K, 2,000 at 4K, 1,290 from the smaller model: ai.google.dev/gemini-api/docs/pricing."""
    tokens = {"gemini-2.5-flash-image": 1290, "gemini-3-pro-image": 1120, "gemini-3-pro-image-4k": 2000}
    for model in GEMINI_MODELS:
        assert model.tokens is not None
        bill = price_of_tokens(model.tokens, Tokens(image_out=tokens[model.name]))
        assert bill == pytest.approx(model.price_usd, abs=0.0005)


def test_input_is_billed_too():
    prices = TokenPrices(text_in=5.0, image_in=8.0, text_out=10.0, image_out=30.0)
    tokens = Tokens(text_in=1000, image_in=500, text_out=100, image_out=200)
    assert price_of_tokens(prices, tokens) == pytest.approx(0.005 + 0.004 + 0.001 + 0.006)


@pytest.mark.parametrize("value", [None, "12", -3, 1.5, {}])
def test_a_value_that_is_no_number_counts_as_zero(value):
    assert token_count(value) == 0


def test_a_price_in_words():
    assert price_note(listed()) == "$0.01 an image"
    assert price_note(listed(per="megapixel")) == "$0.01 a megapixel"
    note = price_note(listed(further_megapixel_usd=0.002, tokens=TokenPrices()))
    assert note == "$0.01 an image, $0.002 for each further megapixel, billed by tokens"


@pytest.mark.parametrize("api", APIS, ids=lambda api: api.name)
def test_every_listed_price_is_dated_and_sourced(api):
    for model in api.catalogue:
        assert model.as_of >= "2026-05"
        assert "price" in model.source
        assert 0 < usual_price(model) < 1
        assert model.tier == "flagship" or usual_price(model) <= 0.05


def test_no_two_models_of_the_catalogues_share_a_name():
    names = [model.name for api in APIS for model in api.catalogue]
    assert len(set(names)) == len(names) >= 25
