"""What waits for its time, and what does not."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from aiokafka import TopicPartition

from schemas.dead_letters import DeadLetter
from schemas.retries import Retry
from schemas.topics import RETRIES, SIGNALS
from tests.support.factories import NOW
from workers.retrier import Waiting

FIRST, SECOND = (TopicPartition(RETRIES[0].name, number) for number in (0, 1))


@dataclass
class Message:
    offset: int
    value: bytes | None
    topic: str = FIRST.topic
    partition: int = 0
    key: bytes | None = b"key"


def retry(due_at: datetime, topic: str = SIGNALS.name) -> bytes:
    made = Retry(
        topic=topic, value=base64.b64encode(b"value"), attempt=2, worker="drafter", error="Unavailable",
        reason="away", failed_at=NOW, due_at=due_at,
    )  # fmt: skip
    return made.model_dump_json().encode()


def test_a_retry_waits_until_it_is_due_and_holds_up_no_other_partition() -> None:
    waiting = Waiting()
    waiting.add(FIRST, Message(7, retry(NOW + timedelta(seconds=5))))
    waiting.add(SECOND, Message(3, retry(NOW)))
    assert waiting.due(FIRST, NOW) is None
    due = waiting.due(SECOND, NOW)
    assert due is not None
    assert due[0] == 3
    assert isinstance(due[1], Retry)
    assert due[1].value == b"value"
    assert waiting.due(FIRST, NOW + timedelta(seconds=5)) is not None


def test_order_within_a_partition_is_kept() -> None:
    waiting = Waiting()
    for offset in (1, 2):
        waiting.add(FIRST, Message(offset, retry(NOW)))
    assert waiting.due(FIRST, NOW)[0] == 1  # type: ignore[index]
    waiting.drop_first(FIRST)
    assert waiting.due(FIRST, NOW)[0] == 2  # type: ignore[index]
    waiting.drop_first(FIRST)
    assert waiting.partitions() == []


@pytest.mark.parametrize(
    "value",
    [
        b"junk",
        None,
        retry(NOW, topic="another.project"),
        retry(datetime(9999, 1, 1, tzinfo=UTC)),
    ],
    ids=["junk", "nothing", "unknown topic", "for ever"],
)
def test_a_message_that_is_no_retry_becomes_a_dead_letter_at_once(value: bytes | None) -> None:
    waiting = Waiting()
    waiting.add(FIRST, Message(1, value))
    due = waiting.due(FIRST, NOW)
    assert due is not None
    offset, letter = due
    assert isinstance(letter, DeadLetter)
    assert (offset, letter.topic, letter.value, letter.worker) == (1, FIRST.topic, value, "retrier")
    assert letter.reason


def test_what_another_member_has_is_forgotten() -> None:
    waiting = Waiting()
    waiting.add(FIRST, Message(1, retry(NOW)))
    waiting.forget([FIRST])
    assert waiting.partitions() == []
