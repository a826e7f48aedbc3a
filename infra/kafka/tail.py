"""Reading topics from their beginning, outside any consumer group: for progress, reports and listings."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import asynccontextmanager
from itertools import chain
from typing import Any, Final

from aiokafka import TopicPartition
from aiokafka.errors import KafkaError

from infra.decoding import decode_message
from infra.kafka.embedded.reading import WithoutGaps
from infra.kafka.ends import end_offsets, lone_consumer
from infra.kafka.security import Brokers, advice, is_embedded, where
from schemas.base import Event
from schemas.errors import BusUnavailable, MalformedMessage
from schemas.topics import BY_NAME, Topic

POLL_MS: Final = 250
TOPICS_SECONDS: Final = 30.0
"""How long a topic may be missing: a stack that is just starting creates all of them within seconds."""


async def follow(brokers: Brokers, topics: Sequence[Topic]) -> AsyncGenerator[Event | MalformedMessage | None, None]:
    """Every event of `topics` from the beginning, then each new one as it comes; None when none came for a while.

    Raises `BusUnavailable` where no broker answers.
    """
    async with _consumer(brokers, topics) as consumer:
        gaps = WithoutGaps(consumer.seek) if is_embedded(brokers) else None
        while True:
            batches = await consumer.getmany(timeout_ms=POLL_MS, max_records=500)
            for record in gaps.of(batches, time.monotonic()) if gaps else chain(*batches.values()):
                yield _event(record)
            if not batches:
                yield None


async def read_all(brokers: Brokers, topics: Sequence[Topic]) -> list[Event]:
    """The events that `topics` hold now, in the order of their partitions. Malformed messages are left out."""
    found: list[Event] = []
    async with _consumer(brokers, topics) as consumer:
        ends = await end_offsets(brokers, consumer.assignment())
        while any([await consumer.position(partition) < end for partition, end in ends.items()]):
            batches = await consumer.getmany(timeout_ms=POLL_MS)
            events = (_event(record) for records in batches.values() for record in records)
            found.extend(event for event in events if isinstance(event, Event))
    return found


@asynccontextmanager
async def _consumer(brokers: Brokers, topics: Sequence[Topic]) -> AsyncIterator[Any]:
    try:
        async with lone_consumer(brokers, reset="earliest") as consumer:
            await _assign(consumer, topics)
            yield consumer
    except (KafkaError, OSError) as error:
        problem = f"no broker answers at {where(brokers)}: {error}. Check {advice(brokers)}"
        raise BusUnavailable(problem) from error


async def _assign(consumer: Any, topics: Sequence[Topic]) -> None:
    """Take every partition. A topic may be created only a moment from now: ask again until all are there."""
    names = [topic.name for topic in topics]
    partitions: dict[str, set[int] | None] = {}
    try:
        async with asyncio.timeout(TOPICS_SECONDS):
            while not all(partitions.get(name) for name in names):
                await asyncio.sleep(0.1 if partitions else 0.0)
                cluster = await consumer._client.fetch_all_metadata()  # noqa: SLF001 - `topics` keeps only the names
                partitions = {name: cluster.partitions_for_topic(name) for name in names}
    except TimeoutError:
        missing = ", ".join(name for name in names if not partitions.get(name))
        raise BusUnavailable(f"the broker has no topic {missing}: start the workers' stack on it first") from None
    consumer.assign([TopicPartition(name, number) for name in names for number in sorted(partitions[name] or ())])


def _event(record: Any) -> Event | MalformedMessage:
    try:
        return decode_message(BY_NAME[record.topic], record.value)
    except MalformedMessage as error:
        return error
