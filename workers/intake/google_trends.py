"""Reads Google Trends' RSS ("Trending now").

It uses expat and not feedparser: feedparser keeps one value for each element name of an entry, so of several
`ht:news_item` only the last headline is left, and the safety verdict needs all headlines. A document type is refused,
because one that declares entities could grow to gigabytes.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Final
from urllib.parse import parse_qs, urlsplit
from xml.parsers import expat

from schemas.errors import InvalidFeed
from workers.intake.entries import Entry, market_in_name

SOURCE: Final = "google-trends"
_DEPTH_LIMIT: Final = 20
"""Elements within elements: the feed uses 5."""
_HEADLINE_COUNT: Final = 20
_CHUNK: Final = 65_536
_NOT_XML: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_MULTIPLIERS: Final = {"": 1, "k": 1_000, "m": 1_000_000, "b": 1_000_000_000, "mil": 1_000, "万": 10_000, "萬": 10_000}
_TRAFFIC: Final = re.compile(
    r"^([0-9]{1,12}|[0-9]{1,3}(?:[.,\u00a0 ][0-9]{3})+|[0-9]{1,6}[.,][0-9])\s*([A-Za-z万萬]*)\s*\+?$"
)


@dataclass(slots=True)
class _Item:
    """An `<item>`: the texts of its elements by name, and its headlines with their sources."""

    texts: dict[str, str] = field(default_factory=dict)
    headlines: list[dict[str, str]] = field(default_factory=list)


class _Broken(Exception):
    """The document cannot be read from here on."""


class _FeedParser:
    """Collects the items of a document while expat walks through it."""

    def __init__(self) -> None:
        self.items: list[_Item] = []
        self.channel: dict[str, str] = {}
        self._path: list[str] = []
        self._text: list[str] = []
        self._item: _Item | None = None
        self.parser = expat.ParserCreate("utf-8")
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text.append
        self.parser.StartDoctypeDeclHandler = self._doctype

    def _doctype(self, *_: object) -> None:
        raise _Broken("declares a document type (DOCTYPE), which a feed does not need and an attack does; remove it")

    def _start(self, name: str, _: dict[str, str]) -> None:
        local = name.rpartition(":")[2].lower()
        if not self._path and local != "rss":
            raise _Broken(_WRONG_ROOT.get(local, f"is not an RSS feed: its first element is <{name}>"))
        self._path.append(local)
        if len(self._path) > _DEPTH_LIMIT:
            raise _Broken(f"nests elements more than {_DEPTH_LIMIT} deep")
        self._text.clear()
        if local == "item":
            self._item = _Item()
        elif local == "news_item" and self._item is not None:
            self._item.headlines.append({})

    def _end(self, _: str) -> None:
        local, text = self._path.pop(), "".join(self._text).strip()
        self._text.clear()
        parent = self._path[-1] if self._path else ""
        if local == "item" and self._item is not None:
            self.items.append(self._item)
            self._item = None
        elif parent == "news_item" and self._item is not None and self._item.headlines:
            self._item.headlines[-1][local] = text
        elif parent == "item" and self._item is not None:
            self._item.texts[local] = text
        elif parent == "channel":
            self.channel.setdefault(local, text)


_WRONG_ROOT: Final = {
    "feed": "is an Atom feed; Brushfire reads Google Trends' RSS and JSON Lines",
    "html": "is a web page, not a feed; fetch the address that ends in /rss",
    "rdf": "is an RSS 1.0 feed; Brushfire reads Google Trends' RSS and JSON Lines",
}


def read_google_trends(
    text: str, path: Path, *, lifetime: timedelta, market: str | None
) -> Iterator[Entry | InvalidFeed]:
    """The entries of a feed; see `FeedReader`."""
    reader, broken = _walk(text)
    place_market = market or _geography(reader.channel.get("link", "")) or market_in_name(path)
    for number, item in enumerate(reader.items, start=1):
        place = f"item {number} ({item.texts.get('title', '')[:40] or 'no title'})"
        try:
            yield _entry(item, place, place_market, lifetime)
        except ValueError as error:
            yield InvalidFeed(str(path), place, str(error))
    if broken:
        kept = f"; the {len(reader.items)} items before were read" if reader.items else ""
        yield InvalidFeed(str(path), broken[0], broken[1] + kept)
    elif not reader.items:
        yield InvalidFeed(str(path), "", "is a feed without an <item>: nothing to read")


def _walk(text: str) -> tuple[_FeedParser, tuple[str, str] | None]:
    """The part of `text` that can be read with certainty, and where and why reading stopped early."""
    data = _NOT_XML.sub(" ", text).encode()
    reader = _FeedParser()
    try:
        for start in range(0, len(data), _CHUNK):
            reader.parser.Parse(data[start : start + _CHUNK], False)  # noqa: FBT003 - expat takes it by position
        reader.parser.Parse(b"", True)  # noqa: FBT003
    except _Broken as error:
        return reader, (f"line {reader.parser.CurrentLineNumber}", str(error))
    except expat.ExpatError as error:
        why = expat.ErrorString(error.code)
        return reader, (f"line {error.lineno}", f"is not well-formed XML ({why}); fetch the feed again")
    return reader, None


def _entry(item: _Item, place: str, market: str | None, lifetime: timedelta) -> Entry:
    observed = _moment(item.texts.get("pubdate", ""))
    where = market or _geography(item.texts.get("link", ""))
    if where is None:
        raise ValueError(
            "names no market: neither the feed's link has geo= nor the file name a code such as US; give the market"
        )
    fields = {
        "source": SOURCE,
        "topic": html.unescape(item.texts.get("title", "")),
        "market": where,
        "volume": volume(item.texts.get("approx_traffic", "")),
        "headlines": [
            {"text": html.unescape(news["news_item_title"]), "source": html.unescape(news.get("news_item_source", ""))}
            for news in item.headlines[:_HEADLINE_COUNT]
            if news.get("news_item_title", "").strip()
        ],
    }
    try:
        return Entry(place, fields, observed, observed + lifetime)
    except OverflowError as error:
        raise ValueError("its <pubDate> is too far in the future") from error


def _moment(text: str) -> datetime:
    """An RFC 2822 date; one without a zone counts as UTC. Raises ValueError."""
    if not text:
        raise ValueError("has no <pubDate>; a trend needs the time at which it was seen")
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError, OverflowError) as error:
        raise ValueError(
            f"<pubDate> {text[:40]!r} is not a date; write it like Fri, 26 Sep 2025 04:30:00 -0700"
        ) from error
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)


def volume(text: str) -> int:
    """Searches as the feed writes them: ``5000+``, ``20K+``, ``1,000+``; an empty text is 0. Raises ValueError."""
    plain = text.strip()
    if not plain:
        return 0
    found = _TRAFFIC.match(plain)
    factor = _MULTIPLIERS.get(found.group(2).lower()) if found else None
    if found is None or factor is None:
        raise ValueError(f"<ht:approx_traffic> {plain[:40]!r} is not a number; write it like 5000+")
    digits = re.sub(r"[.,\u00a0 ](?=[0-9]{3}\b)", "", found.group(1)).replace(",", ".")
    return round(float(digits) * factor)


def _geography(link: str) -> str | None:
    """The country in a link's ``geo=``, without its region, or None."""
    try:
        values = parse_qs(urlsplit(link).query).get("geo", [])
    except ValueError:
        return None
    code = values[0].split("-", maxsplit=1)[0].upper() if values else ""
    return code if re.fullmatch("[A-Z]{2}", code) else None
