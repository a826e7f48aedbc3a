"""The consumer around a rebalance."""

from __future__ import annotations

from collections import defaultdict
from types import SimpleNamespace
from typing import Any

import pytest
from aiokafka import TopicPartition
from faust.types import TP

from infra.kafka.consumer import SETTLED_MS, OffsetSafeConsumer
from infra.kafka.deliveries import Continuity, OffsetTracker, Strays

FRESH, ZERO, ADVANCED, CHANGELOG = TP("jobs", 0), TP("jobs", 1), TP("jobs", 2), TP("boards-changelog", 0)


class Thread:
    """The consumer thread of faust, as far as a seek needs one."""

    def __init__(self) -> None:
        self.rewound: set[TP] = set()
        self.waits_ms: list[int] = []

    def assignment(self) -> set[TP]:
        return {FRESH, ZERO, ADVANCED, CHANGELOG}

    async def seek_to_committed(self) -> dict[TP, int | None]:
        return {FRESH: None, ZERO: 0, ADVANCED: 7, CHANGELOG: None}

    async def seek_to_beginning(self, *partitions: TopicPartition) -> None:
        assert all(isinstance(partition, TopicPartition) for partition in partitions), "aiokafka takes no other"
        self.rewound |= {TP(*partition) for partition in partitions}

    def wait_for_messages(self, milliseconds: int) -> None:
        self.waits_ms.append(milliseconds)


def consumer() -> Any:
    made: Any = object.__new__(OffsetSafeConsumer)
    made.app = SimpleNamespace(topics=SimpleNamespace(acks_enabled_for=lambda topic: not topic.endswith("changelog")))
    made.trackers = defaultdict(OffsetTracker)
    made._read_offset = defaultdict(lambda: None)
    made._committed_offset = defaultdict(lambda: None)
    made._thread = Thread()
    made._strays = Strays()
    made._continuity = Continuity()
    return made


class _Handed:
    """Takes messages, and plays the broker that still has them all."""

    def __init__(self, handled: list[int]) -> None:
        self._handled = handled
        self.sought: list[tuple[TP, int]] = []

    async def __call__(self, message: Any) -> None:
        self._handled.append(message.offset)

    async def first(self, _: Any, __: TopicPartition, start: int) -> int:
        return start

    async def seek(self, partition: TP, offset: int) -> None:
        self.sought.append((partition, offset))


def message(partition: TP, offset: int) -> Any:
    return SimpleNamespace(tp=partition, topic=partition.topic, offset=offset)


async def test_what_was_read_before_the_first_commit_is_read_again_after_a_rebalance() -> None:
    made = consumer()
    made.trackers[FRESH].deliver(0)
    await made.perform_seek()
    assert made._thread.rewound == {FRESH, ZERO}
    assert made._thread.waits_ms == [SETTLED_MS], "fetches wait again once the partitions are settled"
    assert made.trackers[FRESH].in_flight == 0
    assert made._read_offset[ADVANCED] == 7


async def test_late_finishes_of_an_earlier_assignment_commit_nothing() -> None:
    made = consumer()
    made.trackers[FRESH].deliver(0)
    await made.perform_seek()
    made.finish(FRESH, 0)
    assert made.trackers[FRESH].committable is None


async def test_what_a_rebalance_dropped_is_not_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    """The row breaks behind the committed offset: later messages wait, and what was dropped is read again."""
    made, handled = consumer(), []
    made._hand_over = hand_over = _Handed(handled)
    await made.perform_seek()
    await made._deliver(message(ADVANCED, 9))
    assert handled == []
    monkeypatch.setattr("infra.kafka.consumer.first_offset", hand_over.first)
    monkeypatch.setattr(OffsetSafeConsumer, "_brokers", None)
    monkeypatch.setattr(OffsetSafeConsumer, "assignment", lambda _: {ADVANCED})
    monkeypatch.setattr(OffsetSafeConsumer, "seek", hand_over.seek)
    await made.fetch_dropped()
    assert hand_over.sought == [(ADVANCED, 7)]
    for offset in (7, 8, 9):
        await made._deliver(message(ADVANCED, offset))
        made.finish(ADVANCED, offset)
    assert handled == [7, 8, 9]
    assert made.trackers[ADVANCED].committable == 10
