"""The end offsets of partitions, as a fetch tells them.

The embedded broker (Tansu 0.6.0) is wrong about them when asked outright: its ListOffsets answer is the *first* offset
of the last batch plus one, and with its log in an object store one that it remembers from some time ago. A table
that is recovered up to there misses its latest changes. The high watermark in its fetch answers is right. On
Apache Kafka both agree, and this costs one fetch more.
"""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from typing import Any, Final

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import KafkaError

from infra.kafka.security import Brokers, client_options, where
from schemas.errors import BusUnavailable

FETCH_MS: Final = 50
"""How long the broker may hold back an empty answer, which is what a fetch at the end gets."""
LIMIT_SECONDS: Final = 30.0


async def end_offsets(brokers: Brokers, partitions: Collection[TopicPartition]) -> dict[TopicPartition, int]:
    """The offset that the next message of each of `partitions` will have. Raises `BusUnavailable`."""
    if not partitions:
        return {}
    consumer = AIOKafkaConsumer(
        **client_options(brokers), group_id=None, enable_auto_commit=False, fetch_max_wait_ms=FETCH_MS
    )
    try:
        await consumer.start()
        async with asyncio.timeout(LIMIT_SECONDS):
            return await _fetched_ends(consumer, partitions)
    except (KafkaError, OSError) as error:  # a time-out is an OSError too
        problem = f"the broker at {where(brokers)} does not tell where its partitions end: {error!r}"
        raise BusUnavailable(problem) from error
    finally:
        await consumer.stop()


async def _fetched_ends(consumer: Any, partitions: Collection[TopicPartition]) -> dict[TopicPartition, int]:
    told = await consumer.end_offsets(partitions)
    consumer.assign(list(partitions))
    for partition, offset in told.items():
        consumer.seek(partition, offset)
    while any(consumer.highwater(partition) is None for partition in partitions):
        await consumer.getmany(timeout_ms=FETCH_MS)
    return {partition: consumer.highwater(partition) for partition in partitions}
