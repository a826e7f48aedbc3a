"""Where partitions end, on a broker that tells it wrongly when asked; and the table that is recovered up to there."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from aiokafka import AIOKafkaProducer, TopicPartition

from infra.kafka.admin import create_topics
from infra.kafka.embedded import reading as ends_module
from infra.kafka.ends import end_offsets
from infra.kafka.tail import read_all
from infra.local.stack import stack_for
from infra.local.tansu import broker_bucket
from infra.settings import Settings
from infra.storage.minio_store import MinioStore
from schemas.topics import BRIEFS, SIGNALS
from tests.support.factories import make_signal

pytestmark = pytest.mark.stack

FULL, EMPTY = TopicPartition(SIGNALS.name, 0), TopicPartition(BRIEFS.name, 0)


@pytest.mark.parametrize("ephemeral", [True, False])
async def test_the_end_is_behind_the_last_message_of_a_batch(tmp_path: Path, ephemeral: bool) -> None:
    async with stack_for(Settings(data=tmp_path, ephemeral=ephemeral)) as stack:
        kafka, addresses = stack.settings.kafka, stack.settings.kafka.addresses or ()
        await create_topics(kafka, 1)
        signals = [make_signal(f"trend {number}") for number in range(12)]
        async with AIOKafkaProducer(bootstrap_servers=list(addresses), acks="all", linger_ms=50) as producer:
            for batch in (signals[:5], signals[5:6], signals[6:]):
                values = [signal.model_dump_json().encode() for signal in batch]
                sent = await asyncio.gather(*(producer.send_and_wait(SIGNALS.name, value) for value in values))
                ends = await end_offsets(kafka, [FULL, EMPTY])
                assert ends == {FULL: max(record.offset for record in sent) + 1, EMPTY: 0}
        assert {e.model_dump_json() for e in await read_all(kafka, [SIGNALS])} == {
            signal.model_dump_json() for signal in signals
        }
    assert await end_offsets(kafka, []) == {}


@pytest.mark.parametrize(("lost", "end"), [([3, 4, 5], 3), ([2], 6)])
async def test_batches_that_the_store_refused_are_not_waited_for(
    tmp_path: Path, lost: list[int], end: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ends_module, "LOOK_MS", 700)
    async with stack_for(Settings(data=tmp_path)) as stack:
        kafka, addresses = stack.settings.kafka, stack.settings.kafka.addresses or ()
        await create_topics(kafka, 1)
        async with AIOKafkaProducer(bootstrap_servers=list(addresses), acks="all") as producer:
            for number in range(6):
                value = make_signal(f"trend {number}").model_dump_json().encode()
                await producer.send_and_wait(SIGNALS.name, value)
        log = stack.settings.store.model_copy(update={"bucket": broker_bucket(stack.settings.store)})
        async with MinioStore(log) as store:
            batches = [
                key async for key in store.keys("clusters/") if f"/{SIGNALS.name}/" in key and "/records/" in key
            ]
            assert len(batches) == 6
            for number in lost:
                await store.delete(batches[number])
        assert await end_offsets(kafka, [FULL]) == {FULL: end}
        assert len(await read_all(kafka, [SIGNALS])) == 6 - len(lost)
