from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from aiokafka import TopicPartition

from infra.kafka.embedded.reading import GAP_SECONDS, WithoutGaps
from schemas.topics import CATALOGUE, DEAD_LETTERS

PLACE = TopicPartition(DEAD_LETTERS.name, 0)


@dataclass(frozen=True)
class Record:
    offset: int


class Reading:
    def __init__(self, place: TopicPartition = PLACE) -> None:
        self.sought: list[tuple[TopicPartition, int]] = []
        self.place = place
        self._records = WithoutGaps(lambda where, offset: self.sought.append((where, offset)))

    def poll(self, offsets: Sequence[int], now: float) -> list[int]:
        return [record.offset for record in self._records.of({self.place: [Record(o) for o in offsets]}, now)]


def test_what_follows_a_gap_waits_until_the_gap_is_filled() -> None:
    reading = Reading()
    assert reading.poll([4, 5], 0.0) == [4, 5]
    assert reading.poll([6, 9, 10], 1.0) == [6]
    assert reading.sought == [(PLACE, 7)]
    assert reading.poll([7, 8, 9, 10], 2.0) == [7, 8, 9, 10]
    assert reading.poll([12], 2.0 + GAP_SECONDS) == []  # a gap of its own, with a time of its own


def test_a_gap_that_nothing_fills_is_passed() -> None:
    reading = Reading()
    assert reading.poll([0], 0.0) == [0]
    assert reading.poll([3], 1.0) == []
    assert reading.poll([3], 1.0 + GAP_SECONDS / 2) == []
    assert reading.poll([3, 4], 1.0 + GAP_SECONDS) == [3, 4]
    assert reading.sought == [(PLACE, 1)] * 2


def test_a_partition_may_begin_anywhere_and_be_read_again() -> None:
    reading = Reading()
    assert reading.poll([100, 101], 0.0) == [100, 101]
    assert reading.poll([101, 102], 0.0) == [101, 102]
    assert reading.sought == []


def test_no_topic_of_the_catalogue_is_compacted() -> None:
    assert not any(topic.compacted for topic in CATALOGUE)
