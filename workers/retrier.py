"""Retrier: retry topics -> the topics that the jobs came from. Sends each job back when it is due.

A consumer of its own, without faust: a message that waits must not be in flight in a handler, and it is committed only
once its job is back on its topic.
"""

from __future__ import annotations

from collections import deque
from datetime import datetime, timedelta
from typing import Any, Final

import structlog
from aiokafka import AIOKafkaConsumer, ConsumerRebalanceListener, TopicPartition
from aiokafka.errors import CommitFailedError, IllegalStateError

from infra import clock
from infra.decoding import decode_as
from infra.kafka.bus import MAX_RETRY_BYTES, Bus
from infra.kafka.guard import ATTEMPT_HEADER
from infra.kafka.letters import letter_of
from infra.kafka.security import member_options
from infra.settings import Settings
from schemas.dead_letters import DeadLetter
from schemas.errors import MalformedMessage
from schemas.retries import Retry
from schemas.topics import BY_NAME, DEAD_LETTERS, RETRIES
from workers.runtime.worker import stop_on_signals

POLL_MS: Final = 200
"""How late a retry may be: little compared with the seconds that it waits."""
READ_AHEAD: Final = 100
LONGEST_DELAY: Final = timedelta(minutes=10)
"""More than any delay of ours: a message that claims a longer one would block its topic."""
KIND: Final = "retrier"

log = structlog.get_logger()


class Waiting:
    """Messages that are not due yet, by partition. A topic has one delay, so the first read is due first."""

    def __init__(self) -> None:
        self._queues: dict[TopicPartition, deque[tuple[int, Retry | DeadLetter]]] = {}

    def add(self, partition: TopicPartition, message: Any) -> None:
        """Add a message. One that is no retry is due at once, and becomes a dead letter in its turn."""
        retry: Retry | DeadLetter
        try:
            retry = _retry(message)
        except MalformedMessage as error:
            log.warning("a message that is no retry", error=str(error))
            retry = letter_of(message, KIND, error, str(error))
        self._queues.setdefault(partition, deque()).append((message.offset, retry))

    def due(self, partition: TopicPartition, now: datetime) -> tuple[int, Retry | DeadLetter] | None:
        """The first message of `partition`, if it is due."""
        queue = self._queues.get(partition)
        if not queue:
            return None
        _, first = queue[0]
        return None if isinstance(first, Retry) and first.due_at > now else queue[0]

    def drop_first(self, partition: TopicPartition) -> None:
        """Remove the first message of `partition`."""
        self._queues[partition].popleft()

    def partitions(self) -> list[TopicPartition]:
        """The partitions with messages that wait."""
        return [partition for partition, queue in self._queues.items() if queue]

    def forget(self, partitions: Any) -> None:
        """Drop the messages of `partitions`: another member has them now, or they are read again."""
        for partition in partitions:
            self._queues.pop(partition, None)


def _retry(message: Any) -> Retry:
    """`message` as a retry. Raises `MalformedMessage`, also for one that would block its topic or has no topic."""
    retry = decode_as(Retry, message.topic, message.value)
    if retry.topic not in BY_NAME:
        raise MalformedMessage(message.topic, f"there is no topic {retry.topic!r} to go back to")
    if retry.due_at - retry.failed_at > LONGEST_DELAY:
        raise MalformedMessage(message.topic, f"it would wait until {retry.due_at:%Y-%m-%d %H:%M %Z}")
    return retry


class _Forget(ConsumerRebalanceListener):  # type: ignore[misc]  # aiokafka is not typed
    def __init__(self, waiting: Waiting) -> None:
        self._waiting = waiting

    async def on_partitions_revoked(self, revoked: Any) -> None:
        self._waiting.forget(revoked)

    async def on_partitions_assigned(self, assigned: Any) -> None:
        self._waiting.forget(assigned)


async def run_retrier(settings: Settings) -> None:
    """Send retries back when they are due, until SIGTERM or SIGINT."""
    stopping = stop_on_signals()
    waiting = Waiting()
    consumer = AIOKafkaConsumer(
        **member_options(settings.kafka),
        group_id=f"brushfire-{KIND}",
        enable_auto_commit=False,
        auto_offset_reset="earliest",
        max_partition_fetch_bytes=MAX_RETRY_BYTES,
    )
    consumer.subscribe([topic.name for topic in RETRIES], listener=_Forget(waiting))
    async with Bus(settings.kafka) as bus:
        await consumer.start()
        log.info("worker started", worker=KIND)
        try:
            while not stopping.is_set():
                await _read(consumer, waiting)
                await _send_due(consumer, waiting, bus)
        finally:
            await consumer.stop()


async def _read(consumer: Any, waiting: Waiting) -> None:
    """Read from the partitions without waiting messages. It polls in any case: that keeps the group membership."""
    held = set(waiting.partitions()) & consumer.assignment()
    consumer.pause(*held)
    free = consumer.paused() - held
    if free:
        consumer.resume(*free)
    for partition, records in (await consumer.getmany(timeout_ms=POLL_MS, max_records=READ_AHEAD)).items():
        for record in records:
            waiting.add(partition, record)


async def _send_due(consumer: Any, waiting: Waiting, bus: Bus) -> None:
    now = clock.now()
    for partition in waiting.partitions():
        done: int | None = None
        while (entry := waiting.due(partition, now)) is not None:
            offset, waited = entry
            if isinstance(waited, DeadLetter):
                await bus.send(DEAD_LETTERS, None, waited)
            else:
                headers = [(ATTEMPT_HEADER, str(waited.attempt).encode())]
                await bus.send_bytes(waited.topic, waited.key, waited.value, headers)
            waiting.drop_first(partition)
            done = offset + 1
        if done is not None:
            await _commit(consumer, partition, done)


async def _commit(consumer: Any, partition: TopicPartition, offset: int) -> None:
    """Commit. If another member has the partition now, it sends the retry again; the ledger makes that harmless."""
    try:
        await consumer.commit({partition: offset})
    except (CommitFailedError, IllegalStateError) as error:
        log.warning("a retry may be sent twice", partition=str(partition), error=str(error))
