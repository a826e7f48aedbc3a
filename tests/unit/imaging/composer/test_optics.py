"""Figures of one width in prices, and punctuation that hangs out of its column."""

from __future__ import annotations

import pytest

from imaging.composer.scene.arrange import block_at
from imaging.composer.scene.geometry import Rect
from imaging.composer.type.fitting import Fitted
from imaging.composer.type.measure import extent, hang
from imaging.composer.type.typography import Wording
from imaging.fonts.runs import Voice, visual_runs

INTER = Voice("Inter", 700, "en", rtl=False)
FREE = Rect(left=0, top=0, right=1000, bottom=1000)


@pytest.mark.parametrize("family", ["Inter", "Archivo", "Noto Sans"])
def test_prices_are_set_in_figures_of_one_width(family):
    voice = Voice(family, 700, "en", rtl=False)
    narrow, wide = (extent(text, voice).advance for text in ("€111.11", "€444.44"))
    assert narrow == pytest.approx(wide)
    assert extent("111", voice).advance <= extent("444", voice).advance


@pytest.mark.parametrize("text", ["from €89", "1 299 €", "dès 89 €", "ab 4 900 ₽", "₹4,999 से", "9 zł"])
def test_a_price_is_known_by_its_currency(text):
    assert any(run.features for run in visual_runs(text, INTER))


@pytest.mark.parametrize("text", ["Summer 2026", "24 hours", "Kr 1-0"])
def test_other_numbers_keep_their_own_figures(text):
    assert not any(run.features for run in visual_runs(text, INTER))


def lefts(column: Rect, free: Rect | None, align: str, *lines: str) -> list[float]:
    """Where the ink of each line begins."""
    block = block_at("headline", Fitted(Wording(lines[0], INTER, 1.1), lines, 100), column, 0, align, free)
    return [line.left + 100 * extent(line.text, INTER).left for line in block.lines]


def test_an_opening_quotation_mark_hangs_where_there_is_room():
    column = Rect(left=100, top=0, right=900, bottom=500)
    quoted, plain = lefts(column, FREE, "left", "“Hello", "Hello")
    assert plain == pytest.approx(100)
    assert quoted == pytest.approx(100 - 100 * hang("“Hello", INTER)[0])
    assert lefts(column, None, "left", "“Hello", "Hello") == pytest.approx([100, 100])


def test_nothing_hangs_out_of_the_free_area():
    column = Rect(left=4, top=0, right=900, bottom=500)
    assert lefts(column, FREE, "left", "“Hello")[0] == pytest.approx(0)


def test_a_centred_line_is_centred_by_its_letters():
    column = Rect(left=100, top=0, right=900, bottom=500)
    (plain,), (stopped,) = (lefts(column, FREE, "centre", text) for text in ("Go north", "Go north."))
    assert stopped == pytest.approx(plain, abs=3)  # the gap before a stop is no ink


def test_right_to_left_lines_begin_on_the_right():
    left, right = hang("״שלום", Voice("Inter", 700, "he", rtl=True))
    assert (left, right > 0) == (0.0, True)
