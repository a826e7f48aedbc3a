"""How far a run is: which jobs and briefs have come to something, as the topics tell it."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress

from aiokafka.errors import KafkaError

from infra.kafka.embedded.reading import WithoutGaps
from infra.settings import KafkaSettings
from schemas.topics import (
    ASSETS,
    BRIEF_OUTCOMES,
    DEAD_LETTERS,
    DRAFTS,
    EXPRESS_OF,
    FAILURES,
    REFINEMENTS,
    SCORECARDS,
    SIGNAL_OUTCOMES,
)
from tests.support.faults.journal import POLL_MS, Entry, entries_of, reader

FOLLOWED = (SIGNAL_OUTCOMES, DRAFTS, EXPRESS_OF[DRAFTS.name], SCORECARDS, FAILURES, REFINEMENTS, ASSETS,
            BRIEF_OUTCOMES, DEAD_LETTERS)  # fmt: skip
POLL_SECONDS = 0.1
DRAFT_TOPICS = frozenset({DRAFTS.name, EXPRESS_OF[DRAFTS.name]})


class Progress:
    """What has come since the moment `since` (of the epoch). `moved_at` (monotonic) is when something came last,
    `settled_at` when the last draft job was settled.
    """

    def __init__(self, since: float) -> None:
        self._since = since
        self.drafted: set[str] = set()
        self.failed: set[str] = set()
        self.signals: set[str] = set()
        self.briefs: set[str] = set()
        self.dead_letters = 0
        self.moved_at = self.settled_at = time.monotonic()

    @property
    def settled(self) -> int:
        """Draft jobs that have an image or a failure."""
        return len(self.drafted | self.failed)

    def reached(self, settled: int) -> bool:
        """Whether so many draft jobs are settled."""
        return self.settled >= settled

    def take(self, entry: Entry) -> None:
        """Count a message."""
        if entry.at < self._since:
            return
        self.moved_at = time.monotonic()
        before = self.settled
        key = (entry.key or b"").decode(errors="replace")
        if entry.topic in DRAFT_TOPICS:
            self.drafted.update({key} if key.startswith("drf-") else ())  # hostile messages have keys of their own
        elif entry.topic == FAILURES.name:
            with suppress(ValueError, KeyError, TypeError, RecursionError):  # malformed, on purpose
                self.failed.add(json.loads(entry.value)["job_id"])
        elif entry.topic == SIGNAL_OUTCOMES.name:
            self.signals.add(key)
        elif entry.topic == BRIEF_OUTCOMES.name:
            self.briefs.add(key)
        self.dead_letters += entry.topic == DEAD_LETTERS.name
        if self.settled > before:
            self.settled_at = self.moved_at

    async def wait(self, true: Callable[[], bool], seconds: float, quiet: float | None = None) -> bool:
        """Return True once `true()` holds; False after `seconds`, or once nothing has come for `quiet` seconds."""
        deadline = time.monotonic() + seconds
        began = time.monotonic()
        while not true():
            now = time.monotonic()
            if now > deadline or (quiet is not None and now - max(self.moved_at, began) > quiet):
                return False
            await asyncio.sleep(POLL_SECONDS)
        return True


@asynccontextmanager
async def following(kafka: KafkaSettings) -> AsyncIterator[Progress]:
    """The progress from now on, for as long as the body runs, whatever happens to the broker."""
    progress = Progress(since=time.time())
    task = asyncio.create_task(_follow(kafka, progress))
    try:
        yield progress
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def _follow(kafka: KafkaSettings, progress: Progress) -> None:
    """Read on; where the reader itself fails, from the beginning with a new one: a set takes a repeat."""
    while True:
        with suppress(KafkaError, OSError):
            async with reader(kafka, FOLLOWED) as consumer:
                in_order = WithoutGaps(consumer.seek)
                while True:
                    records = in_order.of(await consumer.getmany(timeout_ms=POLL_MS), time.monotonic())
                    for entry in entries_of(records):
                        progress.take(entry)
        await asyncio.sleep(POLL_SECONDS)
