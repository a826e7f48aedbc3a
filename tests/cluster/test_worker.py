"""A faust worker with a table on Apache Kafka: killed and stopped, it goes on counting where it was."""

from __future__ import annotations

import asyncio
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import aclosing, asynccontextmanager, contextmanager
from pathlib import Path
from uuid import uuid4

import pytest

from infra.kafka.admin import create_topics
from infra.kafka.bus import Bus
from infra.kafka.tail import follow
from infra.settings import Settings, environment
from schemas.lineage import LineageEvent
from schemas.topics import LINEAGE, SIGNALS
from tests.support.command import ROOT
from tests.support.command import environment as plain_environment
from tests.support.factories import make_signal

pytestmark = pytest.mark.cluster


@pytest.fixture(params=["open_cluster", "secure_cluster"])
def settings(request: pytest.FixtureRequest, tmp_path: Path) -> Settings:
    resolved: Settings = request.getfixturevalue(request.param).settings
    return resolved.model_copy(update={"data": tmp_path})


@contextmanager
def worker(settings: Settings) -> Iterator[subprocess.Popen[bytes]]:
    """The counting worker under way; what is left of it at the end is killed."""
    variables = plain_environment(**environment(settings))
    with (settings.data / "worker.log").open("ab") as log:
        command = [sys.executable, "-m", "tests.cluster.counting_worker"]
        process = subprocess.Popen(command, cwd=ROOT, env=variables, stdout=log, stderr=log)
    try:
        yield process
    finally:
        process.kill()
        process.wait(10)


@asynccontextmanager
async def told_counts(settings: Settings, topic: str) -> AsyncIterator[AsyncIterator[int]]:
    """The counts that the worker reports for `topic`, as they come."""

    async def counts() -> AsyncIterator[int]:
        async with aclosing(follow(settings.kafka, [LINEAGE])) as events:
            async for event in events:
                if isinstance(event, LineageEvent) and event.facts.get("topic") == topic:
                    yield int(str(event.facts["count"]))

    async with asyncio.timeout(60):
        stream = counts()
        yield stream
        await stream.aclose()  # type: ignore[attr-defined]


async def reach(counts: AsyncIterator[int], number: int) -> None:
    """Return when the worker has counted that far; it may tell a count twice, and never leaves one out."""
    last = 0
    async for count in counts:
        assert count <= max(last + 1, number)
        last = max(last, count)
        if count == number:
            return


async def test_a_table_outlives_its_worker(settings: Settings) -> None:
    topic = f"trend {uuid4().hex}"
    await create_topics(settings.kafka, settings.kafka.partitions, settings.kafka.replication_factor)
    async with Bus(settings.kafka) as bus, told_counts(settings, topic) as counts:

        async def send() -> None:
            await bus.send_all((SIGNALS, topic, make_signal(topic, volume=n)) for n in range(5))

        await send()
        with worker(settings):
            await reach(counts, 5)
        await send()
        with worker(settings) as second:
            await reach(counts, 10)
            second.send_signal(signal.SIGTERM)
            assert second.wait(20) == 0, (settings.data / "worker.log").read_text()
        await send()
        with worker(settings):
            await reach(counts, 15)
