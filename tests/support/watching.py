"""Observes a stack that another process runs."""

from __future__ import annotations

import asyncio
import subprocess
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import aclosing, suppress
from pathlib import Path

from infra.kafka.tail import follow, read_all
from infra.local.discovery import read_running
from infra.settings import Settings, load
from schemas.base import Event
from schemas.errors import BusUnavailable
from schemas.topics import Topic
from tests.support.auditor import Audit, audit

PAUSE_SECONDS = 0.2
SLICE_SECONDS = 20.0


def running_settings(data: Path) -> Settings | None:
    """The settings of the stack that runs on `data`, or None."""
    settings = load(data=data)
    found = read_running(settings)
    return found if found and found.kafka.addresses else None


def events_on(data: Path, *topics: Topic) -> list[Event]:
    """The events on `topics`; none if no broker answers, because it may just have been killed."""
    settings = running_settings(data)
    if settings is None:
        return []
    try:
        return asyncio.run(read_all(settings.kafka, topics))
    except (BusUnavailable, TimeoutError):
        return []


def audit_of(data: Path, expected_signals: Iterable[str] = ()) -> Audit:
    """What the auditor finds on the stack that runs on `data`."""
    settings = running_settings(data)
    assert settings is not None, "no stack is running"
    return asyncio.run(audit(settings, expected_signals))


def wait_for_events(
    process: subprocess.Popen[bytes], data: Path, topics: Sequence[Topic], count: int, log: Path, seconds: float = 120.0
) -> None:
    """Return as soon as `topics` have `count` events on the stack that `process` runs or starts."""
    wait_while_running(process, lambda: running_settings(data) is not None, log)
    settings = running_settings(data)
    assert settings is not None
    wait_while_running(
        process, lambda: asyncio.run(_see(settings, process, topics, count)) >= count, log, seconds=seconds
    )


async def _see(settings: Settings, process: subprocess.Popen[bytes], topics: Sequence[Topic], count: int) -> int:
    """The number of events within `SLICE_SECONDS`, at most `count`; fewer if a broker or `process` is killed."""
    seen = 0
    with suppress(TimeoutError, BusUnavailable):
        async with asyncio.timeout(SLICE_SECONDS), aclosing(follow(settings.kafka, topics)) as events:
            async for event in events:
                seen += isinstance(event, Event)
                if seen >= count or process.poll() is not None:
                    break
    return seen


def wait_while_running(
    process: subprocess.Popen[bytes], true: Callable[[], bool], log: Path, seconds: float = 60.0
) -> float:
    """Wait until `true()` holds and return the seconds; fail if `process` ends first, or after `seconds`."""
    began = time.monotonic()
    while not true():
        assert process.poll() is None, f"it ended with {process.returncode}:\n{log.read_text()[-4000:]}"
        assert time.monotonic() - began < seconds, f"not within {seconds:.0f} s:\n{log.read_text()[-4000:]}"
        time.sleep(PAUSE_SECONDS)
    return time.monotonic() - began
