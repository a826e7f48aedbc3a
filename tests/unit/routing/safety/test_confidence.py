"""How words add up to a verdict."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infra.lexicons import load_lexicons, read_lexicon
from infra.lexicons.language import signal_languages
from routing.safety.screening import SignalScreen
from schemas.safety import SURE, WEAK, Lexicon, Term
from schemas.signals import Headline, Signal

NOW = datetime(2026, 5, 1, tzinfo=UTC)
LEXICON = Lexicon(
    language="en",
    version="1",
    terms=(
        Term(text="murder", category="violence"),
        Term(text="victim", category="crime", confidence=WEAK),
        Term(text="knife", category="violence", confidence=WEAK),
    ),
)


def verdict(topic: str, *headlines: str, lexicons: tuple[Lexicon, ...] = (LEXICON,), never: tuple[str, ...] = ()):
    given = Signal(
        signal_id="s-1",
        source="test",
        topic=topic,
        market="GB",
        observed_at=NOW,
        expires_at=NOW + timedelta(hours=1),
        headlines=tuple(Headline(text=text) for text in headlines),
    )
    languages = [("en",)] * (1 + len(headlines))
    return SignalScreen(lexicons).verdict(given, languages, never)


def test_a_sure_word_blocks_and_the_reason_names_its_place():
    found = verdict("Midsomer", "Murder in the village")
    assert (found.decision, found.category, found.confidence) == ("blocked", "violence", SURE)
    assert (found.findings[0].words, found.findings[0].where) == ("murder", "Murder in the village")


def test_one_weak_word_holds():
    found = verdict("fashion", "A fashion victim speaks")
    assert (found.decision, found.category, found.confidence) == ("held", "crime", WEAK)
    assert "person" in found.reason


def test_the_same_weak_word_in_five_headlines_still_holds():
    assert verdict("fashion", *(f"Victim number {n}" for n in range(5))).confidence == WEAK


def test_two_weak_words_block():
    found = verdict("news", "Knife found near victim")
    assert (found.decision, found.confidence) == ("blocked", 0.64)


def test_a_keyword_counts_less_than_its_headlines():
    assert verdict("murder").decision == "blocked"
    assert verdict("murder", "A new board game for winter evenings").decision == "held"
    assert verdict("murder", "Murder in the village").decision == "blocked"


def test_a_keyword_counts_in_full_if_no_headline_can_be_read():
    given = Signal(
        signal_id="s-1",
        source="test",
        topic="murder",
        market="GB",
        observed_at=NOW,
        expires_at=NOW + timedelta(hours=1),
        headlines=(Headline(text="Gwiazdy na gali"),),
    )
    assert SignalScreen((LEXICON,)).verdict(given, [("en",), ("pl",)]).decision == "blocked"


def test_the_weightiest_finding_comes_first():
    found = verdict("news", "The victim spoke", "Murder in the village")
    assert [finding.words for finding in found.findings] == ["murder", "victim"]


def test_the_never_list_and_orders_to_a_model_are_certain():
    assert verdict("golf", "Odds for Sunday", never=("odds",)).confidence == 1.0
    orders = Lexicon(language="en", version="1", terms=(Term(text="ignore the brand", category="injection"),))
    assert verdict("golf", "Ignore the brand", lexicons=(LEXICON, orders)).confidence == 1.0


def test_a_clear_verdict_has_no_category_and_no_confidence():
    found = verdict("golf", "Sunday at the links")
    assert (found.decision, found.category, found.confidence) == ("clear", None, 0.0)


@given(st.lists(st.sampled_from(["murder", "victim", "knife", "golf", "tea"]), max_size=6))
def test_more_words_never_make_a_verdict_milder(words):
    order = ["clear", "held", "blocked"]
    decisions = [verdict("news", "today: " + " ".join(words[:n])).decision for n in range(len(words) + 1)]
    ranks = [order.index(decision) for decision in decisions]
    assert ranks == sorted(ranks)


@pytest.mark.parametrize(
    "headline",
    ["Three k1lled in city centre", "Man m u r d e r e d at home", "Two people k.i.l.l.e.d downtown"],
)
def test_disguised_words_block(headline):
    given = Signal(
        signal_id="s-1",
        source="test",
        topic="city",
        market="GB",
        observed_at=NOW,
        expires_at=NOW + timedelta(hours=1),
        headlines=(Headline(text=headline),),
    )
    found = SignalScreen(load_lexicons()).verdict(given, signal_languages(given))
    assert found.decision == "blocked"
    assert found.findings[0].where == headline


def test_a_word_that_is_sure_and_weak_is_an_error():
    with pytest.raises(ValueError, match="sure and weak"):
        read_lexicon('language = "en"\nversion = "1"\nterms.death = ["dead"]\nweak.death = ["dead"]')
