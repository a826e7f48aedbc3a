"""Feeds into the signals topic."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
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
from workers.intake.feeds import read_feed

FEED_ENDINGS: Final = frozenset({".rss", ".xml", ".jsonl", ".ndjson", ".json"})


@dataclass(frozen=True, slots=True)
class Feeds:
    """What feeds hold: signals, each once, and the entries that cannot be read."""

    signals: tuple[Signal, ...]
    rejected: tuple[InvalidFeed, ...]


def feed_files(paths: Iterable[Path]) -> Iterator[Path]:
    """The files of `paths`, where a folder stands for the feeds in it. Raises `InvalidFeed` where there is none."""
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
    """Read all of `paths`. With `replay` the newest signal of each feed counts as seen at that moment."""
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
