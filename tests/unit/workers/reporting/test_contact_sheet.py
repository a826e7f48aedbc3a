"""The contact sheet: within its limits, complete, and without empty boxes for letters."""

from __future__ import annotations

import io

import numpy as np
from PIL import Image, ImageDraw

from tests.support import factories as make
from tests.support.scenario import whole_run
from tests.unit.workers.reporting.hostile import hostile_view
from workers.reporting.captions import CaptionStyle, caption_width, write_caption
from workers.reporting.contact_sheet import BYTE_LIMIT, WIDTH, contact_sheet
from workers.reporting.run_view import RunView

STYLE = CaptionStyle(40, 600, "white")


def opened(data):
    image = Image.open(io.BytesIO(data))
    assert image.format == "PNG"
    return image.convert("RGB")


def drawn(text, language):
    image = Image.new("L", (900, 80))
    taken = write_caption(ImageDraw.Draw(image), (10, 60), text, STYLE, 880, language)
    return image.tobytes(), taken


def test_every_final_shows_its_brands_colours():
    story = whole_run(drafts=3)
    view = RunView()
    view.apply_all(story.events)
    sheet = opened(contact_sheet(view, story.images))
    assert sheet.width == WIDTH
    pixels = np.asarray(sheet).astype(int)
    for colour in ((0xF2, 0x64, 0x19), (0xFF, 0x5C, 0x39)):
        near = np.abs(pixels - colour).max(axis=2) < 12
        assert near.sum() > 50_000


def test_noise_is_scaled_until_it_fits():
    brief, grain = make.make_brief(), np.random.default_rng(3).integers(0, 256, (1350, 1080, 3), dtype="uint8")
    out = io.BytesIO()
    Image.fromarray(grain).save(out, "JPEG", quality=90)
    draft = make.make_draft(brief)
    image = make.make_image(data=out.getvalue(), size={"width": 1080, "height": 1350})
    finals = [make.make_refinement(brief, draft, form=form, image=image) for form in brief.formats]
    view = RunView()
    view.apply_all([brief, draft, make.make_asset(brief, draft, tuple(finals))])
    data = contact_sheet(view, {image.key: out.getvalue()})
    assert len(data) <= BYTE_LIMIT
    assert opened(data).width <= WIDTH


def test_letters_of_every_script_have_a_shape_of_their_own():
    for one, other, language in (
        ("韓国", "旅行", "ja"),
        ("снег", "лето", "ru"),
        ("شتاء", "مطر", "ar"),
        ("snow", "rain", "en"),
    ):
        first, second = drawn(one, language), drawn(other, language)
        assert first[0] != second[0]
        assert first[1] > 30


def test_a_letter_that_no_font_has_is_left_out():
    assert caption_width("\u1200\u1201", STYLE) == 0.0
    assert caption_width("snow \u1200", STYLE) == caption_width("snow ", STYLE)


def test_a_long_caption_ends_in_an_ellipsis_within_its_width():
    image = Image.new("L", (900, 80))
    taken = write_caption(ImageDraw.Draw(image), (0, 60), "a very long topic " * 20, STYLE, 300)
    assert 250 < taken <= 300


def test_missing_images_hostile_words_and_an_empty_run_still_make_a_sheet():
    assert opened(contact_sheet(hostile_view(), {})).width == WIDTH
    assert opened(contact_sheet(RunView(), {})).width == WIDTH
