"""A faust consumer that never commits past unfinished work.

faust acknowledges a message when its handler returns, raises or is cancelled; here only `finish` counts,
which the guard around every handler calls once the work is really done.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Any, cast

from aiokafka import TopicPartition
from faust.transport.drivers import aiokafka as driver
from faust.types import TP

from infra.kafka.ends import end_offsets
from infra.kafka.offsets import OffsetTracker
from infra.kafka.security import Brokers


class OffsetSafeConsumer(driver.Consumer):
    """Commits up to the first delivered offset that is not finished."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.trackers: defaultdict[TP, OffsetTracker] = defaultdict(OffsetTracker)
        self._hand_over, self.callback = self.callback, self._deliver

    async def _deliver(self, message: Any) -> None:
        if self.app.topics.acks_enabled_for(message.topic):
            self.trackers[message.tp].deliver(message.offset)
        await self._hand_over(message)

    def finish(self, partition: TP, offset: int) -> None:
        """The work of a message is done: its result is sent, or its dead letter is."""
        tracker = self.trackers.get(partition)
        if tracker is not None:
            tracker.finish(offset)

    def _new_offset(self, tp: TP) -> int | None:
        self._acked[tp].clear()  # faust's own books, which nothing reads any more
        self._acked_index[tp].clear()
        tracker = self.trackers.get(tp)
        return tracker.committable if tracker else None

    async def _add_gap(self, tp: TP, offset_from: int, offset_to: int) -> None:
        """Offsets that were never delivered need no finish."""

    def _filter_tps_with_pending_acks(self, topics: Any = None) -> Any:
        """Every partition with a tracker: faust asks its own books, which are empty."""
        return (
            tp
            for tp, tracker in list(self.trackers.items())
            if tracker.committable is not None and (topics is None or tp in topics or tp.topic in topics)
        )

    async def highwaters(self, *partitions: TP) -> dict[TP, int]:
        """Where `partitions` end: the recovery of a table reads its changelog up to there."""
        brokers: Brokers = cast("OffsetSafeTransport", self.transport).brokers
        ends = await end_offsets(brokers, [TopicPartition(*partition) for partition in partitions])
        return {TP(*partition): offset for partition, offset in ends.items()}

    async def perform_seek(self) -> None:
        """Read again from the committed offsets, and forget what was under way."""
        await super().perform_seek()
        for tracker in self.trackers.values():
            tracker.reset()

    async def on_partitions_revoked(self, revoked: set[TP]) -> None:
        """Commit what is finished, then let the partitions go."""
        await self.commit()
        for partition in revoked:
            self.trackers.pop(partition, None)
        await super().on_partitions_revoked(revoked)


class OffsetSafeTransport(driver.Transport):
    """faust's Kafka transport with the offset-safe consumer."""

    Consumer = OffsetSafeConsumer
    brokers: Brokers


def install(app: Any, brokers: Brokers) -> None:
    """Give `app` the offset-safe consumer. Before it starts."""
    app.transport = OffsetSafeTransport(app.conf.broker_consumer, app)
    app.transport.brokers = brokers
