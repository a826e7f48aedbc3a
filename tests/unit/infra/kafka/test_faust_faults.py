"""The offset faults of faust-streaming 0.15.3 with messages in flight, and that the tracker has none of them.

Each case is run through faust's own bookkeeping first. Where that no longer commits past unfinished work, the
fault is fixed upstream and the case says so by failing: then see whether Brushfire's consumer is still needed.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

import pytest
from faust.transport.consumer import Consumer
from faust.types import TP
from intervaltree import IntervalTree

from infra.kafka.deliveries import OffsetTracker

PARTITION = TP("jobs", 0)


@dataclass(frozen=True)
class Case:
    """`delivered` offsets, of which `done` are finished, after `committed` was committed."""

    committed: int | None
    delivered: tuple[int, ...]
    done: tuple[int, ...]
    gap: tuple[int, int] | None = None

    @property
    def lowest_unfinished(self) -> int:
        return min(set(self.delivered) - set(self.done))


CASES = {
    "one head in flight": Case(37, (37, 38, 39, 40), (38, 39, 40)),
    "two heads in flight": Case(37, (37, 38, 39, 40), (39, 40)),
    "a fresh group": Case(None, (0, 1, 2, 3, 4, 5, 6), (5, 6)),
    "committed offset zero": Case(0, (0, 1, 2, 3, 4, 5, 6), (5, 6)),
    "a compaction gap": Case(5, (5, 6, 7, 8, 10, 11), (5, 6, 7, 8, 11), gap=(9, 10)),
}
FIXED_UPSTREAM = {"two heads in flight"}
"""Faust holds back here; the case stays to show that Brushfire does too."""


class Books:
    """As much of faust's consumer as its offset bookkeeping touches."""

    _new_offset: Any = Consumer._new_offset
    _should_commit: Any = Consumer._should_commit
    _add_gap: Any = Consumer._add_gap

    def __init__(self, case: Case) -> None:
        self._gap = defaultdict(IntervalTree)
        self._acked = defaultdict(list, {PARTITION: list(case.done)})
        self._acked_index = defaultdict(set, {PARTITION: set(case.done)})
        self._committed_offset: defaultdict[TP, int | None] = defaultdict(lambda: None)
        if case.committed is not None:
            self._committed_offset[PARTITION] = case.committed


@pytest.mark.parametrize("name", sorted(CASES.keys() - FIXED_UPSTREAM))
async def test_faust_commits_past_unfinished_work(name: str) -> None:
    case = CASES[name]
    books = Books(case)
    if case.gap is not None:
        await books._add_gap(PARTITION, *case.gap)
    offset = books._new_offset(PARTITION)
    assert offset is not None
    assert offset > case.lowest_unfinished
    assert books._should_commit(PARTITION, offset)


@pytest.mark.parametrize("name", CASES)
def test_the_tracker_does_not(name: str) -> None:
    case = CASES[name]
    tracker = OffsetTracker()
    for offset in case.delivered:
        tracker.deliver(offset)
    for offset in case.done:
        tracker.finish(offset)
    assert tracker.lowest_unfinished == case.lowest_unfinished
    assert tracker.committable is None or tracker.committable <= case.lowest_unfinished
