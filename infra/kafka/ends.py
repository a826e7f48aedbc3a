"""Where partitions begin and end, asked outside any consumer group."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from functools import partial
from typing import Any, Final

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import KafkaError

from infra.kafka.bus import MAX_LETTER_BYTES
from infra.kafka.embedded.reading import LOOK_MS, readable_ends
from infra.kafka.security import Brokers, client_options, is_embedded, where
from schemas.errors import BusUnavailable

LIMIT_SECONDS: Final = 120.0
FETCH_MS: Final = 500
"""How long a broker may hold back an empty answer: aiokafka's own default."""


async def end_offsets(brokers: Brokers, partitions: Collection[TopicPartition]) -> dict[TopicPartition, int]:
    """The offset behind the last message of each of `partitions`. Raises `BusUnavailable`."""
    if not partitions:
        return {}
    async with _limited(brokers, "does not report where its partitions end"):
        if is_embedded(brokers):
            return await readable_ends(partial(lone_consumer, brokers), partitions)
        async with lone_consumer(brokers) as consumer:
            return dict(await consumer.end_offsets(list(partitions)))


async def first_offset(brokers: Brokers, partition: TopicPartition, start: int) -> int:
    """The offset of the first message of `partition` at or behind `start`. Waits until there is one.

    Raises `BusUnavailable`, also where none comes within `LIMIT_SECONDS`.
    """
    problem = f"does not deliver {partition} from {start} on"
    async with _limited(brokers, problem), lone_consumer(brokers, LOOK_MS, reset="earliest") as consumer:
        consumer.assign([partition])
        consumer.seek(partition, start)
        while not (records := await consumer.getmany(timeout_ms=LOOK_MS)):
            pass
        return int(records[partition][0].offset)


@asynccontextmanager
async def lone_consumer(brokers: Brokers, wait_ms: int = FETCH_MS, *, reset: str = "latest") -> AsyncIterator[Any]:
    """A started consumer of no group. `wait_ms`: how long the broker may hold back an empty answer."""
    consumer = AIOKafkaConsumer(
        **client_options(brokers),
        group_id=None,
        enable_auto_commit=False,
        auto_offset_reset=reset,
        fetch_max_wait_ms=wait_ms,
        max_partition_fetch_bytes=MAX_LETTER_BYTES,
    )
    try:
        await consumer.start()
        yield consumer
    finally:
        await consumer.stop()


@asynccontextmanager
async def _limited(brokers: Brokers, problem: str) -> AsyncIterator[None]:
    """At most `LIMIT_SECONDS` for the body; what fails in it is a `BusUnavailable` with `problem`."""
    try:
        async with asyncio.timeout(LIMIT_SECONDS):
            yield
    except (KafkaError, OSError) as error:  # a time-out is an OSError too
        raise BusUnavailable(f"the broker at {where(brokers)} {problem}: {error!r}") from error
