"""The forty sample trends: what must never be answered, what is harmless, and what the sample campaigns answer."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from infra.campaigns.reading import load_campaigns
from infra.lexicons import load_lexicons
from infra.lexicons.language import signal_languages
from routing.planning.matching import Match, matches, signal_language
from routing.safety.screening import SignalScreen
from schemas.safety import Verdict
from schemas.signals import Signal
from workers.intake.feeds import read_feed

EXAMPLES = Path(__file__).parents[4] / "examples"
UNTOUCHABLE = {
    "тигран кеосаян",
    "hezbollah",
    "perrie edwards",
    "metropoles df",
    "屋久島",
    "ゼレンスキー大統領",
    "receita federal do brasil",
    "amanda wanessa",
    "trump ryder cup",
}
BLOCKED_HARMLESS = 3
MATCHES_WANTED = 6


@pytest.fixture(scope="module")
def judged() -> list[tuple[Signal, Verdict]]:
    screen = SignalScreen(load_lexicons())
    feeds = sorted((EXAMPLES / "signals").glob("google-trends-*.rss"))
    entries = [entry for feed in feeds for entry in read_feed(feed, lifetime=timedelta(hours=6))]
    assert all(isinstance(entry, Signal) for entry in entries)
    signals = [entry for entry in entries if isinstance(entry, Signal)]
    return [(signal, screen.verdict(signal, signal_languages(signal))) for signal in signals]


def test_there_are_forty(judged):
    assert len(judged) == 40
    assert len({signal.signal_id for signal, _ in judged}) == 40
    assert {signal.market for signal, _ in judged} == {"US", "GB", "JP", "BR"}


def test_trends_that_must_never_be_answered_are_blocked(judged):
    untouchable = [(signal, verdict) for signal, verdict in judged if signal.topic in UNTOUCHABLE]
    assert len(untouchable) == 10  # тигран кеосаян trends in two markets
    assert [signal.topic for signal, verdict in untouchable if verdict.decision != "blocked"] == []


def test_nothing_harmless_is_blocked(judged):
    blocked = {
        signal.topic: verdict.reason
        for signal, verdict in judged
        if signal.topic not in UNTOUCHABLE and verdict.decision == "blocked"
    }
    assert blocked == {}


def test_blocks_say_which_words_in_which_headline(judged):
    for signal, verdict in judged:
        texts = {"topic", *(headline.text[:160] for headline in signal.headlines)}
        assert verdict.findings or verdict.decision != "blocked"
        assert verdict.decision != "clear" or not verdict.findings
        assert all(finding.words and finding.where in texts for finding in verdict.findings)


def test_few_harmless_trends_are_held(judged):
    kept = {
        signal.topic: verdict.reason
        for signal, verdict in judged
        if signal.topic not in UNTOUCHABLE and verdict.decision != "clear"
    }
    assert len(kept) <= BLOCKED_HARMLESS, kept


def test_the_sample_campaigns_answer_enough(judged):
    directory = EXAMPLES / "campaigns"
    if not directory.is_dir():
        pytest.skip("no sample campaigns")
    campaigns = load_campaigns(directory)
    assert campaigns.problems == ()
    found = [
        (signal.topic, one.campaign.campaign_id)
        for signal, verdict in judged
        if verdict.decision == "clear"
        for one in campaigns.loaded
        if isinstance(
            matches(one.campaign, signal, signal_language(signal_languages(signal))),
            Match,
        )
    ]
    assert len(found) >= MATCHES_WANTED, found


def test_a_replay_moves_the_newest_to_now_and_keeps_the_ids():
    feed = EXAMPLES / "signals" / "google-trends-US-2025-09-26.rss"
    now = datetime(2031, 1, 2, 3, 4, tzinfo=UTC)
    original = [entry for entry in read_feed(feed, lifetime=timedelta(hours=6)) if isinstance(entry, Signal)]
    replayed = [
        entry for entry in read_feed(feed, lifetime=timedelta(hours=6), replay=now) if isinstance(entry, Signal)
    ]
    assert [signal.signal_id for signal in original] == [signal.signal_id for signal in replayed]
    assert max(signal.observed_at for signal in replayed) == now
    assert {b.observed_at - a.observed_at for a, b in zip(original, replayed, strict=True)} == {
        now - max(signal.observed_at for signal in original)
    }
    assert all(signal.expires_at - signal.observed_at == timedelta(hours=6) for signal in replayed)
