"""Text broken into lines."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from imaging.composer.type.line_breaking import balanced
from imaging.composer.type.measure import extent
from imaging.fonts.runs import Voice

INTER = Voice("Inter", 700, "en", rtl=False)


def test_the_last_line_is_no_orphan():
    lines = balanced("Your weekend in the north starts at the station today", INTER, 3).texts
    widths = [extent(line, INTER).width for line in lines]
    assert min(widths) > 0.6 * max(widths)


@given(st.lists(st.text("abcdefghij", min_size=1, max_size=9), min_size=1, max_size=9), st.integers(1, 5))
def test_breaking_loses_no_word(words, count):
    lines = balanced(" ".join(words), INTER, count)
    if count > len(words):
        assert lines is None
    else:
        assert len(lines.texts) == count
        assert " ".join(lines.texts) == " ".join(words)
