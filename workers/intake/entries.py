"""What the feed readers share: their interface, the file as text, and the way from an entry to a signal."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final, Protocol

from pydantic import ValidationError

from schemas.errors import InvalidFeed
from schemas.identifiers import signal_id
from schemas.signals import Signal, clean_text

SIZE_LIMIT: Final = 64 * 1024 * 1024
"""Bytes of a feed file, enough for some 100,000 signals. The file is held in memory."""
REPLACEMENT: Final = "\ufffd"
_MARKET_IN_NAME: Final = re.compile(r"(?:^|[^A-Za-z])([A-Z]{2})(?=[^A-Za-z]|$)")
_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_DECLARED: Final = re.compile(rb"""^\s*<\?xml[^>]{0,200}encoding\s*=\s*["']([A-Za-z0-9._-]{1,40})["']""")


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of a feed, as its reader understood it.

    Attributes:
        place: Where the entry is in its file, for errors ("line 3").
        fields: The fields of a `schemas.signals.Signal`, except its id and its times. They are not yet validated.
        observed_at: When the trend was seen.
        expires_at: When it is no longer worth an answer.
    """

    place: str
    fields: dict[str, Any]
    observed_at: datetime
    expires_at: datetime


class FeedReader(Protocol):
    """Reads one format of feeds. A reader is a function in a module of its own, listed in `feeds.READERS`."""

    def __call__(
        self, text: str, path: Path, *, lifetime: timedelta, market: str | None
    ) -> Iterator[Entry | InvalidFeed]:
        """Yield the entries of a feed.

        Args:
            text: The whole file, decoded. Bytes that are no text in the file's encoding are U+FFFD.
            path: The file, to be named in errors. Its name may hold the market (`market_in_name`).
            lifetime: How long an entry is worth an answer where the feed does not say.
            market: The two-letter country code that overrides the feed's own; None where the caller names none.

        Returns:
            Each entry in the order of the file. An entry that cannot be read is yielded as an `InvalidFeed` that says
            where, what is wrong and what to write instead; the reader goes on with the next one.

        Raises:
            InvalidFeed: The whole file is unusable.
        """


def read_text(path: Path) -> str:
    """The file's text; bytes that are no text of its encoding become U+FFFD. Raises `InvalidFeed`."""
    try:
        size = path.stat().st_size
        if size > SIZE_LIMIT:
            raise InvalidFeed(
                str(path),
                "",
                f"{size / 1e6:.0f} MB is above the limit of {SIZE_LIMIT // 1_000_000} MB; split it into smaller files",
            )
        data = path.read_bytes()
    except OSError as error:
        raise InvalidFeed(str(path), "", f"cannot be read: {error.strerror or error}") from error
    if data.startswith((b"\x1f\x8b", b"PK", b"BZh", b"\xfd7zXZ")):
        raise InvalidFeed(str(path), "", "is compressed; unpack it first")
    return _decoded(data)


def _decoded(data: bytes) -> str:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return data[len(mark) :].decode(encoding, "replace")
    declared = _DECLARED.match(data[:300])
    encoding = declared.group(1).decode("ascii") if declared else "utf-8"
    try:
        return data.decode(encoding, "replace")
    except (LookupError, ValueError):
        return data.decode("utf-8", "replace")


def market_in_name(path: Path) -> str | None:
    """The market in a file name such as ``google-trends-US-2025-09-26.rss``, or None."""
    found = _MARKET_IN_NAME.search(path.stem)
    return found.group(1) if found else None


def to_signal(entry: Entry, file: str, shift: timedelta) -> Signal | InvalidFeed:
    """The entry as a signal, moved in time by `shift`. The id is that of the original time."""
    topic = str(entry.fields.get("topic", ""))
    if not clean_text(topic, 1000):
        return InvalidFeed(
            file, entry.place, "has no topic; write the trend's words in `topic` (JSON Lines) or <title> (RSS)"
        )
    if REPLACEMENT in str(entry.fields):
        return InvalidFeed(
            file, entry.place, "has bytes that are no text in the file's encoding; save the file as UTF-8"
        )
    identity = signal_id(
        str(entry.fields["source"]), str(entry.fields["market"]), clean_text(topic, 1000), entry.observed_at.isoformat()
    )
    try:
        return Signal.model_validate(
            {
                **entry.fields,
                "signal_id": identity,
                "observed_at": entry.observed_at + shift,
                "expires_at": entry.expires_at + shift,
            }
        )
    except ValidationError as error:
        return InvalidFeed(file, entry.place, explained(error))
    except OverflowError:
        return InvalidFeed(file, entry.place, "its time cannot be moved to the moment of the replay; write a later one")


def explained(error: ValidationError) -> str:
    """A validation error as one sentence: which field, what is wrong."""
    return "; ".join(f"{_path(detail['loc'])}: {_sentence(detail)}" for detail in error.errors()[:5])


def _path(location: Sequence[int | str]) -> str:
    return ".".join(str(part) for part in location) or "the entry"


def _sentence(detail: Any) -> str:
    if detail["type"] == "string_pattern_mismatch" and detail["loc"][-1:] == ("market",):
        return f"{str(detail['input'])[:40]!r} is not a market; write a two-letter country code such as US"
    message = str(detail["msg"]).removeprefix("Value error, ")
    return message[:1].lower() + message[1:]
