from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.errors import InvalidFeed
from schemas.identifiers import signal_id
from schemas.signals import Signal
from workers.intake.feeds import read_feed
from workers.intake.google_trends import volume

ITEM = """<item><title>{title}</title><ht:approx_traffic>{traffic}</ht:approx_traffic>
<pubDate>{date}</pubDate>
<ht:news_item><ht:news_item_title>{headline}</ht:news_item_title><ht:news_item_source>BBC</ht:news_item_source></ht:news_item>
<ht:news_item><ht:news_item_title>A second one</ht:news_item_title></ht:news_item></item>"""
HEAD = '<?xml version="1.0" encoding="UTF-8"?>'
HEAD += '<rss xmlns:ht="https://trends.google.com/trending/rss" version="2.0"><channel>'
LINK = "<link>https://trends.google.com/trending?geo={geo}</link>"
TAIL = "</channel></rss>"
DATE = "Fri, 26 Sep 2025 04:30:00 -0700"


def item(title="lapland", traffic="5000+", date=DATE, headline="Flights to Lapland &amp; more"):
    return ITEM.format(title=title, traffic=traffic, date=date, headline=headline)


def feed(*items: str, geo: str = "GB") -> str:
    return HEAD + LINK.format(geo=geo) + "".join(items) + TAIL


def read(tmp_path: Path, content: str | bytes, name: str = "trends.rss", **options):
    path = tmp_path / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    found = list(read_feed(path, lifetime=timedelta(hours=6), **options))
    return [e for e in found if isinstance(e, Signal)], [e for e in found if isinstance(e, InvalidFeed)]


def test_reads_every_headline(tmp_path):
    [one], problems = read(tmp_path, feed(item()))
    assert problems == []
    assert [(h.text, h.source) for h in one.headlines] == [("Flights to Lapland & more", "BBC"), ("A second one", "")]
    assert (one.topic, one.market, one.volume, one.source) == ("lapland", "GB", 5000, "google-trends")
    assert one.observed_at == datetime(2025, 9, 26, 11, 30, tzinfo=UTC)
    assert one.expires_at - one.observed_at == timedelta(hours=6)
    assert one.signal_id == signal_id("google-trends", "GB", "lapland", "2025-09-26T11:30:00+00:00")


@pytest.mark.parametrize(
    ("name", "geo", "market", "expected"),
    [
        ("x.rss", "US-NY", None, "US"),
        ("trends-JP-2025.rss", "", None, "JP"),
        ("trends-JP-2025.rss", "GB", None, "GB"),
        ("x.rss", "GB", "BR", "BR"),
    ],
)
def test_the_market(tmp_path, name, geo, market, expected):
    [one], _ = read(tmp_path, feed(item(), geo=geo), name, market=market)
    assert one.market == expected


def test_no_market_is_an_error_of_each_entry(tmp_path):
    signals, [problem] = read(tmp_path, feed(item(), geo=""))
    assert signals == []
    assert "names no market" in problem.reason


@pytest.mark.parametrize(
    ("broken", "words"),
    [
        (item(title=""), "has no topic"),
        (item(title=" \u200b "), "has no topic"),
        (item(date=""), "has no <pubDate>"),
        (item(date="yesterday"), "is not a date"),
        (item(date="Fri, 26 Sep 99999 04:30:00 -0700"), "is not a date"),
        (item(traffic="many"), "is not a number"),
    ],
)
def test_a_bad_entry_leaves_the_others(tmp_path, broken, words):
    signals, [problem] = read(tmp_path, feed(item(title="one"), broken, item(title="three")))
    assert [one.topic for one in signals] == ["one", "three"]
    assert words in problem.reason
    assert problem.place.startswith("item 2")


