"""What was delivered of each partition: what may be committed, what reached no handler, and what was left out."""

from __future__ import annotations

from collections import Counter, defaultdict, deque
from typing import Final, Generic, TypeVar

IDLE_SECONDS: Final = 10.0
"""An idle worker takes what is waiting at once; what waits for longer has been lost."""
HOLES: Final = 3
"""A killed broker leaves one now and then; a topic that is compacted or written in transactions is full of them."""

Partition = TypeVar("Partition")


class OffsetTracker:
    """Which offset of one partition may be committed: the first whose work is not finished.

    faust-streaming 0.15.3 takes runs of acknowledged offsets instead, and with several messages in flight it commits
    past unfinished ones (its issue 606). Here each delivered offset is remembered until its handler reports that the
    work is done; an offset that was never delivered (compacted, a transaction marker) holds nothing up.
    """

    def __init__(self) -> None:
        self._delivered: deque[int] = deque()
        self._finished: set[int] = set()
        self._frontier: int | None = None

    def deliver(self, offset: int) -> None:
        """`offset` was handed to a handler. One that is not above the last is a repeat after a seek: see `reset`."""
        if self._delivered and offset <= self._delivered[-1]:
            self.reset()
        self._delivered.append(offset)

    def finish(self, offset: int) -> None:
        """The work of `offset` is done. Unknown offsets, of an earlier assignment, are ignored."""
        if self._delivered and self._delivered[0] <= offset <= self._delivered[-1]:
            self._finished.add(offset)
            self._advance()

    def _advance(self) -> None:
        while self._delivered and self._delivered[0] in self._finished:
            offset = self._delivered.popleft()
            self._finished.discard(offset)
            self._frontier = offset + 1

    def reset(self) -> None:
        """Forget all: the partition is read again from its committed offset."""
        self._delivered.clear()
        self._finished.clear()
        self._frontier = None

    @property
    def committable(self) -> int | None:
        """The offset to commit (that of the next message to read), or None where nothing new is finished."""
        return self._frontier

    @property
    def lowest_unfinished(self) -> int | None:
        """The lowest delivered offset whose work is not done."""
        return self._delivered[0] if self._delivered else None

    @property
    def in_flight(self) -> int:
        """Delivered offsets whose work is not done."""
        return len(self._delivered) - len(self._finished)


class Continuity(Generic[Partition]):
    """Whether the messages of a partition come one after the other, from where it was to be read on.

    Around a rebalance faust 0.15.3 drops messages that its consumer had fetched: the loop over a batch breaks off, or
    the hand-over of a message is cancelled, and reading goes on behind it. If a later message is finished before the
    partition is read again, it is committed, and what was dropped is never handled. So a message that comes too early
    is not admitted: the partition is read again from where the sequence broke.

    Not every gap is a loss. Compaction, transaction markers and retention leave holes; a reader that finds a hole empty
    reports it with `go_on`. After `HOLES` of them further ones pass, until the partition is read from a given offset.
    """

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
        """The partitions whose sequence broke, and the offset that should have come."""
        return dict(self._broken)

    def go_on(self, partition: Partition, offset: int) -> None:
        """The first message from where the sequence broke is at `offset`: it is read again from there."""
        if offset > self._broken.get(partition, offset):
            self._holes[partition] += 1
        self.expect(partition, offset)

    def forget(self, partition: Partition) -> None:
        """The partition went to another member."""
        self._next.pop(partition, None)
        self._broken.pop(partition, None)
        self._holes.pop(partition, None)
        self._fresh.discard(partition)


class Strays(Generic[Partition]):
    """Messages that were delivered and never reached a handler. Times are in seconds of any steady clock.

    When a group rebalances, faust 0.15.3 cancels its agents and empties their queues. A message that is handed over in
    between is lost to all of them, and its partition commits nothing more until it is read again from there.
    """

    def __init__(self) -> None:
        self._waiting: defaultdict[Partition, dict[int, float]] = defaultdict(dict)
        self._latest_started: dict[Partition, int] = {}
        self._in_flight = 0

    def deliver(self, partition: Partition, offset: int, at: float) -> None:
        """A message was handed over to a stream."""
        self._waiting[partition][offset] = at

    def start(self, partition: Partition, offset: int) -> None:
        """A handler took a message."""
        self._waiting[partition].pop(offset, None)
        self._latest_started[partition] = max(offset, self._latest_started.get(partition, offset))
        self._in_flight += 1

    def end(self) -> None:
        """A handler is done with a message, or was cancelled over it."""
        self._in_flight -= 1

    def forget(self, partition: Partition) -> None:
        """The partition is read again, or went to another member."""
        self._waiting.pop(partition, None)
        self._latest_started.pop(partition, None)

    def lost(self, now: float) -> list[Partition]:
        """The partitions with a stray.

        A stream is first in, first out: what waits while a later message of its partition was taken is lost, and
        so is what waits for long while no handler has a message.
        """
        return [
            partition
            for partition, waiting in self._waiting.items()
            if waiting and self._is_lost(partition, next(iter(waiting.items())), now)
        ]

    def _is_lost(self, partition: Partition, first: tuple[int, float], now: float) -> bool:
        offset, at = first
        overtaken = self._latest_started.get(partition, offset) > offset
        return overtaken or (self._in_flight == 0 and now - at > IDLE_SECONDS)
