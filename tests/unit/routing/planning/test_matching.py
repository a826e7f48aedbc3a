from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from routing.planning.matching import Match, NoMatch, copy_language, matches, signal_language
from schemas.campaigns import Campaign
from schemas.signals import Headline, Signal

NOW = datetime(2026, 5, 1, tzinfo=UTC)
LINES = {"headline": "Big day", "line": "Be ready", "call_to_action": "Go"}


def campaign(**answers) -> Campaign:
    return Campaign.model_validate(
        {
            "campaign_id": "test",
            "brand": {
                "name": "Test",
                "palette": {"primary": "#000000", "secondary": "#111111", "accent": "#222222"},
                "logo": "logo.png",
            },
            "answers": {"topics": ["ryder cup", "golf*"], "markets": ["US", "GB"], "languages": ["en"]} | answers,
            "copy_lines": {"en": LINES, "zh-Hant": LINES, "ja": LINES},
            "formats": [{"name": "square", "size": {"width": 1080, "height": 1080}}],
            "budget": {"per_brief_usd": 1, "per_day_usd": 5},
        }
    )


def signal(topic: str, *headlines: str, market: str = "US", volume: int = 0) -> Signal:
    return Signal(
        signal_id="sig-1",
        source="test",
        topic=topic,
        market=market,
        volume=volume,
        observed_at=NOW,
        expires_at=NOW + timedelta(hours=1),
        headlines=tuple(Headline(text=text) for text in headlines),
    )


def reason(found: Match | NoMatch) -> str:
    assert isinstance(found, NoMatch)
    return found.reason


def test_a_match_says_which_word_is_where():
    found = matches(campaign(), signal("rider cup", "How to watch the 2025 RYDER CUP", "Golfers tee off"), "en")
    assert isinstance(found, Match)
    assert [(word.word, word.where) for word in found.words] == [
        ("ryder cup", "How to watch the 2025 RYDER CUP"),
        ("golf*", "Golfers tee off"),
    ]
    assert found.copy_language == "en"
    assert found.reason == "“ryder cup” is in the headline “How to watch the 2025 RYDER CUP”"


@pytest.mark.parametrize(
    ("answers", "given", "language", "words"),
    [
        ({}, signal("golf", market="JP"), "en", "market JP is not among the campaign's US, GB"),
        ({}, signal("golf"), "pt", "language pt is not among the campaign's en"),
        ({}, signal("golf"), None, "is unknown"),
        ({"minimum_volume": 200}, signal("golf", volume=100), "en", "volume 100 is below the campaign's 200"),
        ({"minimum_volume": 200}, signal("golf"), "en", "the source reported none"),
        ({}, signal("tennis", "A golden day"), "en", "none of the campaign's topics"),
        ({"never": ["odds"]}, signal("golf", "Golf odds and picks"), "en", "“odds” is on the campaign's never-list"),
    ],
)
def test_no_match_says_why(answers, given, language, words):
    assert words in reason(matches(campaign(**answers), given, language))


def test_width_and_case_are_ignored_and_han_matches_anywhere():
    japanese = campaign(topics=["ゴルフ", "旅行"], markets=["JP"], languages=["ja"])
    assert isinstance(matches(japanese, signal("ｺﾞﾙﾌ中継", market="JP"), "ja"), Match)
    assert isinstance(matches(japanese, signal("韓国旅行", market="JP"), "ja"), Match)


def test_a_language_matches_its_scripts_and_regions():
    chinese = campaign(topics=["旅行"], markets=["US"], languages=["zh-Hant"])
    found = matches(chinese, signal("旅行"), "zh")
    assert isinstance(found, Match)
    assert found.copy_language == "zh-Hant"


def test_copy_prefers_the_exact_tag():
    assert copy_language(("zh-Hant", "zh"), "zh-Hant") == "zh-Hant"
    assert copy_language(("zh-Hant", "zh"), "zh") == "zh"
    assert copy_language(("zh-Hant", "zh"), "zh-Hans") == "zh"
    assert copy_language(("en",), "ja") is None


def test_a_signal_has_the_language_of_most_headlines():
    assert signal_language([["en"], ["ja", "en"], ["ja"], ["en"]]) == "ja"
    assert signal_language([["ru"], [], []]) == "ru"
    assert signal_language([[]]) is None
