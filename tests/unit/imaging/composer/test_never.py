"""Choices that a brand excludes."""

from __future__ import annotations

import pytest

from imaging.composer.edits.background import in_brand_colour
from imaging.composer.requests import axes_for
from imaging.composer.scene.axes import axes_of
from schemas.errors import InvalidRequest
from schemas.images import Size
from schemas.scenes import BUTTONS, GROUNDS, LAYOUTS, SCHEMES, unknown_choices

NEVER = {
    "layout": ("burst", "quote"),
    "ground": ("confetti", "type", "halftone"),
    "scheme": ("accent",),
    "button": ("pill",),
}


def test_no_seed_makes_an_excluded_choice_and_all_others_occur():
    drawn = [axes_of(seed, 1250, 3, NEVER) for seed in range(400)]
    for axis, options in (("layout", LAYOUTS), ("ground", GROUNDS), ("scheme", SCHEMES), ("button", BUTTONS)):
        assert {getattr(axes, axis) for axes in drawn} == set(options) - set(NEVER[axis])


def test_a_brand_without_exclusions_gets_the_same_as_before():
    assert all(axes_of(seed, 1250, 3) == axes_of(seed, 1250, 3, {}) for seed in range(50))


def test_an_excluded_choice_that_is_asked_for_by_name_is_drawn(bench):
    brand = bench.brand.model_copy(update={"never": NEVER})
    asked = bench.request(brand=brand, parameters={"axes": {"ground": "confetti"}})
    assert axes_for(asked, 7).ground == "confetti"
    assert axes_for(bench.request(brand=brand, parameters={"like": 7}), 9).ground not in NEVER["ground"]


async def test_an_excluded_layout_does_not_replace_one_that_the_copy_does_not_fit(bench):
    words = bench.words(
        headline="Night trains to Lapland all winter long, from four cities and",
        line="A window seat and breakfast. " * 2,
    )
    scene = {"layout": "ribbon", "ground": "mesh", "scheme": "ink", "height": 1000 * 268 / 512}
    fields = {"words": words, "parameters": {"scene": scene}, "size": Size(width=512, height=268)}
    taken = (await bench.draw(bench.request(**fields))).parameters["scene"]["layout"]
    assert taken != "ribbon"
    brand = bench.brand.model_copy(update={"never": {"layout": (taken,)}})
    other = (await bench.draw(bench.request(brand=brand, **fields))).parameters["scene"]["layout"]
    assert other not in {taken, "ribbon"}


def test_a_background_in_the_brands_colour_is_no_excluded_one(bench):
    axes = axes_of(3, 1250, 2)
    first = in_brand_colour(axes, bench.brand).ground
    brand = bench.brand.model_copy(update={"never": {"ground": (first,)}})
    assert in_brand_colour(axes, brand).ground != first


@pytest.mark.parametrize(
    ("never", "reason"),
    [({"ground": ("glitter",)}, "no ground 'glitter'; there are mesh"), ({"button": BUTTONS}, "leaves no button")],
)
async def test_impossible_exclusions_are_refused_with_a_reason(bench, never, reason):
    assert reason in next(unknown_choices(never))[1]
    with pytest.raises(InvalidRequest, match=f"brand.never.*{reason}"):
        await bench.draw(bench.request(brand=bench.brand.model_copy(update={"never": never})))
