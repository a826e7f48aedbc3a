"""The catalogue's topics on the real broker."""

from __future__ import annotations

import asyncio

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer

from infra.kafka.admin import create_topics, wait_for_broker
from infra.kafka.app import declare_tables, make_app
from infra.settings import Settings
from schemas.errors import BusUnavailable
from schemas.topics import BRIEFS, CATALOGUE, REVIEWS

pytestmark = pytest.mark.stack


async def test_topics_are_created_once_and_carry_messages(running_stack: Settings) -> None:
    addresses = running_stack.kafka.addresses
    assert addresses
    await create_topics(addresses, 4)
    assert await create_topics(addresses, 4) == ()
    async with AIOKafkaProducer(bootstrap_servers=list(addresses), acks="all") as producer:
        sent = [await producer.send_and_wait(REVIEWS.name, key=b"%d" % n, value=b"v%d" % n) for n in range(20)]
    consumer = AIOKafkaConsumer(REVIEWS.name, bootstrap_servers=list(addresses), auto_offset_reset="earliest")
    async with consumer, asyncio.timeout(20):
        got = [await consumer.getone() for _ in sent]
    assert sorted((record.partition, record.offset) for record in got) == sorted((m.partition, m.offset) for m in sent)
    assert {record.key: record.value for record in got} == {b"%d" % n: b"v%d" % n for n in range(20)}


async def test_another_number_of_partitions_is_refused(running_stack: Settings) -> None:
    assert running_stack.kafka.addresses
    await create_topics(running_stack.kafka.addresses, 4, topics=CATALOGUE)
    with pytest.raises(BusUnavailable, match=rf"kafka\.partitions is 5.*{BRIEFS.name} \(4\)") as caught:
        await create_topics(running_stack.kafka.addresses, 5)
    assert not caught.value.retryable


async def test_a_tables_changes_have_their_topic_before_the_worker_starts(running_stack: Settings) -> None:
    app = make_app("counting", running_stack, 1)
    app.Table("counts", key_type=bytes, value_type=bytes, partitions=running_stack.kafka.partitions)
    for _ in range(2):
        await declare_tables(app, running_stack.kafka)
    with pytest.raises(BusUnavailable, match=r"brushfire-counting-counts-changelog \(4\)"):
        await declare_tables(app, running_stack.kafka.model_copy(update={"partitions": 5}))


async def test_a_broker_that_is_not_there_is_an_error_with_advice() -> None:
    with pytest.raises(BusUnavailable, match=r"127.0.0.1:1 does not answer.*kafka\.addresses"):
        await wait_for_broker(["127.0.0.1:1"], 0.3)
