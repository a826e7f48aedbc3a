"""Hyphens: where the patterns allow them, and only where a word does not fit otherwise."""

from __future__ import annotations

import re
from importlib.resources import files
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imaging.composer.type.fitting import fit_lines, fit_stack
from imaging.composer.type.hyphenation import LANGUAGES, LEAST, SHORTEST, hyphen_places
from imaging.composer.type.tokens import tokens
from imaging.composer.type.typography import LINE_FLOOR, copytext
from schemas.brands import Copy


def hyphenated(word: str, language: str) -> str:
    ends = (0, *hyphen_places(word, language, begins_text=True), len(word))
    return "-".join(word[start:end] for start, end in pairwise(ends))


@pytest.mark.parametrize(
    ("language", "word"),
    [
        ("en", "hyphen-ation"),
        ("en", "dec-li-na-tion"),
        ("de", "Weih-nachts-markt"),
        ("de", "Ge-schwin-dig-keits-be-gren-zung".replace("Ge-s", "Ges")),
        ("fr", "anti-cons-ti-tu-tion-nel-le-ment"),
        ("es", "des-afor-tu-na-da-mente"),
        ("it", "straor-di-na-ria-mente"),
        ("nl", "reis-ver-ze-ke-ring"),
        ("uk", "від-ве-зуть"),
        ("ru", "путешествие"),
        ("ja", "hyphenation"),
    ],
)
def test_words_are_hyphenated_as_their_language_does(language, word):
    assert hyphenated(word.replace("-", ""), language) == word


@pytest.mark.parametrize("word", ["Norrsken", "iPhoneHülle", "WEIHNACHTSMARKT", "A4-Ordner", "Zug", "4900€"])
def test_names_short_words_and_prices_are_not(word):
    assert hyphen_places(word, "en") == ()


@given(st.sampled_from(sorted(LANGUAGES)), st.text("abcdefghilmnoprstuvzäéñøієуа", min_size=1, max_size=30))
def test_hyphens_keep_letters_at_both_ends(language, word):
    places = hyphen_places(word, language)
    assert not places or len(word) >= SHORTEST
    assert all(LEAST <= place <= len(word) - LEAST for place in places)


def test_every_file_of_patterns_names_its_licence():
    folder = files("imaging.composer.type.hyphenation") / "patterns"
    for file in folder.iterdir():
        head = "\n".join(line for line in file.read_text("utf-8").splitlines() if line.startswith("%"))
        assert re.search(r"MIT|BSD|Copying and distribution of this file", head), file.name
        assert "opyright" in head


def _words(headline: str, line: str) -> Copy:
    return Copy(language="de", headline=headline, line=line, call_to_action="Los")


def test_running_text_is_hyphenated_only_where_it_does_not_fit_whole(bench):
    copy = copytext(bench.brand, _words("Los", "Unsere Reiseversicherungsbedingungen gelten"), 700)
    wide, narrow = (fit_lines(copy.line, width, 30, LINE_FLOOR) for width in (600, 300))
    assert not any(line.endswith("-") for line in wide.lines)
    assert any(line.endswith("-") for line in narrow.lines)
    assert "".join(line.removesuffix("-") for line in narrow.lines).replace(" ", "").endswith("bedingungengelten")


def test_a_headline_is_hyphenated_only_as_a_last_resort(bench):
    words = _words("Geschwindigkeitsbegrenzung", "Jetzt")
    whole, broken = (copytext(bench.brand, words, 700, broken_headline=last) for last in (False, True))
    assert fit_stack(whole, 350, 900, 120, with_call=True) is None
    assert fit_stack(broken, 350, 900, 120, with_call=True).headline.lines[0].endswith("-")
    assert fit_stack(broken, 900, 900, 120, with_call=True).headline.lines == ("Geschwindigkeitsbegrenzung",)


def test_the_name_of_the_brand_is_never_hyphenated(bench):
    brand = bench.brand.model_copy(update={"name": "Weihnachtsmarkt"})
    line = copytext(brand, _words("Los", "Der Weihnachtsmarkt im Weihnachtswald"), 700).line
    pieces = [token.text for token in tokens(line.text, "de", line.unbroken)]
    assert "Weihnachtsmarkt" in pieces
    assert "Weihnachtswald" not in pieces


async def test_a_word_too_long_for_any_layout_is_drawn_hyphenated(bench):
    headline = "Reiseversicherungsbedingungsänderungsmitteilung"
    words = bench.words("en", headline=headline).model_copy(update={"language": "de"})
    drawn = await bench.draw(bench.request("story", words=words, long_side=256))
    told = next(region.text for region in drawn.regions if region.role == "headline")
    assert "-" in told
    assert told.replace("- ", "").replace(" ", "") == headline
