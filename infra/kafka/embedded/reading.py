"""Reading from the embedded broker (Tansu 0.6.0): where partitions end, and messages that come late.

**Ends.** It answers wrongly when asked for them: its ListOffsets answer is the *first* offset of
the last batch plus one, and with its log in an object store one that it remembers from some time ago. A table that is
recovered up to there misses its latest changes. The high watermark in its fetch answers is right but for one case: a
batch that the object store refused (a full disk) is counted in it all the same, and a reader that waits for that batch
waits for ever. So the last message is read too; what is not there at several long looks (`LOOKS`) is lost.

**Gaps.** It lets a message be read as soon as it is stored. Of two that are sent at once the smaller one may be stored
first; a consumer then reads it, goes on behind it, and never sees the larger one before it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, suppress
from typing import Any, Final

import structlog
from aiokafka import TopicPartition

from infra.kafka.deliveries import Continuity

FETCH_MS: Final = 50
"""How long the broker may hold back an empty answer, which is what a fetch at the end gets."""
LOOK_MS: Final = 5000
"""The same where something should be there: the embedded broker also answers empty when it is late."""
LOOKS: Final = 3
"""How often in a row the answer has to be empty before what should be there counts as lost."""
FURTHER_BACK: Final = 8
"""By how much each look for the last message begins earlier than the one before."""

GAP_SECONDS: Final = 5.0
"""How long a gap may take to be filled: storing 8 MB takes a second; a batch that a full disk refused never comes."""

log = structlog.get_logger()

OpenConsumer = Callable[[int], AbstractAsyncContextManager[Any]]
"""Opens a consumer of no group.

Args: the milliseconds for which the broker may hold back an empty answer to a fetch. Returns: a context manager of the
started consumer.
"""


async def readable_ends(
    open_consumer: OpenConsumer, partitions: Collection[TopicPartition]
) -> dict[TopicPartition, int]:
    """The offset behind the last message of each of `partitions`. Raises aiokafka's errors."""
    async with open_consumer(FETCH_MS) as consumer:
        begins = await consumer.beginning_offsets(list(partitions))
        ends = await _high_watermarks(consumer, partitions)
    filled = {partition for partition in partitions if ends[partition] > begins[partition]}
    if not filled:
        return ends
    async with open_consumer(LOOK_MS) as consumer:
        seen = await _bulk_look(consumer, {partition: ends[partition] - 1 for partition in filled})
        for partition in filled - seen:
            ends[partition] = await _readable_end(consumer, partition, begins[partition], ends[partition])
    return ends


async def _high_watermarks(consumer: Any, partitions: Collection[TopicPartition]) -> dict[TopicPartition, int]:
    answered = await consumer.end_offsets(list(partitions))
    _begin_at(consumer, answered)
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


class WithoutGaps:
    """The records of polls in the order of their offsets: behind a gap none, while the gap may still be filled.

    Not for compacted topics, which have gaps by nature; no topic of the catalogue is one.
    """

    def __init__(self, seek: Callable[[TopicPartition, int], None]) -> None:
        self._seek = seek
        self._continuity: Continuity[TopicPartition] = Continuity()
        self._gap_since: dict[TopicPartition, float] = {}

    def of(self, batches: Mapping[TopicPartition, Sequence[Any]], now: float) -> list[Any]:
        """The records of `batches` up to each partition's first gap, from where it is read again. `now`: seconds."""
        return [record for place, records in batches.items() for record in self._until_gap(place, records, now)]

    def _until_gap(self, place: TopicPartition, records: Sequence[Any], now: float) -> list[Any]:
        for number, record in enumerate(records):
            if self._continuity.admits(place, record.offset) or self._passed(place, record.offset, now):
                self._gap_since.pop(place, None)
                continue
            self._read_again(place)
            return list(records[:number])
        return list(records)

    def _passed(self, place: TopicPartition, offset: int, now: float) -> bool:
        """Whether the gap before `offset` was given its time: then reading goes on behind it."""
        if now - self._gap_since.setdefault(place, now) < GAP_SECONDS:
            return False
        self._continuity.go_on(place, offset)
        return self._continuity.admits(place, offset)

    def _read_again(self, place: TopicPartition) -> None:
        expected = self._continuity.broken()[place]
        self._continuity.expect(place, expected)
        self._seek(place, expected)
