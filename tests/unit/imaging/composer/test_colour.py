"""Colours: derived in OKLCH, grounds with a readable ink, and what colour-blind people see."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imaging.colour import contrast, lightness, oklab_distance
from imaging.composer.colour.harmony import at_lightness, blend, from_lch, hues_apart, lch, turned
from imaging.composer.colour.scheme import READABLE, call_on, label_for, rule_on, scheme_of
from imaging.composer.colour.vision import DEFICIENCIES, least_contrast, least_distance, seen_by
from schemas.brands import Palette
from schemas.scenes import MOODS, SCHEMES

CHANNELS = st.tuples(*[st.integers(0, 255)] * 3)
PALETTES = (
    Palette(primary="#0e4a5c", secondary="#8fd6d2", accent="#ff6f4c", paper="#f7f1e5", ink="#0a2732"),
    Palette(primary="#1b2be0", secondary="#d4ff3a", accent="#ff4f38", paper="#f4f4ef", ink="#0b0d2a"),
    Palette(primary="#d9541e", secondary="#f6c65b", accent="#7a1f45", paper="#fff4e2", ink="#2f120b"),
    Palette(primary="#c00000", secondary="#008000", accent="#806000"),
    Palette(primary="#777777", secondary="#7a7a7a", accent="#808080"),
)
ALL = list(itertools.product(PALETTES, SCHEMES, MOODS))


@given(CHANNELS)
def test_oklch_and_back_gives_the_colour_again(colour):
    assert max(abs(one - other) for one, other in zip(from_lch(*lch(colour)), colour, strict=True)) <= 1


@given(CHANNELS, st.floats(0.3, 0.95))
def test_a_tint_has_the_wanted_lightness_and_the_hue_of_its_colour(colour, wanted):
    tint = at_lightness(colour, wanted)
    assert lightness(tint) == pytest.approx(wanted, abs=0.015)
    if lch(tint).chroma > 0.05:
        assert hues_apart(colour, tint) < 6


def test_a_complement_has_the_opposite_hue():
    assert hues_apart((14, 74, 92), turned((14, 74, 92), 180)) == pytest.approx(180, abs=6)


def test_distant_hues_blend_without_grey():
    orange, teal = (255, 111, 76), (14, 74, 92)
    for share in (0.25, 0.4, 0.6, 0.8):
        assert lch(blend(teal, orange, share)).chroma >= 0.9 * min(lch(teal).chroma, lch(orange).chroma)


@given(CHANNELS)
def test_greys_look_the_same_to_everybody(colour):
    grey = (colour[0],) * 3
    for kind in DEFICIENCIES:
        assert oklab_distance(seen_by(grey, kind), grey) < 0.01


def test_red_and_green_are_close_to_protanopes_and_deuteranopes_but_not_to_tritanopes():
    red, green = (200, 60, 40), (105, 115, 30)
    usual = oklab_distance(red, green)
    assert oklab_distance(seen_by(red, "deuteranopia"), seen_by(green, "deuteranopia")) < 0.5 * usual
    assert oklab_distance(seen_by(red, "tritanopia"), seen_by(green, "tritanopia")) > 0.7 * usual


@pytest.mark.parametrize(("palette", "name", "mood"), ALL)
def test_every_ground_has_an_ink_that_everybody_can_read(palette, name, mood):
    scheme = scheme_of(name, palette, mood)
    for ground in (scheme.base, scheme.outer):
        best = max(scheme.inks, key=lambda ink: contrast(ink, ground))
        assert contrast(best, ground) >= READABLE
        assert least_contrast(best, ground) >= 3
    assert max(min(contrast(ink, tone) for tone in scheme.tones) for ink in scheme.inks) >= READABLE


@pytest.mark.parametrize(("palette", "name", "mood"), ALL)
def test_everybody_can_see_every_button_on_its_ground(palette, name, mood):
    scheme = scheme_of(name, palette, mood)
    for ground in (scheme.base, scheme.outer, scheme.counter):
        fill = call_on(ground, scheme)
        assert least_distance(fill, ground) >= 0.16
        assert least_contrast(label_for(fill, scheme), fill) >= 3
        assert contrast(label_for(fill, scheme), fill) >= READABLE
        assert contrast(rule_on(ground, scheme), ground) >= 1.9


@pytest.mark.parametrize("palette", PALETTES)
@pytest.mark.parametrize("name", SCHEMES)
def test_moods_are_dark_and_light(palette, name):
    assert lightness(scheme_of(name, palette, "dark").base) <= 0.45
    assert lightness(scheme_of(name, palette, "light").base) >= 0.8
