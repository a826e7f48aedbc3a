from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infra.providers.apis import APIS
from infra.providers.http.listing import Listing, ratio_for, size_for
from infra.providers.http.pricing import price_of
from infra.settings import ListedModel
from schemas.images import Size

sides = st.integers(16, 4096)


def listed(**changes) -> ListedModel:
    return ListedModel(**{"name": "m", "tier": "fast", "price_usd": 0.01, "seconds": 1.0, **changes})


@given(sides, sides)
def test_any_size_is_taken_as_it_is(width, height):
    assert size_for(listed(), Size(width=width, height=height)) == Size(width=width, height=height)


@given(sides, sides)
def test_sides_are_rounded_to_the_step(width, height):
    size = size_for(listed(side_multiple=16), Size(width=width, height=height))
    assert size.width % 16 == size.height % 16 == 0
    assert abs(size.width - width) <= 8
    assert abs(size.height - height) <= 8


@pytest.mark.parametrize(
    ("asked", "chosen"), [((1080, 1080), "1024x1024"), ((1080, 1920), "1024x1536"), ((1200, 628), "1536x1024")]
)
def test_of_fixed_sizes_the_nearest_ratio_is_taken(asked, chosen):
    size = size_for(listed(sizes=("1024x1024", "1536x1024", "1024x1536")), Size(width=asked[0], height=asked[1]))
    assert f"{size.width}x{size.height}" == chosen


@pytest.mark.parametrize(("side", "megapixels"), [(320, 1), (1024, 1), (1025, 2), (2000, 4)])
def test_a_megapixel_that_is_begun_counts_whole(side, megapixels):
    size = Size(width=side, height=side)
    assert price_of(listed(per="megapixel"), size) == pytest.approx(0.01 * megapixels)
    assert price_of(listed(), size) == 0.01


def test_what_is_listed_first_has_the_name():
    (card,) = Listing("fal", (listed(price_usd=0.5), listed(price_usd=0.1))).cards()
    assert (card.price_usd, card.source, card.version) == (0.5, "the settings", "m")


@pytest.mark.parametrize("api", [api for api in APIS if api.catalogue], ids=lambda api: api.name)
def test_a_catalogue_has_both_tiers(api):
    assert {model.tier for model in api.catalogue} == {"fast", "flagship"}


@pytest.mark.parametrize(
    ("asked", "chosen"), [((1080, 1080), "1:1"), ((1080, 1350), "4:5"), ((1080, 1920), "9:16"), ((1200, 628), "16:9")]
)
def test_of_ratios_the_nearest_is_taken(asked, chosen):
    model = listed(ratios=("1:1", "4:5", "3:2", "16:9", "9:16", "21:9"))
    assert ratio_for(model, Size(width=asked[0], height=asked[1])) == chosen
