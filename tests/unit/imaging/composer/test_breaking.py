"""Where lines may break, by script."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from imaging.composer.type.line_breaking import balanced
from imaging.composer.type.tokens import joined, tokens
from imaging.fonts.runs import Voice

JAPANESE = Voice("Inter", 700, "ja", rtl=False)


def words(text: str, language: str = "") -> list[str]:
    return [token.text for token in tokens(text, language)]


@pytest.mark.parametrize("text", ["上野の秋を、週末の旅で（たっぷり）楽しもう。", "ラーメンと「うどん」、どっち？"])
@pytest.mark.parametrize("count", [2, 3])
def test_kinsoku_characters_do_not_begin_or_end_lines(text, count):
    lines = balanced(text, JAPANESE, count).texts
    assert "".join(lines) == text
    assert not any(line[0] in "、。）」？ーっ" for line in lines)
    assert not any(line[-1] in "（「" for line in lines)


def test_katakana_and_latin_words_stay_whole():
    assert words("ソフトバンクvs福岡") == ["ソフトバンク", "vs", "福", "岡"]


def test_japanese_breaks_between_phrases():
    text = "この冬は四つの街から出る夜行列車に乗って遠い北の国のオーロラを見に行きませんか"
    assert balanced(text, JAPANESE, 3).texts == (
        "この冬は四つの街から出る",
        "夜行列車に乗って遠い北の国の",
        "オーロラを見に行きませんか",
    )


def test_a_chinese_line_does_not_begin_with_a_particle():
    voice = Voice("Inter", 700, "zh", rtl=False)
    for count in (2, 3, 4):
        lines = balanced("这个冬天坐上夜行列车去遥远的北方看一场难忘的极光吧", voice, count).texts
        assert not any(line[0] in "的了吧" for line in lines)


@pytest.mark.parametrize(
    ("language", "text", "lines"),
    [
        ("en", "Searching for Lapland? Start here.", ("Searching for Lapland?", "Start here.")),
        ("en", "You bring the suitcase. We bring the plan.", ("You bring the suitcase.", "We bring the plan.")),
        ("de", "Nur bis 24. Dezember: ab 89 € ans Nordkap", ("Nur bis 24. Dezember:", "ab 89 € ans Nordkap")),
        ("ja", "次の休み、どこ行こう。", ("次の休み、", "どこ行こう。")),
        ("zh", "说走就走的好时节", ("说走就走的", "好时节")),
        ("th", "ลด 50% เริ่มต้นที่ ฿1,990", ("ลด 50% เริ่มต้นที่", "฿1,990")),
    ],
)
def test_lines_end_at_the_ends_of_phrases(language, text, lines):
    assert balanced(text, Voice("Inter", 700, language, rtl=False), 2).texts == lines


def test_thai_breaks_between_words():
    assert words("ลดราคาพิเศษสำหรับสมาชิกใหม่", "th") == ["ลด", "ราคา", "พิเศษ", "สำหรับ", "สมาชิก", "ใหม่"]
    assert words("ฤดูหนาว", "th") == ["ฤดู", "หนาว"]


def test_korean_breaks_at_spaces():
    assert words("올겨울 네 도시에서", "ko") == ["올겨울", "네", "도시에서"]


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ("nur 1 299 € heute", "1\u00a0299\u00a0€"),
        ("bis zu 50 % Rabatt", "50\u00a0%"),
        ("dès R$ 399 par mois", "R$\u00a0399"),
        ("Vous venez ?", "venez\u00a0?"),
        ("Le « Grand » Nord", "«\u00a0Grand\u00a0»"),
    ],
)
def test_prices_and_spaced_punctuation_stay_whole(text, whole):
    assert whole in words(text)
    assert joined(tokens(text)) == text


@given(st.text("กขงนมสะาิีู่้็เแโใไฤ็ aé한国の、。", min_size=1, max_size=24))
@settings(max_examples=150)
def test_no_piece_begins_with_a_mark_and_none_is_lost(text):
    text = " ".join(text.split())
    pieces = tokens(text, "th")
    assert joined(pieces) == text
    for piece in pieces[1:]:
        assert piece.spaced or unicodedata.category(piece.text[0])[0] != "M"
        assert piece.spaced or piece.text[0] not in "ะาำ、。"
