from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routing.normalise import fold, words
from routing.vocabulary import Pattern, Text, Vocabulary


@pytest.mark.parametrize(
    ("written", "compared"),
    [
        ("KILLED", "killed"),
        ("Ｋｉｌｌｅｄ", "killed"),
        ("k\u200bil\u2060led", "killed"),
        ("\u202edead\u202c", "dead"),
        ("de\u0430d", "dead"),  # Cyrillic а
        ("ум\u0065р", "умер"),  # Latin e
        ("Óbito", "obito"),
        ("Straße", "strasse"),
        ("Ёлка", "елка"),
        ("ﾗﾝﾁ", "ランチ"),
        ("がん", "がん"),  # voicing marks are letters, not accents
        ("مُحَاكَمَة", "محاكمه"),
        ("أحمد", "احمد"),
        ("a\u0336b\u0336", "ab"),
        ("two\n lines\tof", "two lines of"),
    ],
)
def test_spellings_that_a_reader_takes_for_one(written, compared):
    assert fold(written) == compared


@given(st.text())
def test_folding_twice_changes_nothing(text):
    assert fold(fold(text)) == fold(text)


@given(st.text())
def test_words_are_parts_of_the_folded_text(text):
    folded = fold(text)
    assert all(word in folded for word in words(folded))


@given(
    st.sampled_from(["killed", "умер", "morto", "死亡", "訃報"]),
    st.lists(st.sampled_from("\u200b\u200d\u00ad\u2060\u202e\ufeff"), max_size=6),
)
def test_invisible_characters_hide_nothing(word, invisible):
    split = word[:1] + "".join(invisible) + word[1:]
    assert any(Vocabulary([(word, (), None)]).find(Text(f"… {split} …")))


def test_folding_a_megabyte_is_quick():
    started = time.perf_counter()
    fold("а\u0435e" * 330_000)  # one word of mixed alphabets, a megabyte long
    fold("e\u0301" * 500_000)
    assert time.perf_counter() - started < 10


class TestVocabulary:
    def test_whole_words_only(self):
        found = Vocabulary([("war", (), "war")])
        assert not any(found.find(Text("a warm reward for the warden")))
        assert any(found.find(Text("the war, again")))

    def test_a_star_stands_for_any_ending(self):
        found = Vocabulary([("murder*", (), None)])
        assert [hit.words for hit in found.find(Text("Murderers and a murder"))] == ["murderers", "murder"]

    def test_phrases_match_across_punctuation(self):
        assert any(Vocabulary([("shot dead", (), None)]).find(Text("He was shot — dead")))

    def test_an_excuse_covers_only_its_own_place(self):
        found = Vocabulary([("dead", ("dead heat",), None)])
        assert not any(found.find(Text("It was a dead heat")))
        assert len(list(found.find(Text("A dead heat, and a man found dead")))) == 1

    def test_an_excuse_covers_only_its_own_place_in_chinese(self):
        found = Vocabulary([("死", ("笑死",), None)])
        assert not any(found.find(Text("真的笑死我了")))
        assert len(list(found.find(Text("笑死，但他死了")))) == 1

    def test_what_arabic_writes_onto_a_word_is_taken_off(self):
        found = Vocabulary([("حرب", (), None)])
        assert all(any(found.find(Text(form))) for form in ("حرب", "الحرب", "والحرب", "بالحرب", "للحرب", "وحرب"))

    def test_words_beside_han_are_found(self):
        assert any(Vocabulary([("icu", (), None)]).find(Text("他被送进ICU抢救")))

    @pytest.mark.parametrize("empty", ["*", "—", " ", "\u200b"])
    def test_a_word_without_letters_is_refused(self, empty):
        with pytest.raises(ValueError, match="no letter"):
            Pattern.of(empty)

    def test_many_openings_stay_linear(self):
        vocabulary = Vocabulary([("a" * n + "*", (), None) for n in range(1, 60)])
        started = time.perf_counter()
        assert not any(vocabulary.find(Text("b" * 1_000_000)))
        assert time.perf_counter() - started < 5
