"""Reads JSON Lines: each line is one signal.

A line must have a `topic`. Its `market` may be in the file name or given by the caller, its `observed_at` is by default
the time of the file. The other fields are `language`, `volume`, `expires_at`, `headlines` (texts, or objects with
`text`, `source`, `language`), `kind` and `source`. An unknown field is an error: most are misspelt known ones.
"""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from pydantic import TypeAdapter, ValidationError

from schemas.errors import InvalidFeed
from schemas.signals import Headline
from workers.intake.entries import Entry, market_in_name

FIELDS: Final = (
    "topic", "market", "language", "volume", "observed_at", "expires_at", "headlines", "kind", "source",
)  # fmt: skip
LINE_LIMIT: Final = 4 * 1024 * 1024
"""Characters of a line: enough for twenty headlines of 200 kB."""
_HEADLINE_FIELDS: Final = tuple(Headline.model_fields)
_MOMENT: Final = TypeAdapter(datetime)


def read_json_lines(text: str, path: Path, *, lifetime: timedelta, market: str | None) -> Iterator[Entry | InvalidFeed]:
    """The entries of a file; see `FeedReader`."""
    seen = datetime.fromtimestamp(path.stat().st_mtime, UTC)
    usual = market or market_in_name(path)
    empty = True
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        empty = False
        try:
            yield _entry(_object(line), f"line {number}", f"json-lines:{path.name[:180]}", usual, seen, lifetime)
        except ValueError as error:
            yield InvalidFeed(str(path), f"line {number}", str(error))
    if empty:
        yield InvalidFeed(str(path), "", "is empty: nothing to read")


def _object(line: str) -> dict[str, Any]:
    """The line's JSON object. Raises ValueError."""
    if len(line) > LINE_LIMIT:
        raise ValueError(
            f"is {len(line) / 1e6:.1f} MB long; a line holds one signal, {LINE_LIMIT // 1_000_000} MB at most"
        )
    try:
        value = json.loads(line, object_pairs_hook=_unique)
    except json.JSONDecodeError as error:
        raise ValueError(f"is not JSON: {error.msg} at column {error.colno}") from error
    except RecursionError as error:
        raise ValueError("nests too deep for a signal") from error
    if not isinstance(value, dict):
        raise ValueError('is not an object; write {"topic": "…", "market": "US"}')  # noqa: TRY004 - it is the line that is wrong
    return value


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """The object of `pairs`. Raises ValueError where a field occurs twice: one of them would be lost."""
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        raise ValueError(f"has the field {next(n for n in names if names.count(n) > 1)[:40]!r} twice; keep one")
    return found


def _entry(
    record: dict[str, Any], place: str, source: str, market: str | None, seen: datetime, lifetime: timedelta
) -> Entry:
    _refuse_unknown(record, FIELDS, "")
    observed = _moment(record, "observed_at", seen)
    try:
        expires = _moment(record, "expires_at", observed + lifetime)
    except OverflowError as error:
        raise ValueError("observed_at is too far in the future") from error
    where = record.get("market", market)
    if where is None:
        raise ValueError('has no market; write "market": "US" or put the code into the file name')
    fields: dict[str, Any] = {"source": source, **record, "topic": _topic(record), "market": where}
    fields["headlines"] = [_headline(value) for value in _list(record.get("headlines", []))]
    return Entry(place, fields, observed, expires)


def _topic(record: dict[str, Any]) -> str:
    topic = record.get("topic")
    if topic is None:
        near = difflib.get_close_matches("topic", record, n=1, cutoff=0.5)
        raise ValueError(
            f"has no topic; write the trend's words in `topic`{f' (instead of {near[0]!r})' if near else ''}"
        )
    if not isinstance(topic, str):
        raise ValueError(f"topic is not a text but {json.dumps(topic)[:40]}; write it in quotation marks")  # noqa: TRY004
    return topic


def _list(value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise ValueError('headlines is not a list; write ["first headline", "second headline"]')  # noqa: TRY004
    return value


def _headline(value: Any) -> dict[str, Any]:
    if isinstance(value, str):
        return {"text": value}
    if not isinstance(value, dict):
        raise ValueError(f"a headline is a text or an object with `text`, not {json.dumps(value)[:40]}")  # noqa: TRY004
    _refuse_unknown(value, _HEADLINE_FIELDS, "headlines: ")
    return value


def _refuse_unknown(record: dict[str, Any], known: tuple[str, ...], where: str) -> None:
    for name in record:
        if name not in known:
            near = difflib.get_close_matches(name, known, n=1, cutoff=0.5)
            advice = f"did you mean {near[0]!r}?" if near else f"known are {', '.join(known)}"
            raise ValueError(f"{where}unknown field {name[:40]!r}; {advice}")


def _moment(record: dict[str, Any], name: str, otherwise: datetime) -> datetime:
    """The time in field `name`. Raises ValueError where it is not a time with a zone."""
    if record.get(name) is None:
        return otherwise
    try:
        moment = _MOMENT.validate_python(record[name], strict=False) if isinstance(record[name], str) else None
    except ValidationError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise ValueError(
            f"{name} {str(record[name])[:40]!r} is not a time with a zone; write it like 2026-08-15T00:52:15+08:00"
        )
    return moment.astimezone(UTC)
