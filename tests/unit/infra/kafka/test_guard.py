"""The guard: a handler's failure never stops a partition and never loses a message."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import pytest
from faust.exceptions import PartitionsMismatch

from infra.kafka import guard as guard_module
from infra.kafka.guard import ATTEMPT_HEADER, EXIT_UNSENT, Guard, attempt_of
from schemas.base import Event
from schemas.dead_letters import DeadLetter
from schemas.errors import BusUnavailable, ModelPaused, StoreError, Unavailable
from schemas.retries import Retry
from schemas.signals import Signal
from schemas.topics import DEAD_LETTERS, RETRIES, SIGNALS, Topic
from tests.support.factories import after, make_signal
from workers.runtime.worker import later


@dataclass
class Message:
    value: bytes | None
    key: bytes | None = b"key"
    topic: str = SIGNALS.name
    partition: int = 2
    offset: int = 41
    headers: tuple[tuple[str, bytes], ...] = ()


@dataclass
class RecordingBus:
    sent: list[tuple[Topic, Event]] = field(default_factory=list)
    broken: bool = False

    async def send(self, topic: Topic, key: str | None, event: Event) -> None:
        if self.broken:
            raise BusUnavailable("no broker")
        self.sent.append((topic, event))

    def letters(self) -> list[DeadLetter]:
        return [event for topic, event in self.sent if topic is DEAD_LETTERS and isinstance(event, DeadLetter)]


def good() -> Message:
    return Message(make_signal().model_dump_json().encode())


def guard_of(bus: RecordingBus, handler: Any, **options: Any) -> Guard:
    return Guard("tester", SIGNALS, handler, bus, **{"limit_seconds": 5.0, **options})  # type: ignore[arg-type]


async def test_a_good_message_reaches_its_handler() -> None:
    bus, seen = RecordingBus(), []

    async def handler(signal: Signal) -> None:
        seen.append(signal.topic)

    await guard_of(bus, handler).run(good())
    assert seen == ["lapland"]
    assert bus.sent == []


@pytest.mark.parametrize(
    "value",
    [None, b"", b"\xff\xfe\x00", b"{", b"[]", b'{"schema_version": 9}', b"[" * 5000, b'"text"', b"1e999"],
    ids=["none", "empty", "bytes", "cut", "list", "version", "deep", "text", "huge"],
)
async def test_bytes_that_are_no_message_become_one_dead_letter(value: bytes | None) -> None:
    bus = RecordingBus()

    async def handler(_: Signal) -> None:
        raise AssertionError("a malformed message must not reach its handler")

    await guard_of(bus, handler).run(Message(value))
    (letter,) = bus.letters()
    assert (letter.topic, letter.partition, letter.offset) == (SIGNALS.name, 2, 41)
    assert letter.value == value
    assert letter.error == "MalformedMessage"


@pytest.mark.parametrize("failure", [StoreError("away"), PartitionsMismatch("the changelog has 0 partitions")])
async def test_a_passing_failure_is_tried_again(failure: Exception) -> None:
    bus, calls = RecordingBus(), []

    async def handler(_: Signal) -> None:
        calls.append(1)
        if len(calls) < 3:
            raise failure

    await guard_of(bus, handler).run(good())
    assert len(calls) == 3
    assert bus.sent == []


async def test_a_lasting_failure_is_told_and_buried_whole() -> None:
    bus, told = RecordingBus(), []
    message = good()

    async def handler(_: Signal) -> None:
        raise StoreError("no such image", retryable=False)

    async def gave_up(signal: Signal, error: Exception) -> None:
        told.append((signal.topic, str(error)))

    await guard_of(bus, handler, gave_up=gave_up).run(message)
    assert told == [("lapland", "no such image")]
    (letter,) = bus.letters()
    assert letter.value == message.value
    assert letter.reason == "no such image"


DUE = after(60)


def again(event: Event, error: Exception, attempt: int) -> tuple[Topic, datetime, int] | None:
    return (RETRIES[1], DUE, attempt + 1) if attempt < 3 else None


async def test_a_failure_that_may_pass_goes_to_a_retry_topic_with_its_attempts_counted() -> None:
    bus, message = RecordingBus(), good()
    message.headers = ((ATTEMPT_HEADER, b"2"),)

    async def handler(_: Signal) -> None:
        raise Unavailable("the provider is unavailable")

    await guard_of(bus, handler, later=again).run(message)
    ((topic, retry),) = bus.sent
    assert topic is RETRIES[1]
    assert isinstance(retry, Retry)
    assert (retry.topic, retry.value, retry.key) == (SIGNALS.name, message.value, message.key)
    assert (retry.attempt, retry.due_at, retry.reason) == (3, DUE, "the provider is unavailable")


async def test_what_was_no_attempt_is_retried_with_the_same_number() -> None:
    bus = RecordingBus()

    async def handler(_: Signal) -> None:
        raise ModelPaused("its provider is unavailable", retry_after=1.0)

    await guard_of(bus, handler, later=later).run(good())
    ((topic, retry),) = bus.sent
    assert topic in RETRIES
    assert isinstance(retry, Retry)
    assert retry.attempt == 1


async def test_after_the_last_attempt_comes_the_dead_letter_with_the_count() -> None:
    bus, message = RecordingBus(), good()
    message.headers = ((ATTEMPT_HEADER, b"3"),)

    async def handler(_: Signal) -> None:
        raise Unavailable("the provider is unavailable")

    await guard_of(bus, handler, later=again).run(message)
    (letter,) = bus.letters()
    assert letter.attempts == 3


@pytest.mark.parametrize(("header", "attempt"), [(b"2", 2), (b"", 1), (b"-4", 1), (b"many", 1), (b"0", 1)])
def test_a_strange_attempt_header_counts_as_the_first(header: bytes, attempt: int) -> None:
    assert attempt_of(Message(b"x", headers=((ATTEMPT_HEADER, header),))) == attempt


async def test_a_hung_handler_is_cut_off_at_its_limit() -> None:
    bus = RecordingBus()

    async def handler(_: Signal) -> None:
        await asyncio.Event().wait()

    await guard_of(bus, handler, limit_seconds=0.05).run(good())
    (letter,) = bus.letters()
    assert "0.05 s" in letter.reason


async def test_a_cancelled_handler_counts_as_unfinished() -> None:
    started = asyncio.Event()

    async def handler(_: Signal) -> None:
        started.set()
        await asyncio.Event().wait()

    bus = RecordingBus()
    task = asyncio.create_task(guard_of(bus, handler).run(good()))
    await started.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert bus.sent == []


@pytest.mark.parametrize("value", [b"junk", None])
async def test_the_process_ends_at_once_when_not_even_the_dead_letter_can_be_sent(
    value: bytes | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Ended(BaseException):
        pass

    def end(code: int) -> None:
        assert code == EXIT_UNSENT
        raise Ended

    monkeypatch.setattr(guard_module.os, "_exit", end)

    async def handler(_: Signal) -> None:
        return

    with pytest.raises(Ended):
        await guard_of(RecordingBus(broken=True), handler).run(Message(value))
