"""Text of known colours, drawn by Pillow: the measured contrast is that of the colours."""

from dataclasses import replace

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from imaging.colour import contrast_of_levels, lightness_levels
from imaging.measures.brand.palette_table import hex_to_bgr
from imaging.measures.subject import Subject
from imaging.measures.text.legibility import TextContrastCheck
from schemas.images import Box, Region
from tests.unit.imaging.measures.ads import FORM, PALETTE, Ad, subject


def wcag(first, second):
    """The ratio by the letter of WCAG 2.2, from sRGB, apart from the code under test."""

    def luminance(colour):
        channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    high, low = sorted((luminance(first), luminance(second)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def numbers(of):
    return {m.name.removeprefix("text."): m.value for m in TextContrastCheck().measure(of)}


def page(ground, text, *, size=40, words="Fresh bread every morning", lines=1, paint=None, role="headline"):
    """Words on a ground, tightly boxed; `paint` may draw on the ground first."""
    image = Image.new("RGB", (900, 400), ground)
    pen = ImageDraw.Draw(image)
    if paint:
        paint(pen)
    copy, font = "\n".join([words] * lines), ImageFont.load_default(size)
    pen.multiline_text((90, 80), copy, fill=text, font=font)
    left, top, right, bottom = pen.multiline_textbbox((90, 80), copy, font=font)
    box = Box(left=left / 900, top=top / 400, right=right / 900, bottom=bottom / 400)
    return Subject(np.asarray(image)[..., ::-1].copy(), PALETTE, FORM, (Region(role=role, box=box),))


PAIRS = [
    ("#ffffff", "#000000"),
    ("#1b1b22", "#f4efe6"),
    ("#17618f", "#ffffff"),
    ("#ffc914", "#1b1b22"),
    ("#e4572e", "#ffffff"),
    ("#888888", "#999999"),
    ("#0000ff", "#ff0000"),
    ("#f4efe6", "#ffffff"),
]


@pytest.mark.parametrize(("ground", "text"), PAIRS)
@pytest.mark.parametrize("size", [20, 36, 60])
def test_contrast_is_that_of_the_drawn_colours(ground, text, size):
    found = numbers(page(ground, text, size=size))
    assert found["contrast.headline"] == pytest.approx(wcag(ground, text), rel=0.12)
    assert found["contrast"] == found["contrast.headline"]


@pytest.mark.parametrize(("ground", "text"), PAIRS)
def test_ratio_of_two_levels_follows_wcag(ground, text):
    levels = [int(lightness_levels(hex_to_bgr(colour))[0, 0]) for colour in (ground, text)]
    assert contrast_of_levels(*levels) == pytest.approx(wcag(ground, text), rel=0.03)


def test_a_bright_spot_under_half_a_line_is_found():
    spot = page("#17618f", "#ffffff", paint=lambda pen: pen.rectangle((300, 0, 600, 400), fill="#eeeeee"))
    assert numbers(page("#17618f", "#ffffff"))["contrast"] > 6
    assert numbers(spot)["contrast"] < 1.5


def test_a_gradient_that_stays_dark_is_no_fault():
    def paint(pen):
        for x in range(900):
            pen.line((x, 0, x, 400), fill=(10 + x // 18, 20 + x // 20, 60))

    assert numbers(page("#000000", "#ffffff", paint=paint))["contrast"] > 8


def test_text_in_a_button_is_measured_against_the_button():
    def paint(pen):
        pen.rounded_rectangle((60, 60, 560, 150), radius=45, fill="#e4572e")

    base = page("#ffffff", "#1b1b22", paint=paint, words="Order your loaf")
    button = Box(left=60 / 900, top=60 / 400, right=560 / 900, bottom=150 / 400)
    region = Region(role="call_to_action", box=button)
    found = numbers(replace(base, regions=(region,)))
    assert found["contrast.call_to_action"] == pytest.approx(wcag("#e4572e", "#1b1b22"), rel=0.12)


@pytest.mark.parametrize("lines", [1, 3])
def test_height_is_that_of_a_line_not_of_the_box(lines):
    found = numbers(page("#ffffff", "#000000", size=44, lines=lines))
    left, top, right, bottom = ImageFont.load_default(44).getbbox("Fresh bread every morning")
    assert right > left
    assert found["height.headline"] * 400 == pytest.approx(bottom - top, abs=3)


def test_the_worst_of_several_texts_counts_and_each_role_is_reported():
    good = page("#ffffff", "#000000")
    pixels = np.concatenate([good.pixels, page("#ffffff", "#bbbbbb").pixels])
    upper, lower = (
        Region(
            role=role,
            box=good.regions[0].box.model_copy(
                update={"top": (good.regions[0].box.top + at) / 2, "bottom": (good.regions[0].box.bottom + at) / 2}
            ),
        )
        for role, at in (("headline", 0), ("legal", 1))
    )
    found = numbers(Subject(pixels, PALETTE, FORM, (upper, lower)))
    assert found["contrast.headline"] > 18
    assert found["contrast"] == found["contrast.legal"] == pytest.approx(wcag("#ffffff", "#bbbbbb"), rel=0.1)


def test_safe_area():
    assert numbers(subject())["inside_safe_area"] == 1.0
    out = TextContrastCheck().measure(subject(Ad(headline_at=(0.0, 0.62))))
    found = next(m for m in out if m.name == "text.inside_safe_area")
    assert 0.8 < found.value < 0.95
    assert found.detail == "headline"


def test_a_pixel_of_rounding_is_allowed():
    box = Box(left=0.05 - 0.9 / 512, top=0.5, right=0.5, bottom=0.6)
    region = Region(role="headline", box=box)
    assert numbers(replace(subject(), regions=(region,)))["inside_safe_area"] == 1.0


def test_a_model_that_reports_nothing_gets_no_numbers():
    assert TextContrastCheck().measure(replace(subject(), regions=())) == ()
    logo = Region(role="logo", box=Box(left=0, top=0, right=0.2, bottom=0.2))
    assert TextContrastCheck().measure(replace(subject(), regions=(logo,))) == ()
