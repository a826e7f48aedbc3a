"""Joining a group of the embedded broker: at once for a member that is alone, even after one that was killed."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import time

import pytest

from infra.kafka.admin import create_topics
from infra.settings import Settings, environment
from schemas.topics import REVIEWS
from tests.support.command import environment as plain_environment

pytestmark = pytest.mark.stack

HALF_A_SESSION = 5.0
MEMBER = """
import asyncio, sys
from aiokafka import AIOKafkaConsumer
from infra.kafka.security import member_options
from infra.settings import load

async def main():
    consumer = AIOKafkaConsumer(
        sys.argv[1], **member_options(load().kafka), group_id="joining", enable_auto_commit=False,
        session_timeout_ms=10_000, heartbeat_interval_ms=3_000,
    )
    async with consumer:
        while not consumer.assignment():
            await asyncio.sleep(0.02)
        print("partitions", len(consumer.assignment()), flush=True)
        await asyncio.to_thread(sys.stdin.read)

asyncio.run(main())
"""


def member(settings: Settings) -> tuple[subprocess.Popen[str], float]:
    """A consumer in a process of its own that has got all partitions, and the seconds that it took."""
    began = time.monotonic()
    process = subprocess.Popen(
        [sys.executable, "-c", MEMBER, REVIEWS.name],
        env={**plain_environment(), **environment(settings)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout
    partitions = next(line for line in process.stdout if line.startswith("partitions"))
    took = time.monotonic() - began
    if partitions != f"partitions {settings.kafka.partitions}\n":
        end(process, killed=True)
        pytest.fail(f"it got {partitions}")
    return process, took


def end(process: subprocess.Popen[str], *, killed: bool) -> None:
    if killed:
        process.kill()
    process.communicate()


async def test_alone_it_joins_at_once_also_after_one_that_was_killed(running_stack: Settings) -> None:
    kafka = running_stack.kafka
    await create_topics(kafka, kafka.partitions, kafka.replication_factor)
    first, took = await asyncio.to_thread(member, running_stack)
    await asyncio.sleep(HALF_A_SESSION + 2)  # until the broker has answered the JoinGroup it counts the member on
    end(first, killed=True)
    second, after_a_kill = await asyncio.to_thread(member, running_stack)
    end(second, killed=False)
    assert took < HALF_A_SESSION
    assert after_a_kill < HALF_A_SESSION
