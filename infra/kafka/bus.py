"""Sending: a message counts as sent when the broker has confirmed it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from types import TracebackType
from typing import Final, Self

from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError

from infra.kafka.security import Brokers, advice, client_options, where
from schemas.base import Event
from schemas.dead_letters import DeadLetter
from schemas.errors import BusUnavailable, MessageTooLarge
from schemas.retries import Retry
from schemas.topics import BY_NAME, Topic

MAX_MESSAGE_BYTES: Final = 4_000_000
"""A finish job carries its brief, a manifest its scorecards: tens of kilobytes. Four megabytes is a mistake's size."""
MAX_RETRY_BYTES: Final = 2 * MAX_MESSAGE_BYTES
MAX_LETTER_BYTES: Final = 3 * MAX_MESSAGE_BYTES
"""A retry holds a whole message, and a dead letter perhaps a retry, in base64 (four bytes for three); and each says
what happened to it."""
LIMITS: Final[dict[type[Event], int]] = {Retry: MAX_RETRY_BYTES, DeadLetter: MAX_LETTER_BYTES}
ENVELOPE_BYTES: Final = 10_000
"""Left of a topic's limit for a message's key and headers and its batch's head."""
LINGER_MS: Final = 20
"""A batch waits this long for company. The embedded broker's store pays about 8 ms of CPU a batch, whatever is in it;
20 ms instead of 2 took a fifth off the CPU of a whole brief, and an image takes longer anyway."""
BATCH_BYTES: Final = 1_000_000
"""A batch of one partition at the most. aiokafka's 16 kB holds two draft jobs; fifty then are some twenty batches."""


class Bus:
    """A confirmed sender of events. An async context manager."""

    def __init__(self, brokers: Brokers) -> None:
        self._brokers = brokers
        self._producer: AIOKafkaProducer | None = None

    async def __aenter__(self) -> Self:
        producer = AIOKafkaProducer(
            **client_options(self._brokers),
            acks="all",
            linger_ms=LINGER_MS,
            max_batch_size=BATCH_BYTES,
            max_request_size=MAX_LETTER_BYTES,
            request_timeout_ms=30_000,
        )
        try:
            await producer.start()
        except (KafkaError, OSError) as error:
            await producer.stop()
            raise BusUnavailable(
                f"no broker answers at {where(self._brokers)}: start it, or correct {advice(self._brokers)}"
            ) from error
        self._producer = producer
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._producer is not None:
            await self._producer.stop()
            self._producer = None

    async def send(self, topic: Topic, key: str | None, event: Event) -> None:
        """Send `event` and wait for the broker's confirmation. Raises `BusUnavailable` without one.

        Raises `MessageTooLarge` where `event` is beyond its topic's limit.
        """
        await self.send_bytes(topic.name, key.encode() if key is not None else None, encode(event))

    async def send_all(self, messages: Iterable[tuple[Topic, str | None, Event]]) -> None:
        """Send many at once, and wait for the confirmation of every one."""
        await asyncio.gather(*(self.send(topic, key, event) for topic, key, event in messages))

    async def send_bytes(
        self, topic: str, key: bytes | None, value: bytes, headers: Sequence[tuple[str, bytes]] = ()
    ) -> None:
        """Send raw bytes, as `send` does."""
        if self._producer is None:
            raise BusUnavailable("the bus is closed")
        if len(value) > limit_of(topic) - ENVELOPE_BYTES:
            raise MessageTooLarge(f"{topic}: a message of {len(value)} bytes is more than the topic takes")
        try:
            await self._producer.send_and_wait(topic, value=value, key=key, headers=list(headers))
        except KafkaError as error:
            raise BusUnavailable(f"{topic}: the broker did not confirm ({type(error).__name__}: {error})") from error


def limit_of(topic: str) -> int:
    """The bytes that a message of `topic` may have in all."""
    known = BY_NAME.get(topic)
    return LIMITS.get(known.model, MAX_MESSAGE_BYTES) if known is not None else MAX_MESSAGE_BYTES


def encode(event: Event) -> bytes:
    """The JSON bytes of `event`."""
    return event.model_dump_json(exclude_defaults=False).encode()
