"""Waits for messages: all that arrive on a topic from now on."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any

from aiokafka import AIOKafkaConsumer, TopicPartition

from infra.kafka.bus import MAX_MESSAGE_BYTES
from schemas.topics import Topic


class Watch:
    """The messages of some topics since the watch began. They are not decoded, to leave the cores to the workers."""

    def __init__(self, consumer: Any) -> None:
        self._consumer = consumer

    async def take(self, count: int, seconds: float, wanted: Callable[[Any], bool] = lambda _: True) -> list[Any]:
        """The next `count` records for which `wanted` holds. Raises `TimeoutError` after `seconds`."""
        found: list[Any] = []
        try:
            async with asyncio.timeout(seconds):
                while len(found) < count:
                    batches = await self._consumer.getmany(timeout_ms=200)
                    found += [record for batch in batches.values() for record in batch if wanted(record)]
        except TimeoutError:
            raise TimeoutError(f"{len(found)} of {count} messages arrived in {seconds:g} s") from None
        return found

    async def rewind(self) -> None:
        """Start again from the beginning of the topics."""
        await self._consumer.seek_to_beginning()


@asynccontextmanager
async def watching(addresses: Sequence[str], *topics: Topic) -> AsyncIterator[Watch]:
    """A watch on every partition of `topics`, from their current ends."""
    consumer = AIOKafkaConsumer(
        bootstrap_servers=list(addresses), group_id=None, max_partition_fetch_bytes=MAX_MESSAGE_BYTES
    )
    await consumer.start()
    try:
        await consumer.topics()
        partitions = [
            TopicPartition(t.name, number) for t in topics for number in consumer.partitions_for_topic(t.name)
        ]
        consumer.assign(partitions)
        await consumer.seek_to_end(*partitions)
        yield Watch(consumer)
    finally:
        await consumer.stop()
