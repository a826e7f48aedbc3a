"""What was not there yet when what comes behind it was read: read again, by consumers outside any group.

The embedded broker lets a message be read as soon as it is stored. Of two that are sent at once the smaller one may be
stored first; a consumer then reads it, goes on behind it, and never sees the larger one before it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from aiokafka import TopicPartition

from infra.kafka.continuity import Continuity

GAP_SECONDS: Final = 5.0
"""How long a gap may take to be filled: storing 8 MB takes a second; a batch that a full disk refused never comes."""


class WithoutGaps:
    """The records of polls in the order of their offsets, as long as a gap may still be filled without what follows it.

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
        """Whether the gap before `offset` has had its time: then reading goes on behind it."""
        if now - self._gap_since.setdefault(place, now) < GAP_SECONDS:
            return False
        self._continuity.go_on(place, offset)
        return self._continuity.admits(place, offset)

    def _read_again(self, place: TopicPartition) -> None:
        expected = self._continuity.broken()[place]
        self._continuity.expect(place, expected)
        self._seek(place, expected)
