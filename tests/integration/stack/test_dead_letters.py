"""Dead letters from the command line, on a running stack."""

from __future__ import annotations

import asyncio
import base64
import json
import os
import sys
from uuid import uuid4

import pytest

from infra import clock
from infra.kafka.admin import create_topics
from infra.kafka.bus import Bus, encode
from infra.kafka.tail import read_all
from infra.settings import Settings
from schemas.dead_letters import DeadLetter
from schemas.signals import Signal
from schemas.topics import DEAD_LETTERS, SIGNALS
from tests.support.factories import make_signal

pytestmark = pytest.mark.stack


async def brushfire(settings: Settings, *arguments: str) -> str:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "workers.cli.main", "dead-letters", *arguments, "--data", str(settings.data),
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE, env={**os.environ},
    )  # fmt: skip
    out, err = await process.communicate()
    assert process.returncode == 0, err.decode()
    return out.decode() + err.decode()


@pytest.mark.timeout(120)
async def test_a_dead_letter_is_listed_shown_replayed_once_and_gone(running_stack: Settings) -> None:
    await create_topics(running_stack.kafka, running_stack.kafka.partitions)
    name = f"drafter-{uuid4().hex[:8]}"
    signal = make_signal(signal_id=f"sig-{name}")
    letter = DeadLetter(
        topic=SIGNALS.name, partition=0, offset=3, worker=name, error="Unavailable", reason="no answer",
        attempts=6, value=base64.b64encode(encode(signal)), failed_at=clock.now(),
    )  # fmt: skip
    other = letter.model_copy(update={"offset": 4, "error": "TimeoutError"})
    async with Bus(running_stack.kafka) as bus:
        await bus.send_all((DEAD_LETTERS, None, each) for each in (letter, other))

    mine = ("--worker", name)
    listed = [json.loads(line) for line in (await brushfire(running_stack, "list", *mine, "--json")).splitlines()]
    assert {each["offset"] for each in listed} == {3, 4}
    assert "1 sent back" in await brushfire(running_stack, "replay", "--all", *mine, "--error", "Unavailable")
    assert "0 sent back" in await brushfire(running_stack, "replay", "--all", *mine, "--error", "Unavailable")
    assert "1 dropped" in await brushfire(running_stack, "drop", "--all", *mine)
    assert await brushfire(running_stack, "list", *mine, "--json") == ""
    sent = await read_all(running_stack.kafka, [SIGNALS])
    assert [each for each in sent if isinstance(each, Signal) and each.signal_id == signal.signal_id] == [signal]
