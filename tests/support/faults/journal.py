"""Topics as they were written: raw messages with their times, read from the beginning, outside any group."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import chain
from typing import Any

from aiokafka import AIOKafkaConsumer, TopicPartition

from infra.kafka.bus import MAX_LETTER_BYTES
from infra.kafka.ends import end_offsets
from infra.kafka.security import client_options
from infra.settings import KafkaSettings
from schemas.topics import Topic

POLL_MS = 200
LIMIT_SECONDS = 180.0


@dataclass(frozen=True, slots=True)
class Entry:
    """A message; `at` is its timestamp in seconds of the epoch, which its producer set as it sent it."""

    topic: str
    partition: int
    offset: int
    at: float
    key: bytes | None
    value: bytes


async def read_entries(kafka: KafkaSettings, topics: Sequence[Topic]) -> list[Entry]:
    """What `topics` hold now, malformed or not."""
    found: list[Entry] = []
    async with asyncio.timeout(LIMIT_SECONDS), reader(kafka, topics) as consumer:
        ends = await end_offsets(kafka, consumer.assignment())
        while any([await consumer.position(partition) < end for partition, end in ends.items()]):
            found.extend(entries_of(chain(*(await consumer.getmany(timeout_ms=POLL_MS)).values())))
    return found


@asynccontextmanager
async def reader(kafka: KafkaSettings, topics: Iterable[Topic]) -> AsyncIterator[Any]:
    """A consumer at the beginning of every partition of `topics`, which exist."""
    consumer = AIOKafkaConsumer(
        **client_options(kafka),
        group_id=None,
        enable_auto_commit=False,
        auto_offset_reset="earliest",
        max_partition_fetch_bytes=MAX_LETTER_BYTES,
    )
    try:
        await consumer.start()
        consumer.assign(partitions_of(kafka, topics))
        yield consumer
    finally:
        await consumer.stop()


def partitions_of(kafka: KafkaSettings, topics: Iterable[Topic]) -> list[TopicPartition]:
    """Every partition of `topics`."""
    return [TopicPartition(topic.name, number) for topic in topics for number in range(kafka.partitions)]


def entries_of(records: Iterable[Any]) -> list[Entry]:
    """The messages of a poll."""
    return [Entry(r.topic, r.partition, r.offset, r.timestamp / 1000, r.key, r.value or b"") for r in records]
