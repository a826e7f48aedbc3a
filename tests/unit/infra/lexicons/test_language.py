from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infra.lexicons.language import detect, languages_in


@pytest.mark.parametrize(
    ("text", "hint", "language"),
    [
        ("ソフトバンク 早ければきょうにも連覇", "ja", "ja"),
        ("屋久島", "ja", "ja"),
        ("屋久島", None, "zh"),
        ("印尼7.7级地震", "zh", "zh"),
        ("새 앨범 발매", None, "ko"),
        ("Умер режиссер Тигран Кеосаян", "en", "ru"),
        ("Українська збірна перемогла у матчі з Ісландією", "en", "uk"),
        ("وفاة الفنان الكبير بعد صراع طويل", "en", "ar"),
        ("تیم ملی فوتبال ایران به جام جهانی صعود کرد و مردم جشن گرفتند", "en", "fa"),
        ("नया गाना रिलीज़ हुआ, फैंस ने किया पसंद", "en", "hi"),
        ("नेपाली गायकले नयाँ गीत सार्वजनिक गरेका छन् र दर्शकले मन पराएका छन्", "en", "ne"),
        ("นักร้องดังเปิดตัวเพลงใหม่", "en", "th"),
        ("Νέο άλμπουμ για την τραγουδίστρια", "en", "el"),
        ("Gwiazdy na gali w Warszawie", "en", "pl"),
        ("Giá vàng hôm nay tăng mạnh", "en", "vi"),
        ("Kuningas on kuollut", "en", "fi"),
        ("El mundo del fútbol rinde honores a Busquets en su retirada", "pt", "es"),
        ("Shanghai Port: The world's busiest trade hub powered by automation", "pt", "en"),
        ("日職》孫易磊再度被抹消！", "zh", "zh"),
        ("123 — 456 !!", "en", None),
        ("", "en", None),
    ],
)
def test_detects(text, hint, language):
    assert detect(text, hint) == language


@pytest.mark.parametrize(
    "headline",
    [
        "Goal!",
        "Trump wins",
        "Queen dies",
        "NBA Finals MVP",
        "iPhone 18 Pro Max review",
        "Dua Lipa gig in Leeds",
        "Premier League: Liverpool v Chelsea",
        "Bruges beat Genk",
        "Robert Plant – Saving Grace",
        "Taylor Swift tour dates",
        "Bake Off final recap",
        "Lagos Government Demolishes Illegal Shanties",
        "Sinner v Alcaraz: score",
        "Oasis setlist",
        "Ryder Cup LIVE",
        "Hon a roll",
    ],
)
def test_short_english_headlines_stay_english(headline):
    assert detect(headline, "en") == "en"


def test_han_alone_counts_as_chinese_and_as_japanese():
    assert set(languages_in("死亡事故", "ja")) == {"ja", "zh"}


def test_a_second_script_adds_its_language():
    assert set(languages_in("王传君唱 rap 了", "zh")) >= {"zh", "en"}


@given(st.text(max_size=80), st.sampled_from([None, "en", "ja", "zh-Hant", "xx"]))
def test_never_fails_and_names_no_language_twice(text, hint):
    found = languages_in(text, hint)
    assert len(found) == len(set(found))
