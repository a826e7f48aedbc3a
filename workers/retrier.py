"""retries: retry topics -> the topics that the jobs came from. Waits until each is due, and holds nothing else up.

A consumer of its own, without faust: it must wait on a message without having it in hand, and commit it only when
its job is back on its topic.
"""

from __future__ import annotations

from collections import deque
from datetime import datetime, timedelta
from typing import Any, Final

import structlog
from aiokafka import AIOKafkaConsumer, ConsumerRebalanceListener, TopicPartition
from aiokafka.errors import CommitFailedError, IllegalStateError

from infra import clock
from infra.kafka.bus import MAX_RETRY_BYTES, Bus
from infra.kafka.decoding import decode_as
from infra.kafka.guard import ATTEMPT_HEADER
from infra.kafka.letters import letter_of
from infra.kafka.security import client_options
from infra.settings import Settings
from schemas.dead_letters import DeadLetter
from schemas.errors import MalformedMessage
from schemas.retries import Retry
from schemas.topics import BY_NAME, DEAD_LETTERS, RETRIES
from workers.runtime.worker import stop_on_signals

POLL_MS: Final = 200
"""How late a retry may be: little beside the seconds that it waits."""
READ_AHEAD: Final = 100
LONGEST_DELAY: Final = timedelta(minutes=10)
"""More than any delay of ours: what claims to wait longer would hold up its topic."""
KIND: Final = "retrier"

log = structlog.get_logger()


class Waiting:
    """What was read and is not due yet, by partition. In a topic of one delay the first read is the first due."""

    def __init__(self) -> None:
        self._queues: dict[TopicPartition, deque[tuple[int, Retry | DeadLetter]]] = {}

    def add(self, partition: TopicPartition, message: Any) -> None:
        """Take in a message. One that is no retry waits for nothing: it becomes a dead letter when its turn comes."""
        retry: Retry | DeadLetter
        try:
            retry = _retry(message)
        except MalformedMessage as error:
            log.warning("a message that is no retry", error=str(error))
            retry = letter_of(message, KIND, error, str(error))
        self._queues.setdefault(partition, deque()).append((message.offset, retry))

    def due(self, partition: TopicPartition, now: datetime) -> tuple[int, Retry | DeadLetter] | None:
        """The first message of `partition` if its time has come."""
        queue = self._queues.get(partition)
        if not queue:
            return None
        _, first = queue[0]
        return None if isinstance(first, Retry) and first.due_at > now else queue[0]

    def drop_first(self, partition: TopicPartition) -> None:
        """The first message of `partition` is done with."""
        self._queues[partition].popleft()

    def partitions(self) -> list[TopicPartition]:
        """The partitions from which something waits."""
        return [partition for partition, queue in self._queues.items() if queue]

    def forget(self, partitions: Any) -> None:
        """Drop what another member has now, or what is read again."""
        for partition in partitions:
            self._queues.pop(partition, None)


def _retry(message: Any) -> Retry:
    """`message` as a retry. Raises `MalformedMessage`, also for one that would hold up its topic or fit no other."""
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
        **client_options(settings.kafka),
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
    """Read on from the partitions of which nothing waits; a poll even so, for the group must see a sign of life."""
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
    """Commit; where the partition has gone to another member, that one sends again what the ledger makes harmless."""
    try:
        await consumer.commit({partition: offset})
    except (CommitFailedError, IllegalStateError) as error:
        log.warning("a retry may be sent twice", partition=str(partition), error=str(error))
