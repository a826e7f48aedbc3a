"""A stack that another process runs, looked at from here."""

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
    """The settings of the stack that runs on `data`; None where none does."""
    settings = load(data=data)
    found = read_running(settings)
    return found if found and found.kafka.addresses else None


def events_on(data: Path, *topics: Topic) -> list[Event]:
    """What `topics` hold now; nothing where no broker answers, for one may just be killed."""
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
    """Return as soon as `topics` hold `count` events on the stack that `process` runs or is about to."""
    wait_while_running(process, lambda: running_settings(data) is not None, log)
    settings = running_settings(data)
    assert settings is not None
    wait_while_running(
        process, lambda: asyncio.run(_see(settings, process, topics, count)) >= count, log, seconds=seconds
    )


async def _see(settings: Settings, process: subprocess.Popen[bytes], topics: Sequence[Topic], count: int) -> int:
    """How many events came in `SLICE_SECONDS`, or before a broker or `process` was killed; `count` are enough."""
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
    """Return once `true()` holds, with the seconds that it took; fail where `process` ends before, or never."""
    began = time.monotonic()
    while not true():
        assert process.poll() is None, f"it ended with {process.returncode}:\n{log.read_text()[-4000:]}"
        assert time.monotonic() - began < seconds, f"not within {seconds:.0f} s:\n{log.read_text()[-4000:]}"
        time.sleep(PAUSE_SECONDS)
    return time.monotonic() - began
