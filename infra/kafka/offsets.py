"""Which offsets may be committed: everything before the first one whose work is not finished.

faust-streaming 0.15.3 takes runs of acknowledged offsets instead, and with several messages in flight commits
past unfinished ones (its issue 606). Here each delivered offset is remembered until its handler says that
the work is done; an offset that was never delivered (compacted away, a transaction marker) holds nothing up.
"""

from __future__ import annotations

from collections import deque


class OffsetTracker:
    """The offsets of one partition that were delivered, in order, and which of them are finished."""

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
        """The work of `offset` is done for good. Unknown offsets, of an earlier assignment, are passed over."""
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
