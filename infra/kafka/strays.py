"""Messages that were delivered and never reached a handler.

When a group rebalances, faust 0.15.3 cancels its agents and empties their queues; a message that is handed over in
between is in nobody's hands, and its partition commits nothing more until the process starts again. Whoever
keeps this book sees it and reads the partition again from there.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Final, Generic, TypeVar

IDLE_SECONDS: Final = 10.0
"""A worker with nothing in hand takes what is waiting at once; after this long it does not know of it."""

Partition = TypeVar("Partition")


class Strays(Generic[Partition]):
    """What waits for a handler, and what one has in hand. Times are in seconds of any steady clock."""

    def __init__(self) -> None:
        self._waiting: defaultdict[Partition, dict[int, float]] = defaultdict(dict)
        self._latest_started: dict[Partition, int] = {}
        self._in_hand = 0

    def deliver(self, partition: Partition, offset: int, at: float) -> None:
        """A message was handed over to a stream."""
        self._waiting[partition][offset] = at

    def start(self, partition: Partition, offset: int) -> None:
        """A handler took a message."""
        self._waiting[partition].pop(offset, None)
        self._latest_started[partition] = max(offset, self._latest_started.get(partition, offset))
        self._in_hand += 1

    def end(self) -> None:
        """A handler is done with a message, or was cancelled over it."""
        self._in_hand -= 1

    def forget(self, partition: Partition) -> None:
        """The partition is read again, or went to another member."""
        self._waiting.pop(partition, None)
        self._latest_started.pop(partition, None)

    def lost(self, now: float) -> list[Partition]:
        """The partitions with a stray.

        A stream is first in, first out: what waits while a later message of its partition was taken is lost, and
        so is what waits for long while no handler has anything in hand.
        """
        return [
            partition
            for partition, waiting in self._waiting.items()
            if waiting and self._is_lost(partition, next(iter(waiting.items())), now)
        ]

    def _is_lost(self, partition: Partition, first: tuple[int, float], now: float) -> bool:
        offset, at = first
        overtaken = self._latest_started.get(partition, offset) > offset
        return overtaken or (self._in_hand == 0 and now - at > IDLE_SECONDS)
