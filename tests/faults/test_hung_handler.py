"""A handler that never ends: a rebalance waits for it until the handler's limit and no longer, and nothing is lost."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from infra.kafka.admin import create_topics
from infra.kafka.bus import Bus
from infra.kafka.tail import read_all
from infra.local.stack import stack_for
from infra.settings import Settings, environment
from schemas.lineage import LineageEvent
from schemas.retries import Retry
from schemas.topics import LINEAGE, RETRIES, SIGNALS
from tests.faults.conftest import Tell
from tests.support.command import ROOT
from tests.support.command import environment as plain_environment
from tests.support.factories import make_signal

pytestmark = [pytest.mark.faults, pytest.mark.timeout(180)]

LIMIT_SECONDS = 4.0


@contextmanager
def worker(settings: Settings, name: str) -> Iterator[subprocess.Popen[bytes]]:
    variables = plain_environment(**environment(settings))
    with (settings.data / f"{name}.log").open("ab") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.hanging_worker"], cwd=ROOT, env=variables, stdout=log, stderr=log
        )
    try:
        yield process
    finally:
        process.kill()
        process.wait(10)


async def begun(settings: Settings) -> dict[str, int]:
    """The signals that a handler has begun with, and the process that did."""
    events = await read_all(settings.kafka, [LINEAGE])
    return {event.subject_id: int(str(event.facts["pid"])) for event in events if isinstance(event, LineageEvent)}


async def given_back(settings: Settings) -> list[Retry]:
    return [event for event in await read_all(settings.kafka, RETRIES) if isinstance(event, Retry)]


async def test_a_hung_handler_holds_up_a_rebalance_for_its_limit_at_most(tmp_path: Path, tell: Tell) -> None:
    asked = Settings(data=tmp_path, ephemeral=True, handler_limit_seconds=LIMIT_SECONDS)
    async with stack_for(asked) as stack, Bus(stack.settings.kafka) as bus:
        settings = stack.settings
        await create_topics(settings.kafka, settings.kafka.partitions)
        with worker(settings, "first"):
            await bus.send(SIGNALS, "hang", make_signal("hang for ever", signal_id="sig-hung"))
            async with asyncio.timeout(60):
                while "sig-hung" not in await begun(settings):
                    pass
            with worker(settings, "second") as second:
                began, sent = time.monotonic(), set[str]()
                async with asyncio.timeout(60):
                    while second.pid not in (await begun(settings)).values():
                        signal = make_signal(f"good {len(sent)}", signal_id=f"sig-good-{len(sent)}")
                        await bus.send(SIGNALS, signal.topic, signal)
                        sent.add(signal.signal_id)
                tell(f"the second worker has its share {time.monotonic() - began:.1f} s after it began to join")
                async with asyncio.timeout(30):
                    while not sent <= (await begun(settings)).keys():
                        pass
                    while not (retries := await given_back(settings)):
                        pass
        assert {retry.attempt for retry in retries} == {2}, "what was cut off is redelivered and counted"
        assert {retry.reason for retry in retries} == {"not done within 4 s; replay it once the cause is removed"}
