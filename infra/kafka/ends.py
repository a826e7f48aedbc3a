"""The end offsets of partitions: where what can be read of them ends.

The embedded broker (Tansu 0.6.0) is wrong about them when asked outright: its ListOffsets answer is the *first* offset
of the last batch plus one, and with its log in an object store one that it remembers from some time ago. A table
that is recovered up to there misses its latest changes. The high watermark in its fetch answers is right but for one
case: a batch that the object store refused (a full disk) is counted in it all the same, and whoever waits for that
batch waits for ever. So the last message is read too. On Apache Kafka all three agree, and this costs two fetches.
"""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from typing import Any, Final

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import KafkaError

from infra.kafka.bus import MAX_MESSAGE_BYTES
from infra.kafka.security import Brokers, client_options, where
from schemas.errors import BusUnavailable

FETCH_MS: Final = 50
"""How long the broker may hold back an empty answer, which is what a fetch at the end gets."""
LIMIT_SECONDS: Final = 30.0
FURTHER_BACK: Final = 8
"""By how much each look for the last message begins earlier than the one before."""


async def end_offsets(brokers: Brokers, partitions: Collection[TopicPartition]) -> dict[TopicPartition, int]:
    """The offset behind the last message of each of `partitions`. Raises `BusUnavailable`."""
    if not partitions:
        return {}
    consumer = AIOKafkaConsumer(
        **client_options(brokers),
        group_id=None,
        enable_auto_commit=False,
        fetch_max_wait_ms=FETCH_MS,
        max_partition_fetch_bytes=MAX_MESSAGE_BYTES,
    )
    try:
        await consumer.start()
        async with asyncio.timeout(LIMIT_SECONDS):
            return await _readable_ends(consumer, partitions)
    except (KafkaError, OSError) as error:  # a time-out is an OSError too
        problem = f"the broker at {where(brokers)} does not tell where its partitions end: {error!r}"
        raise BusUnavailable(problem) from error
    finally:
        await consumer.stop()


async def _readable_ends(consumer: Any, partitions: Collection[TopicPartition]) -> dict[TopicPartition, int]:
    begins = await consumer.beginning_offsets(list(partitions))
    told = await consumer.end_offsets(list(partitions))
    await _fetch(consumer, told)
    ends = {partition: int(consumer.highwater(partition)) for partition in partitions}
    found: dict[TopicPartition, int] = {}
    back = 1
    while open_ones := ends.keys() - found.keys():
        starts = {partition: max(begins[partition], ends[partition] - back) for partition in open_ones}
        for partition, last in (await _fetch(consumer, starts)).items():
            if last is not None:
                found[partition] = await _end_behind(consumer, partition, last + 1, ends[partition])
            elif starts[partition] <= begins[partition]:
                found[partition] = begins[partition]
        back *= FURTHER_BACK
    return found


async def _end_behind(consumer: Any, partition: TopicPartition, offset: int, end: int) -> int:
    """Where `partition` ends, at `offset` or behind; nothing stands from `end` on."""
    while offset < end:
        last = (await _fetch(consumer, {partition: offset}))[partition]
        if last is None:
            break
        offset = last + 1
    return offset


async def _fetch(consumer: Any, starts: dict[TopicPartition, int]) -> dict[TopicPartition, int | None]:
    """The last offset in the broker's answer to a fetch from each of `starts`; None where the answer was empty.

    A fresh assignment knows no high watermark: that it is there says that the answer is.
    """
    consumer.assign(list(starts))
    for partition, offset in starts.items():
        consumer.seek(partition, offset)
    last: dict[TopicPartition, int | None] = dict.fromkeys(starts)
    while True:
        answered = all(consumer.highwater(partition) is not None for partition in starts)
        records = await consumer.getmany(timeout_ms=0 if answered else FETCH_MS)
        for partition, batch in records.items():
            last[partition] = batch[-1].offset
        if answered and not records:
            return last
