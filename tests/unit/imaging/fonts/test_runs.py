"""Text cut into runs of one font and one direction."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imaging.fonts.bidirectional import levels, visual_order
from imaging.fonts.registry import families, font
from imaging.fonts.runs import Voice, drawable, visual_runs

INTER = Voice("Inter", 700, "en", rtl=False)
ARABIC = Voice("Anton", 700, "ar", rtl=True)
TEXTS = (
    "Ryder Cup – “now” from €89, 50% off…",
    "Выходные в Лапландии",
    "ソフトバンク vs Ryder Cup",
    "這個週末，去看極光吧 这个周末",
    "خصم 30٪ على Ryder Cup، اليوم؟",
    "ฤดูหนาวนี้ ฿1,990 ที่นี่",
    "इस सर्दी ₹4,999 से हिन्दी",
    "החורף מ־₪349 בלבד",
    "Ελλάδα, Đà Nẵng, İstanbul, Łódź, 대한민국",
)


@pytest.mark.parametrize("family", families())
@pytest.mark.parametrize("text", TEXTS)
def test_no_character_is_drawn_as_the_missing_glyph(family, text):
    voice = Voice(family, 700, "en", rtl="خ" in text or "ה" in text)
    for run in visual_runs(drawable(text, voice), voice):
        face = font(run.family, 700, 40)
        missing = bytes(face.getmask("\U0010fffe"))
        for character in run.text:
            assert character == " " or bytes(face.getmask(character)) != missing, (run.family, character)


@pytest.mark.parametrize("text", ["हिन्\u200dदी", "می\u200cخواهم", "שָׁלוֹם", "ที่นี่", "x̌y̌"])
def test_marks_and_joiners_stay_in_the_run_of_their_letter(text):
    voice = Voice("Anton", 700, "en", rtl=False)
    assert len({run.family for run in visual_runs(drawable(text, voice), voice)}) == 1


def test_pictographs_are_left_out_and_spaces_closed():
    assert drawable("Go  now 🔥 ✈️ today", INTER) == "Go now today"


def test_latin_in_arabic_keeps_its_own_direction():
    runs = visual_runs("خصم 50% على Ryder Cup اليوم", ARABIC)
    assert [run.rtl for run in runs if run.text.strip() in {"Ryder Cup", "50%"}] == [False, False]
    assert runs[0].text.strip() == "اليوم"
    assert runs[-1].text.strip() == "خصم"


def test_a_line_measures_the_same_at_every_size():
    small, large = font("Fraunces", 700, 9.5), font("Fraunces", 700, 200)
    text = "Lapland is closer"
    assert small.getlength(text) / 9.5 == pytest.approx(large.getlength(text) / 200, rel=0.005)


@given(st.text("ab1 ابج٣,(%"))
def test_levels_fit_their_base_and_reorder_every_piece(text):
    for rtl in (False, True):
        found = levels(text, rtl=rtl)
        assert len(found) == len(text)
        assert all(int(rtl) <= level <= 2 for level in found)
        assert sorted(visual_order(range(len(text)), found)) == list(range(len(text)))


def test_plain_text_is_not_reordered():
    assert visual_order("abc", levels("abc", rtl=False)) == ["a", "b", "c"]
    assert visual_order("ابج", levels("ابج", rtl=True)) == ["ج", "ب", "ا"]
