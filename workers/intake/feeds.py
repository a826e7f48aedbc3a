"""Reads feed files and folders of them, and sends their signals: good entries become signals, bad ones errors."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from infra.kafka.bus import Bus
from infra.kafka.security import Brokers
from schemas.errors import InvalidFeed
from schemas.identifiers import topic_key
from schemas.signals import Signal
from schemas.topics import SIGNALS
from workers.intake.entries import Entry, FeedReader, read_text, to_signal
from workers.intake.google_trends import read_google_trends
from workers.intake.json_lines import read_json_lines

FEED_ENDINGS: Final = frozenset({".rss", ".xml", ".jsonl", ".ndjson", ".json"})
READERS: Final[Mapping[str, FeedReader]] = {"<": read_google_trends, "{": read_json_lines}
"""The reader of a feed, by the feed's first character."""
_BEFORE_CONTENT: Final = "\ufeff\x00 \t\r\n"
"""Characters that may precede the first one of the content."""


@dataclass(frozen=True, slots=True)
class Feeds:
    """The content of feeds: the signals, each once, and the entries that cannot be read."""

    signals: tuple[Signal, ...]
    rejected: tuple[InvalidFeed, ...]


def feed_files(paths: Iterable[Path]) -> Iterator[Path]:
    """The files of `paths`; a folder means the feeds in it. Raises `InvalidFeed` where there is none."""
    for path in paths:
        if path.is_dir():
            found = sorted(file for file in path.iterdir() if file.suffix.lower() in FEED_ENDINGS)
            if not found:
                raise InvalidFeed(str(path), "", f"has no feed: files that end in {', '.join(sorted(FEED_ENDINGS))}")
            yield from found
        elif path.is_file():
            yield path
        else:
            raise InvalidFeed(str(path), "", "there is no such file or folder")


def read_feeds(paths: Sequence[Path], *, lifetime: timedelta, replay: datetime | None) -> Feeds:
    """Read all of `paths`. With `replay` the newest signal of each feed counts as observed at that moment."""
    signals: dict[str, Signal] = {}
    rejected: list[InvalidFeed] = []
    for path in feed_files(paths):
        for entry in read_feed(path, lifetime=lifetime, replay=replay):
            if isinstance(entry, Signal):
                signals.setdefault(entry.signal_id, entry)
            else:
                rejected.append(entry)
    return Feeds(tuple(signals.values()), tuple(rejected))


async def send_signals(brokers: Brokers, signals: Sequence[Signal]) -> None:
    """Send `signals`, and return when the broker has all of them."""
    async with Bus(brokers) as bus:
        await bus.send_all((SIGNALS, topic_key(signal.topic, signal.market), signal) for signal in signals)


def read_feed(
    path: Path, *, lifetime: timedelta, market: str | None = None, replay: datetime | None = None
) -> Iterator[Signal | InvalidFeed]:
    """The signals of the feed at `path`, and an `InvalidFeed` (not raised) for each entry that is none.

    `lifetime` is how long a trend is worth an answer where the feed does not say. `market` overrides the feed's own.
    With `replay`, the times of a recorded feed are moved so that its newest entry is at that moment; ids are those of
    the original time.
    """
    try:
        text = read_text(path)
        found = tuple(_entries(text, path, lifetime, market))
    except InvalidFeed as error:
        yield error
        return
    shift = _shift(found, replay)
    for entry in found:
        yield to_signal(entry, str(path), shift) if isinstance(entry, Entry) else entry


def _entries(text: str, path: Path, lifetime: timedelta, market: str | None) -> Iterator[Entry | InvalidFeed]:
    """The entries by the reader for the first character. Raises `InvalidFeed` where there is no reader for it."""
    start = text.lstrip(_BEFORE_CONTENT)[:1]
    reader = READERS.get(start)
    if reader is not None:
        return reader(text.lstrip(_BEFORE_CONTENT), path, lifetime=lifetime, market=market)
    if not start:
        raise InvalidFeed(str(path), "", "is empty: nothing to read")
    if start == "[":
        raise InvalidFeed(str(path), "", "is a JSON list; write JSON Lines, one object on each line")
    raise InvalidFeed(str(path), "", "is neither RSS (begins with <) nor JSON Lines (begins with {)")


def _shift(found: tuple[Entry | InvalidFeed, ...], replay: datetime | None) -> timedelta:
    """How far a replay moves the feed's times."""
    newest = max((entry.observed_at for entry in found if isinstance(entry, Entry)), default=None)
    return replay - newest if replay is not None and newest is not None else timedelta()
