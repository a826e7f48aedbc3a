"""Reads a feed file, whatever its format: good entries become signals, bad ones errors beside them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from schemas.errors import InvalidFeed
from schemas.signals import Signal
from workers.intake import google_trends, json_lines
from workers.intake.entries import Entry, read_text, to_signal


def read_feed(
    path: Path, *, lifetime: timedelta, market: str | None = None, replay: datetime | None = None
) -> Iterator[Signal | InvalidFeed]:
    """The signals of the feed at `path`, and an `InvalidFeed` (not raised) for each entry that is none.

    `lifetime` is how long a trend is worth an answer where the feed does not say. `market` overrides the feed's
    own. With `replay`, a recorded feed happens again: its times are moved so that the newest entry is
    at that moment; ids stay those of the original time.
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
    """The entries by the reader that the first character asks for. Raises `InvalidFeed` where none fits."""
    start = text.lstrip("\ufeff\x00 \t\r\n")[:1]
    if start == "<":
        return google_trends.read(text.lstrip("\ufeff\x00 \t\r\n"), path, lifetime=lifetime, market=market)
    if start == "{":
        return json_lines.read(text.lstrip("\ufeff"), path, lifetime=lifetime, market=market)
    if not start:
        raise InvalidFeed(str(path), "", "is empty: nothing to read")
    if start == "[":
        raise InvalidFeed(str(path), "", "is a JSON list; write JSON Lines, one object on each line")
    raise InvalidFeed(str(path), "", "is neither RSS (begins with <) nor JSON Lines (begins with {)")


def _shift(found: tuple[Entry | InvalidFeed, ...], replay: datetime | None) -> timedelta:
    """By how much a replay moves the feed's times."""
    newest = max((entry.observed_at for entry in found if isinstance(entry, Entry)), default=None)
    return replay - newest if replay is not None and newest is not None else timedelta()
