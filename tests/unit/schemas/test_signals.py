"""Untrusted text is cleaned when a signal is parsed."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from schemas import identifiers
from schemas.signals import HEADLINE_LIMIT, Headline, clean_text
from tests.support.factories import NOW, make_signal


@given(st.text())
def test_cleaned_text_is_one_line_without_control_characters(text: str) -> None:
    cleaned = clean_text(text, 50)
    assert len(cleaned) <= 50
    assert cleaned == " ".join(cleaned.split())
    assert all(character.isprintable() or character in "\u200c\u200d" for character in cleaned)
    assert clean_text(cleaned, 50) == cleaned


def test_a_megabyte_becomes_a_headline() -> None:
    assert len(Headline(text="word " * 200_000).text) <= HEADLINE_LIMIT


def test_joiners_that_spell_words_are_kept() -> None:
    assert clean_text("می\u200cخواهم", 50) == "می\u200cخواهم"


@pytest.mark.parametrize("topic", ["", "   ", "\x00\x07", "\u202e"])
def test_a_signal_without_a_topic_is_rejected(topic: str) -> None:
    with pytest.raises(ValidationError, match="topic"):
        make_signal(topic=topic)


def test_a_signal_must_expire_after_it_was_observed() -> None:
    with pytest.raises(ValidationError, match="later than observed_at"):
        make_signal(observed_at=NOW, expires_at=NOW)
    with pytest.raises(ValidationError, match="a year at most"):
        make_signal(observed_at=NOW, expires_at=NOW + timedelta(days=400))


def test_case_width_and_spacing_do_not_change_the_trend() -> None:
    assert identifiers.topic_key("Ｒyder  CUP", "US") == identifiers.topic_key("ryder cup", "US")
    assert identifiers.topic_key("ryder cup", "US") != identifiers.topic_key("ryder cup", "GB")


@given(st.lists(st.text(), min_size=1, max_size=4), st.lists(st.text(), min_size=1, max_size=4))
def test_parts_of_a_digest_never_run_together(first: list[str], second: list[str]) -> None:
    if first != second:
        assert identifiers.digest(first) != identifiers.digest(second)