def test_a_truncated_feed_gives_its_whole_entries(tmp_path):
    whole = feed(item(title="one"), item(title="two"), item(title="three"))
    signals, [problem] = read(tmp_path, whole[: whole.index("three") + 2])
    assert [one.topic for one in signals] == ["one", "two"]
    assert "the 2 items before were read" in problem.reason
    assert problem.place.startswith("line ")


@given(cut=st.floats(min_value=0, max_value=1))
def test_a_feed_cut_anywhere_gives_no_partial_entry(tmp_path_factory, cut):
    whole = feed(item(title="one"), item(title="two"))
    tmp_path = tmp_path_factory.mktemp("feed")
    signals, _ = read(tmp_path, whole[: round(len(whole) * cut)])
    assert all(len(one.headlines) == 2 for one in signals)
    assert [one.topic for one in signals] == ["one", "two"][: len(signals)]


def test_control_characters_are_removed(tmp_path):
    [one], problems = read(tmp_path, feed(item(title="lap\x00land\x0b", headline="a\x1b[31m b\u202e c")))
    assert problems == []
    assert one.topic == "lap land"
    assert one.headlines[0].text == "a [31m b c"


def test_bytes_that_are_no_text_reject_only_their_entry(tmp_path):
    content = feed(item(title="one"), item(title="tw@"), item(title="three")).encode().replace(b"tw@", b"tw\xff")
    signals, [problem] = read(tmp_path, content)
    assert [one.topic for one in signals] == ["one", "three"]
    assert "UTF-8" in problem.reason


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "latin-1"])
def test_other_encodings(tmp_path, encoding):
    text = feed(item(title="São João"))
    declared = text.replace("UTF-8", "ISO-8859-1") if encoding == "latin-1" else text
    [one], problems = read(tmp_path, declared.encode(encoding))
    assert problems == []
    assert one.topic == "São João"


BOMB = (
    '<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a "ha">'
    + "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9))
    + "]><rss><channel><item><title>&j;</title></item></channel></rss>"
)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (BOMB, "DOCTYPE"),
        ('<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]><rss><channel/></rss>', "DOCTYPE"),
        ('<feed xmlns="http://www.w3.org/2005/Atom"></feed>', "Atom"),
        ("<html><body>Sorry</body></html>", "web page"),
        (HEAD + TAIL, "without an <item>"),
        ("<rss>" * 5000, "deep"),
        ("", "is empty"),
        ("   \n", "is empty"),
        ("Service unavailable", "neither RSS"),
        ("[1, 2]", "JSON list"),
        (b"\x1f\x8b\x08\x00", "unpack"),
    ],
)
def test_a_file_that_is_no_feed_is_one_error(tmp_path, content, words):
    signals, [problem] = read(tmp_path, content)
    assert signals == []
    assert words in problem.reason


def test_a_missing_file_is_an_error(tmp_path):
    [problem] = read_feed(tmp_path / "none.rss", lifetime=timedelta(hours=1))
    assert isinstance(problem, InvalidFeed)
    assert "cannot be read" in problem.reason


def test_a_giant_file_is_refused_unread(tmp_path):
    path = tmp_path / "giant.rss"
    with path.open("wb") as file:
        file.truncate(200_000_000)
    started = time.perf_counter()
    [problem] = read_feed(path, lifetime=timedelta(hours=1))
    assert isinstance(problem, InvalidFeed)
    assert "split it" in problem.reason
    assert time.perf_counter() - started < 1


def test_a_megabyte_headline_is_cut(tmp_path):
    started = time.perf_counter()
    [one], problems = read(tmp_path, feed(item(headline="word " * 200_000)))
    assert problems == []
    assert len(one.headlines[0].text) <= 500
    assert time.perf_counter() - started < 3


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("5000+", 5000),
        ("", 0),
        ("20K+", 20_000),
        ("2M+", 2_000_000),
        ("1,000+", 1000),
        ("1.5K+", 1500),
        ("2 mil+", 2000),
        ("20万+", 200_000),
    ],
)
def test_volume(written, meant):
    assert volume(written) == meant
