"""A faust consumer that never commits past unfinished work.

faust acknowledges a message when its handler returns, raises or is cancelled; here only `finish` counts,
which the guard around every handler calls once the work is really done.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic
from typing import Any, Final, cast

import structlog
from aiokafka import TopicPartition
from faust.transport.drivers import aiokafka as driver
from faust.types import TP

from infra.kafka.deliveries import Continuity, OffsetTracker, Strays
from infra.kafka.ends import end_offsets, first_offset
from infra.kafka.security import Brokers
from schemas.errors import BusUnavailable

log = structlog.get_logger()

SETTLING_MS: Final = 50
SETTLED_MS: Final = 1500
"""The wait that faust sets."""


class ConsumerThread(driver.AIOKafkaConsumerThread):
    """faust's consumer thread, whose fetches wait for messages only once the partitions are settled.

    A broker answers the requests of a connection in turn. While one fetch waits for messages, the questions about
    offsets wait behind it that have to be answered before the first message is handled.
    """

    def _create_worker_consumer(self, transport: Any) -> Any:
        consumer = super()._create_worker_consumer(transport)
        consumer._fetch_max_wait_ms = SETTLING_MS  # noqa: SLF001 - faust leaves no choice
        return consumer

    def wait_for_messages(self, milliseconds: int) -> None:
        """Let the broker hold back the answer to a fetch for so long while there is no message."""
        self._ensure_consumer()._fetcher._fetch_max_wait_ms = milliseconds  # noqa: SLF001


class OffsetSafeConsumer(driver.Consumer):
    """Commits up to the first delivered offset that is not finished."""

    _thread: ConsumerThread

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.trackers: defaultdict[TP, OffsetTracker] = defaultdict(OffsetTracker)
        self._strays: Strays[TP] = Strays()
        self._continuity: Continuity[TP] = Continuity()
        self._hand_over, self.callback = self.callback, self._deliver

    def _new_consumer_thread(self) -> ConsumerThread:
        return ConsumerThread(self, loop=self.loop, beacon=self.beacon)

    async def _deliver(self, message: Any) -> None:
        if self.app.topics.acks_enabled_for(message.topic):
            if not self._continuity.admits(message.tp, message.offset):
                return
            self.trackers[message.tp].deliver(message.offset)
            self._strays.deliver(message.tp, message.offset, monotonic())
        await self._hand_over(message)

    @contextmanager
    def handling(self, partition: TP, offset: int) -> Iterator[None]:
        """A handler works on a message for as long as the body runs."""
        self._strays.start(partition, offset)
        try:
            yield
        finally:
            self._strays.end()

    async def fetch_strays(self) -> None:
        """Read again from the first message that was delivered and that no handler has."""
        for partition in self._strays.lost(monotonic()):
            tracker = self.trackers.get(partition)
            offset = tracker.lowest_unfinished if tracker else None
            self._strays.forget(partition)
            if tracker is None or offset is None or partition not in self.assignment():
                continue
            log.warning("reading again what reached no handler", partition=str(partition), offset=offset)
            tracker.reset()
            self._continuity.expect(partition, offset)
            await self.seek(partition, offset)

    async def fetch_dropped(self) -> None:
        """Read again from where the sequence of a partition's messages broke; see `infra.kafka.deliveries`."""
        for partition, offset in self._continuity.broken().items():
            if partition not in self.assignment():
                self._continuity.forget(partition)
                continue
            try:
                first = await first_offset(self._brokers, TopicPartition(*partition), offset)
            except BusUnavailable as error:
                log.warning("what was dropped cannot be read yet", partition=str(partition), error=str(error))
                continue
            if self._continuity.broken().get(partition) != offset:
                continue  # a rebalance came in between
            log.warning("reading again what was dropped", partition=str(partition), offset=offset, first=first)
            self._continuity.go_on(partition, first)
            await self.seek(partition, first)

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

    @property
    def _brokers(self) -> Brokers:
        return cast("OffsetSafeTransport", self.transport).brokers

    async def highwaters(self, *partitions: TP) -> dict[TP, int]:
        """Where `partitions` end: the recovery of a table reads its changelog up to there."""
        ends = await end_offsets(self._brokers, [TopicPartition(*partition) for partition in partitions])
        return {TP(*partition): offset for partition, offset in ends.items()}

    async def perform_seek(self) -> None:
        """Read again from the committed offsets, and forget what was under way.

        aiokafka leaves a partition without a committed offset at its position: what a rebalance dropped
        before the first commit would never be read again. Such a partition starts over.
        """
        await super().perform_seek()
        for read_again, tracker in self.trackers.items():
            tracker.reset()
            self._strays.forget(read_again)
        fresh = [
            TopicPartition(partition.topic, partition.partition)
            for partition in self.assignment()
            if self.app.topics.acks_enabled_for(partition.topic) and not self._committed_offset.get(partition)
        ]
        for partition in self.assignment():
            if self.app.topics.acks_enabled_for(partition.topic):
                self._continuity.expect(partition, self._committed_offset.get(partition) or 0)
        if fresh:
            await self._thread.seek_to_beginning(*fresh)
        self._thread.wait_for_messages(SETTLED_MS)

    async def on_partitions_revoked(self, revoked: set[TP]) -> None:
        """Let the handlers finish (the handler limit bounds them), commit their work, then release the partitions."""
        self._thread.wait_for_messages(SETTLING_MS)
        await super().on_partitions_revoked(revoked)
        await self.commit()
        for partition in revoked:
            self.trackers.pop(partition, None)
            self._strays.forget(partition)
            self._continuity.forget(partition)


class OffsetSafeTransport(driver.Transport):
    """faust's Kafka transport with the offset-safe consumer."""

    Consumer = OffsetSafeConsumer
    brokers: Brokers


def use_offset_safe_consumer(app: Any, brokers: Brokers) -> None:
    """Give `app` the offset-safe consumer. Before it starts."""
    app.transport = OffsetSafeTransport(app.conf.broker_consumer, app)
    app.transport.brokers = brokers
