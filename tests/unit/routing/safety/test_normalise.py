from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routing.safety.inflection import stemmer
from routing.safety.normalise import disguised, fold, split_words
from routing.safety.vocabulary import Pattern, Text, Vocabulary


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
def test_spellings_of_one_word_fold_to_one_string(written, compared):
    assert fold(written) == compared


@given(st.text())
def test_folding_twice_changes_nothing(text):
    assert fold(fold(text)) == fold(text)


@given(st.text())
def test_words_are_parts_of_the_folded_text(text):
    folded = fold(text)
    assert all(word in folded for word in split_words(folded))


@given(
    st.sampled_from(["killed", "умер", "morto", "死亡", "訃報"]),
    st.lists(st.sampled_from("\u200b\u200d\u00ad\u2060\u202e\ufeff"), max_size=6),
)
def test_invisible_characters_hide_nothing(word, invisible):
    split = word[:1] + "".join(invisible) + word[1:]
    assert any(Vocabulary([(word, (), None)]).find(Text(f"… {split} …")))


def test_folding_a_megabyte_is_quick():
    started = time.process_time()
    fold("а\u0435e" * 330_000)  # one word of mixed alphabets, a megabyte long
    fold("e\u0301" * 500_000)
    assert time.process_time() - started < 10


class TestVocabulary:
    def test_whole_words_only(self):
        found = Vocabulary([("war", (), "war")])
        assert not any(found.find(Text("a warm reward for the warden")))
        assert any(found.find(Text("the war, again")))

    def test_a_star_matches_any_ending(self):
        found = Vocabulary([("murder*", (), None)])
        assert [hit.words for hit in found.find(Text("Murderers and a murder"))] == ["murderers", "murder"]

    def test_phrases_match_across_punctuation(self):
        assert any(Vocabulary([("shot dead", (), None)]).find(Text("He was shot — dead")))

    def test_an_exception_covers_only_its_own_place(self):
        found = Vocabulary([("dead", ("dead heat",), None)])
        assert not any(found.find(Text("It was a dead heat")))
        assert len(list(found.find(Text("A dead heat, and a man found dead")))) == 1

    def test_an_exception_covers_only_its_own_place_in_chinese(self):
        found = Vocabulary([("死", ("笑死",), None)])
        assert not any(found.find(Text("真的笑死我了")))
        assert len(list(found.find(Text("笑死，但他死了")))) == 1

    def test_attached_arabic_prefixes_are_removed(self):
        found = Vocabulary([("حرب", (), None)])
        assert all(any(found.find(Text(form))) for form in ("حرب", "الحرب", "والحرب", "بالحرب", "للحرب", "وحرب"))

    def test_words_beside_han_are_found(self):
        assert any(Vocabulary([("icu", (), None)]).find(Text("他被送进ICU抢救")))

    @pytest.mark.parametrize("empty", ["*", "—", " ", "\u200b"])
    def test_a_word_without_letters_is_rejected(self, empty):
        with pytest.raises(ValueError, match="no letter"):
            Pattern.of(empty)

    def test_many_open_ended_entries_stay_linear(self):
        vocabulary = Vocabulary([("a" * n + "*", (), None) for n in range(1, 60)])
        started = time.process_time()
        assert not any(vocabulary.find(Text("b" * 1_000_000)))
        assert time.process_time() - started < 5

    def test_a_tilde_matches_any_inflection(self):
        found = Vocabulary([("убийство~", (), None)], stemmer("ru"))
        assert [hit.words for hit in found.find(Text("Об убийствах и убийстве"))] == [
            fold("убийствах"),
            fold("убийстве"),
        ]

    def test_a_phrase_may_be_inflected_word_by_word(self):
        found = Vocabulary([("gas explosion~", (), None)], stemmer("en"))
        assert any(found.find(Text("Three gas explosions in a week")))
        assert not any(found.find(Text("An explosion of gas")))

    def test_a_tilde_without_a_stemmer_is_an_error(self):
        with pytest.raises(ValueError, match="stemmer"):
            Vocabulary([("вбивство~", (), None)])

    def test_korean_words_are_found_under_their_particles(self):
        assert any(Vocabulary([("사망", (), None)]).find(Text("3명이 사망했다")))

    def test_a_vowel_sign_is_part_of_a_hindi_word(self):
        found = Vocabulary([("मौत", (), None)])
        assert any(found.find(Text("तीन की मौत।")))
        assert not any(found.find(Text("मत दो")))


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("three k1lled in city", "killed"),
        ("h3 was mu4d3r3d", "muadered"),
        ("k.i.l.l.e.d by a car", "killed"),
        ("d e a d at 54", "dead"),
        ("杀 人", "杀人"),
        ("自·杀", "自杀"),
    ],
)
def test_disguised_words_are_read(written, read):
    assert read in set(disguised(fold(written)))


@pytest.mark.parametrize("honest", ["the U S A won", "4k tv", "河北代孕 取卵不打麻药", "a b", "plain words only"])
def test_honest_spellings_are_no_disguise(honest):
    assert list(disguised(fold(honest))) == []


@given(st.sampled_from(["killed", "murdered", "arrested"]), st.sampled_from(" .-*·_"))
def test_spaced_letters_hide_nothing(word, between):
    assert word in set(disguised(fold(f"two {between.join(word)} today")))


@given(st.text(), st.text())
def test_disguises_are_searched_in_any_text(before, after):
    assert all(isinstance(word, str) and word for word in disguised(fold(f"{before} k1lled {after}")))


@given(st.text(alphabet="كتابحرب\u0640\u064e\u0651\u0652", min_size=1))
def test_tatweel_and_vowel_signs_are_ignored(text):
    assert not set(fold(text)) & set("\u0640\u064e\u0651\u0652")


@given(st.text(alphabet="नमौतहत्या\u093c", min_size=1))
def test_the_nukta_is_ignored_and_vowel_signs_are_not(text):
    assert fold(text) == text.replace("\u093c", "")


@given(st.text())
def test_case_and_width_are_ignored(text):
    wide = "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text)
    assert fold(wide) == fold(text)
    assert fold(text.swapcase()) == fold(text) or not text.isascii()
