from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.errors import InvalidFeed
from schemas.signals import Signal
from workers.intake.feeds import read_feed

GOOD = {"topic": "ryder cup", "market": "US", "observed_at": "2025-09-26T11:30:00Z"}


def read(tmp_path: Path, *lines: object, name: str = "signals.jsonl", **options):
    path = tmp_path / name
    path.write_text("\n".join(line if isinstance(line, str) else json.dumps(line) for line in lines), encoding="utf-8")
    found = list(read_feed(path, lifetime=timedelta(hours=6), **options))
    return [e for e in found if isinstance(e, Signal)], [e for e in found if isinstance(e, InvalidFeed)]


def test_reads_all_fields(tmp_path):
    [one], problems = read(
        tmp_path,
        GOOD
        | {
            "language": "en",
            "volume": 5000,
            "expires_at": "2025-09-26T15:30:00+02:00",
            "headlines": ["A text", {"text": "An object", "source": "BBC", "language": "en"}],
            "kind": "event",
            "source": "desk",
        },
    )
    assert problems == []
    assert (one.kind, one.source, one.volume, one.language) == ("event", "desk", 5000, "en")
    assert [h.text for h in one.headlines] == ["A text", "An object"]
    assert one.expires_at == datetime(2025, 9, 26, 13, 30, tzinfo=UTC)


def test_market_and_times_have_defaults(tmp_path):
    [one], _ = read(tmp_path, {"topic": "lapland"}, name="desk-GB.jsonl")
    assert one.market == "GB"
    assert one.expires_at - one.observed_at == timedelta(hours=6)
    [again], _ = read(tmp_path, {"topic": "lapland"}, name="desk-GB.jsonl", market="US")
    assert again.market == "US"


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (GOOD | {"topics": "x"}, "unknown field 'topics'; did you mean 'topic'?"),
        (GOOD | {"hedlines": []}, "did you mean 'headlines'?"),
        (GOOD | {"zzz": 1}, "known are topic, market"),
        (GOOD | {"headlines": [{"text": "x", "sorce": "y"}]}, "did you mean 'source'?"),
        ({"market": "US"}, "has no topic"),
        (GOOD | {"topic": "\u200b\n"}, "has no topic"),
        (GOOD | {"topic": 7}, "topic is not a text"),
        ({"topic": "x"}, "has no market"),
        (GOOD | {"market": "usa"}, "two-letter country code"),
        (GOOD | {"volume": -1}, "volume"),
        (GOOD | {"volume": "many"}, "volume"),
        (GOOD | {"observed_at": "yesterday"}, "observed_at 'yesterday' is not a time with a zone"),
        (GOOD | {"observed_at": "2025-09-26T11:30:00"}, "not a time with a zone"),
        (GOOD | {"observed_at": "9999-12-31T23:59:59Z"}, "too far in the future"),
        (GOOD | {"expires_at": "2025-09-26T11:00:00Z"}, "later than observed_at"),
        (GOOD | {"headlines": "one"}, "headlines is not a list"),
        (GOOD | {"headlines": [7]}, "a headline is a text"),
        (GOOD | {"kind": "rumour"}, "kind"),
        ('{"topic": "a", "topic": "b"}', "twice"),
        ('{"topic": ', "is not JSON"),
        ("{" + "[" * 100_000, "not JSON"),
        ('{"topic": ' + "[" * 100_000 + "]" * 100_000 + "}", "too deep"),
        ("[]", "is not an object"),
        ('{"topic": "x", "volume": ' + "9" * 5000 + "}", "digits"),
    ],
)
def test_a_bad_line_is_one_error_and_the_others_are_read(tmp_path, line, words):
    signals, problems = read(tmp_path, GOOD, line, GOOD | {"topic": "golf"})
    assert [one.topic for one in signals] == ["ryder cup", "golf"]
    assert len(problems) == 1
    assert problems[0].place == "line 2"
    assert words in problems[0].reason


def test_ids_are_the_same_at_every_reading(tmp_path):
    first, _ = read(tmp_path, GOOD)
    second, _ = read(tmp_path, GOOD, replay=datetime(2030, 1, 1, tzinfo=UTC))
    assert first[0].signal_id == second[0].signal_id
    assert second[0].observed_at == datetime(2030, 1, 1, tzinfo=UTC)


def test_a_megabyte_headline_and_control_characters(tmp_path):
    [one], problems = read(tmp_path, GOOD | {"topic": "a\x00b\x1b", "headlines": ["x" * 1_000_000]})
    assert problems == []
    assert one.topic == "a b"
    assert len(one.headlines[0].text) == 500


@given(st.text(max_size=200))
def test_no_topic_breaks_the_reader(tmp_path_factory, topic):
    tmp_path = tmp_path_factory.mktemp("lines")
    signals, problems = read(tmp_path, GOOD | {"topic": topic})
    assert len(signals) + len(problems) == 1


@given(st.dictionaries(st.text(max_size=12), st.none() | st.integers() | st.text(max_size=5) | st.lists(st.integers())))
def test_any_object_is_a_signal_or_an_error(tmp_path_factory, record):
    tmp_path = tmp_path_factory.mktemp("lines")
    signals, problems = read(tmp_path, GOOD | record)
    assert len(signals) + len(problems) == 1
