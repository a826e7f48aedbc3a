"""What waits for its time, and what does not."""

from __future__ import annotations

import base64
from datetime import datetime, timedelta

from aiokafka import TopicPartition

from schemas.retries import Retry
from schemas.topics import RETRIES, SIGNALS
from tests.support.factories import NOW
from workers.retrier import Waiting

FIRST, SECOND = (TopicPartition(RETRIES[0].name, number) for number in (0, 1))


def retry(due_at: datetime) -> bytes:
    made = Retry(
        topic=SIGNALS.name, value=base64.b64encode(b"value"), attempt=2, worker="drafter", error="Unavailable",
        reason="away", failed_at=NOW, due_at=due_at,
    )  # fmt: skip
    return made.model_dump_json().encode()


def test_a_retry_waits_until_it_is_due_and_holds_up_no_other_partition() -> None:
    waiting = Waiting()
    waiting.add(FIRST, 7, retry(NOW + timedelta(seconds=5)))
    waiting.add(SECOND, 3, retry(NOW))
    assert waiting.due(FIRST, NOW) is None
    due = waiting.due(SECOND, NOW)
    assert due is not None
    assert due[0] == 3
    assert due[1] is not None
    assert due[1].value == b"value"
    assert waiting.due(FIRST, NOW + timedelta(seconds=5)) is not None


def test_order_within_a_partition_is_kept() -> None:
    waiting = Waiting()
    for offset in (1, 2):
        waiting.add(FIRST, offset, retry(NOW))
    assert waiting.due(FIRST, NOW)[0] == 1  # type: ignore[index]
    waiting.drop_first(FIRST)
    assert waiting.due(FIRST, NOW)[0] == 2  # type: ignore[index]
    waiting.drop_first(FIRST)
    assert waiting.partitions() == []


def test_a_message_that_is_no_retry_is_due_at_once_as_nothing() -> None:
    waiting = Waiting()
    waiting.add(FIRST, 1, b"junk")
    assert waiting.due(FIRST, NOW) == (1, None)


def test_what_another_member_has_is_forgotten() -> None:
    waiting = Waiting()
    waiting.add(FIRST, 1, retry(NOW))
    waiting.forget([FIRST])
    assert waiting.partitions() == []
