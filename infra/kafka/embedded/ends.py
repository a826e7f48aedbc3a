"""The end offsets of partitions: where what can be read of them ends.

The embedded broker (Tansu 0.6.0) is wrong about them when asked outright: its ListOffsets answer is the *first* offset
of the last batch plus one, and with its log in an object store one that it remembers from some time ago. A table
that is recovered up to there misses its latest changes. The high watermark in its fetch answers is right but for one
case: a batch that the object store refused (a full disk) is counted in it all the same, and whoever waits for that
batch waits for ever. So the last message is read too; what is not there at several long looks (`LOOKS`) is lost.
On Apache Kafka all agree, and this costs two fetches.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager, suppress
from typing import Any, Final

import structlog
from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import KafkaError

from infra.kafka.bus import MAX_MESSAGE_BYTES
from infra.kafka.security import Brokers, client_options, where
from schemas.errors import BusUnavailable

FETCH_MS: Final = 50
"""How long the broker may hold back an empty answer, which is what a fetch at the end gets."""
LOOK_MS: Final = 5000
"""The same where something should be there: the embedded broker also answers empty when it is late."""
LIMIT_SECONDS: Final = 120.0
LOOKS: Final = 3
"""How often in a row the answer has to be empty before what should be there counts as lost."""
FURTHER_BACK: Final = 8
"""By how much each look for the last message begins earlier than the one before."""

log = structlog.get_logger()


async def end_offsets(brokers: Brokers, partitions: Collection[TopicPartition]) -> dict[TopicPartition, int]:
    """The offset behind the last message of each of `partitions`. Raises `BusUnavailable`."""
    if not partitions:
        return {}
    try:
        async with asyncio.timeout(LIMIT_SECONDS):
            async with _consumer(brokers, FETCH_MS) as consumer:
                begins = await consumer.beginning_offsets(list(partitions))
                ends = await _high_watermarks(consumer, partitions)
            filled = {partition for partition in partitions if ends[partition] > begins[partition]}
            if not filled:
                return ends
            async with _consumer(brokers, LOOK_MS) as consumer:
                seen = await _bulk_look(consumer, {partition: ends[partition] - 1 for partition in filled})
                for partition in filled - seen:
                    ends[partition] = await _readable_end(consumer, partition, begins[partition], ends[partition])
            return ends
    except (KafkaError, OSError) as error:  # a time-out is an OSError too
        problem = f"the broker at {where(brokers)} does not tell where its partitions end: {error!r}"
        raise BusUnavailable(problem) from error


async def first_offset(brokers: Brokers, partition: TopicPartition, start: int) -> int:
    """The offset of the first message of `partition` at or behind `start`, where there is one to be read.

    Raises `BusUnavailable`, also where nothing comes within `LIMIT_SECONDS`.
    """
    try:
        async with asyncio.timeout(LIMIT_SECONDS), _consumer(brokers, LOOK_MS, "earliest") as consumer:
            _begin_at(consumer, {partition: start})
            while not (records := await consumer.getmany(timeout_ms=LOOK_MS)):
                pass
            return int(records[partition][0].offset)
    except (KafkaError, OSError) as error:
        problem = f"the broker at {where(brokers)} does not give {partition} from {start} on: {error!r}"
        raise BusUnavailable(problem) from error


@asynccontextmanager
async def _consumer(brokers: Brokers, wait_ms: int, reset: str = "latest") -> AsyncIterator[Any]:
    consumer = AIOKafkaConsumer(
        **client_options(brokers),
        group_id=None,
        enable_auto_commit=False,
        auto_offset_reset=reset,
        fetch_max_wait_ms=wait_ms,
        max_partition_fetch_bytes=MAX_MESSAGE_BYTES,
    )
    try:
        await consumer.start()
        yield consumer
    finally:
        await consumer.stop()


async def _high_watermarks(consumer: Any, partitions: Collection[TopicPartition]) -> dict[TopicPartition, int]:
    told = await consumer.end_offsets(list(partitions))
    _begin_at(consumer, told)
    while any(consumer.highwater(partition) is None for partition in partitions):
        await consumer.getmany(timeout_ms=FETCH_MS)
    return {partition: int(consumer.highwater(partition)) for partition in partitions}


async def _bulk_look(consumer: Any, starts: dict[TopicPartition, int]) -> set[TopicPartition]:
    """The partitions that have a message at or behind their start: all of them but in a rare case, and at once."""
    _begin_at(consumer, starts)
    seen: set[TopicPartition] = set()
    with suppress(TimeoutError):
        async with asyncio.timeout(LOOK_MS / 1000):
            while len(seen) < len(starts):
                seen |= (await consumer.getmany(timeout_ms=FETCH_MS)).keys()
    return seen


async def _readable_end(consumer: Any, partition: TopicPartition, begin: int, end: int) -> int:
    """Where `partition` ends, though its high watermark says `end`: behind the last message that can be read."""
    back, last = 1, None
    while last is None and end - back // FURTHER_BACK > begin:
        last = await _last_from(consumer, partition, max(begin, end - back))
        back *= FURTHER_BACK
    found = begin
    while last is not None:
        found = last + 1
        last = await _last_from(consumer, partition, found) if found < end else None
    if found < end:
        log.warning("messages are lost in the broker's log", partition=str(partition), first=found, end=end)
    return min(found, end)


async def _last_from(consumer: Any, partition: TopicPartition, start: int) -> int | None:
    """The last offset of the broker's answer to a fetch from `start`; None where it is empty again and again."""
    for _ in range(LOOKS):
        _begin_at(consumer, {partition: start})
        while consumer.highwater(partition) is None:  # a fresh assignment knows none until the answer is there
            records = await consumer.getmany(timeout_ms=FETCH_MS)
            if records:
                return int(records[partition][-1].offset)
        records = await consumer.getmany(timeout_ms=FETCH_MS)
        if records:
            return int(records[partition][-1].offset)
    return None


def _begin_at(consumer: Any, starts: dict[TopicPartition, int]) -> None:
    consumer.assign(list(starts))
    for partition, offset in starts.items():
        consumer.seek(partition, offset)
