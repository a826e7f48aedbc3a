"""A retry on the real broker: it comes back when it is due, not before, with its attempts counted."""

from __future__ import annotations

import asyncio
import base64
import os
import sys
from datetime import timedelta
from uuid import uuid4

import pytest
from aiokafka import AIOKafkaConsumer

from infra import clock
from infra.kafka.admin import create_topics
from infra.kafka.bus import Bus
from infra.kafka.guard import ATTEMPT_HEADER
from infra.settings import Settings, environment
from schemas.retries import Retry
from schemas.topics import RETRIES, SIGNALS

pytestmark = pytest.mark.stack
DELAY = timedelta(seconds=2)


@pytest.mark.timeout(90)
async def test_a_retry_comes_back_when_it_is_due(running_stack: Settings) -> None:
    kafka = running_stack.kafka
    await create_topics(kafka, kafka.partitions)
    due, key = clock.now() + DELAY, uuid4().hex.encode()
    retry = Retry(
        topic=SIGNALS.name, key=base64.b64encode(key), value=base64.b64encode(b"the very bytes"), attempt=3,
        worker="drafter", error="Unavailable", reason="away", failed_at=clock.now(), due_at=due,
    )  # fmt: skip
    consumer = AIOKafkaConsumer(
        SIGNALS.name, bootstrap_servers=list(kafka.addresses or ()), auto_offset_reset="earliest"
    )
    retrier = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "workers.runtime.process", "retrier", env={**os.environ, **environment(running_stack)}
    )
    await consumer.start()
    try:
        async with Bus(kafka) as bus:
            await bus.send(RETRIES[0], None, retry)
        async with asyncio.timeout(60):
            async for record in consumer:
                if record.key == key:
                    break
        assert clock.now() >= due
        assert record.value == b"the very bytes"
        assert dict(record.headers)[ATTEMPT_HEADER] == b"3"
    finally:
        retrier.terminate()
        await retrier.wait()
        await consumer.stop()
