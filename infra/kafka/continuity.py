"""Whether messages of a partition come one after the other, from where it was to be read on.

Around a rebalance faust 0.15.3 drops messages that its consumer had fetched: the loop over a batch breaks off, or the
hand-over of a message is cancelled, and reading goes on behind it. If a later message is finished before anyone
seeks back, it is committed, and what was dropped is never handled. So what comes too early is not let in: the
partition is read again from where the row broke.

Not every gap is a loss. Compaction, transaction markers and retention leave holes; who finds that a hole is empty says
so with `go_on`. After `HOLES` of them further ones are let pass, until the partition is read from a given offset anew.
"""

from __future__ import annotations

from collections import Counter
from typing import Final, Generic, TypeVar

Partition = TypeVar("Partition")


HOLES: Final = 3
"""A killed broker leaves one now and then; a topic that is compacted or written in transactions is full of them."""


class Continuity(Generic[Partition]):
    """The next offset of each partition, and where a row broke."""

    def __init__(self) -> None:
        self._next: dict[Partition, int] = {}
        self._broken: dict[Partition, int] = {}
        self._holes: Counter[Partition] = Counter()
        self._fresh: set[Partition] = set()

    def expect(self, partition: Partition, offset: int) -> None:
        """Reading goes on from `offset`, after an assignment or a seek."""
        self._next[partition] = offset
        self._broken.pop(partition, None)
        self._fresh.add(partition)

    def admits(self, partition: Partition, offset: int) -> bool:
        """Whether the message at `offset` may be handled now. A repeat may; what comes too early may not."""
        if partition in self._broken:
            return False
        expected = self._next.get(partition, offset)
        passes_holes = self._holes[partition] >= HOLES and partition not in self._fresh
        if offset > expected and not passes_holes:
            self._broken[partition] = expected
            return False
        self._next[partition] = offset + 1
        self._fresh.discard(partition)
        return True

    def broken(self) -> dict[Partition, int]:
        """The partitions whose row broke, and the offset that should have come."""
        return dict(self._broken)

    def go_on(self, partition: Partition, offset: int) -> None:
        """The first message from where the row broke is at `offset`: it is read again from there."""
        if offset > self._broken.get(partition, offset):
            self._holes[partition] += 1
        self.expect(partition, offset)

    def forget(self, partition: Partition) -> None:
        """The partition went to another member."""
        self._next.pop(partition, None)
        self._broken.pop(partition, None)
        self._holes.pop(partition, None)
        self._fresh.discard(partition)
