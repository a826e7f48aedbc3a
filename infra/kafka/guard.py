"""The guard around every handler: it never raises, and only finished work counts as finished.

- Bytes that are no message of their topic become a dead letter.
- While the object store is unavailable the handler waits in place, and no attempt is counted.
- A failure that may pass (a provider's, say) goes to a delayed retry topic, with its attempts counted.
- Any other error becomes a dead letter with everything that a replay needs.
- When not even the dead letter can be sent, the process ends at once with its offsets uncommitted, and the
  message is delivered again to the next.
"""

from __future__ import annotations

import asyncio
import base64
import os
import sys
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any, Final

import stamina
import structlog
from faust.exceptions import PartitionsMismatch

from infra.clock import now
from infra.decoding import decode_message
from infra.kafka.bus import Bus
from infra.kafka.letters import as_base64, letter_of
from schemas.base import Event
from schemas.errors import BusUnavailable, MalformedMessage, StoreError
from schemas.retries import Retry
from schemas.topics import DEAD_LETTERS, Topic

EXIT_UNSENT: Final = 75
"""EX_TEMPFAIL of sysexits.h: try again later."""

RETRY_SHARE: Final = 0.8
"""Share of the handler's time that retries in place may take; the rest is for the last attempt and the dead letter."""

Handler = Callable[[Any], Awaitable[None]]
"""Handles one event, whose class is its topic's model. Returns once its results are sent.

Raises: `BusUnavailable` ends the process uncommitted; a retryable `StoreError` is retried in place; any other exception
is retried later or ends in a dead letter.
"""
GaveUp = Callable[[Any, Exception], Awaitable[None]]
"""Called with an event that is given up and the error of its last attempt, before its dead letter is sent.

Args: the event, as its topic's model; the exception. Raises: `BusUnavailable`, which ends the process.
"""
Later = Callable[[Any, Exception, int], tuple[Topic, datetime, int] | None]
"""Decides whether a failed event is retried.

Args: the event; the exception of its attempt; the number of that attempt, from 1.
Returns: the retry topic, the moment (with its zone) and the number of the next attempt; None: it is given up.
"""

ATTEMPT_HEADER: Final = "brushfire-attempt"
"""The Kafka header that counts deliveries of a job; a message without it is the first."""

log = structlog.get_logger()


class Guard:
    """Runs the handler of one topic over raw messages."""

    def __init__(
        self,
        worker: str,
        topic: Topic,
        handler: Handler,
        bus: Bus,
        limit_seconds: float,
        gave_up: GaveUp | None = None,
        later: Later | None = None,
    ) -> None:
        self._worker = worker
        self._topic = topic
        self._handler = handler
        self._bus = bus
        self._limit = limit_seconds
        self._gave_up = gave_up
        self._later = later

    async def run(self, message: Any) -> None:
        """Handle `message` to its end. Returns only when the message is done with; cancelled, it raises on."""
        try:
            event = decode_message(self._topic, message.value)
        except MalformedMessage as error:
            await self._bury(message, error)
            return
        try:
            async with asyncio.timeout(self._limit):
                await self._patiently(event)
        except BusUnavailable as error:
            self._stop_process(error)
        except Exception as error:  # noqa: BLE001 - whatever it was, it must not stop the partition
            log.warning("handler failed", worker=self._worker, topic=self._topic.name, error=repr(error))
            if not await self._postpone(message, event, error):
                await self._give_up(message, event, error)

    async def _patiently(self, event: Event) -> None:
        """The handler, again and again while its failure is a passing one and the time lasts."""
        async for attempt in stamina.retry_context(
            on=_is_passing, attempts=None, timeout=RETRY_SHARE * self._limit, wait_initial=0.2, wait_max=5.0
        ):
            with attempt:
                await self._handler(event)

    async def _postpone(self, message: Any, event: Event, error: Exception) -> bool:
        """Send the message to a retry topic where its error may pass. False: it is to be given up."""
        chosen = self._later(event, error, attempt_of(message)) if self._later is not None else None
        if chosen is None:
            return False
        topic, due_at, attempt = chosen
        retry = Retry(
            topic=self._topic.name,
            key=as_base64(message.key),
            value=base64.b64encode(message.value),
            attempt=attempt,
            worker=self._worker,
            error=type(error).__name__,
            reason=_reason(error, self._limit),
            failed_at=now(),
            due_at=due_at,
        )
        try:
            await self._bus.send(topic, None, retry)
        except BusUnavailable as unsent:
            self._stop_process(unsent)
        return True

    async def _give_up(self, message: Any, event: Event, error: Exception) -> None:
        try:
            if self._gave_up is not None:
                await self._gave_up(event, error)
        except BusUnavailable as unsent:
            self._stop_process(unsent)
        await self._bury(message, error)

    async def _bury(self, message: Any, error: Exception) -> None:
        letter = letter_of(message, self._worker, error, _reason(error, self._limit), attempt_of(message))
        try:
            await self._bus.send(DEAD_LETTERS, None, letter)
        except BusUnavailable as unsent:
            self._stop_process(unsent)

    def _stop_process(self, error: Exception) -> None:
        """End without committing: a clean shutdown would acknowledge what is not done."""
        log.error("stopping: the broker does not confirm", worker=self._worker, error=str(error))
        sys.stderr.flush()
        os._exit(EXIT_UNSENT)


def attempt_of(message: Any) -> int:
    """Which delivery of its job a message is, from 1: what a retry counts, not what a rebalance repeats."""
    raw = dict(message.headers or ()).get(ATTEMPT_HEADER, b"1")
    return int(raw) if raw.isdigit() and int(raw) > 0 else 1


def _is_passing(error: Exception) -> bool:
    """Whether waiting in place helps: the store is unavailable, or this member does not know a table's new topic yet.

    For an unavailable bus the producer has waited already.
    """
    return isinstance(error, PartitionsMismatch) or (isinstance(error, StoreError) and error.retryable)


def _reason(error: Exception, limit: float) -> str:
    if isinstance(error, TimeoutError) and not str(error):
        return f"not done within {limit:g} s; replay it once the cause is removed"
    return str(error) or type(error).__name__
