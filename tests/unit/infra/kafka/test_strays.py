"""Messages that reached no handler."""

from __future__ import annotations

from infra.kafka.deliveries import IDLE_SECONDS, Strays


def delivered(*offsets: int) -> Strays[str]:
    made: Strays[str] = Strays()
    for offset in offsets:
        made.deliver("jobs-0", offset, 0.0)
    return made


def test_what_is_taken_in_order_is_not_lost() -> None:
    strays = delivered(4, 5, 6)
    for offset in (4, 5):
        strays.start("jobs-0", offset)
    assert strays.lost(1000.0) == []


def test_what_a_later_message_overtook_is_lost() -> None:
    strays = delivered(4, 5, 6)
    strays.start("jobs-0", 5)
    assert strays.lost(0.0) == ["jobs-0"]


def test_another_partition_overtakes_nothing() -> None:
    strays = delivered(4)
    strays.deliver("jobs-1", 9, 0.0)
    strays.start("jobs-1", 9)
    assert strays.lost(1.0) == []


def test_an_idle_worker_that_leaves_a_message_waiting_does_not_know_of_it() -> None:
    strays = delivered(4)
    assert strays.lost(IDLE_SECONDS) == []
    assert strays.lost(IDLE_SECONDS + 0.1) == ["jobs-0"]


def test_a_busy_worker_may_leave_a_message_waiting() -> None:
    strays = delivered(4, 5)
    strays.start("jobs-0", 4)
    assert strays.lost(IDLE_SECONDS + 1) == []
    strays.end()
    assert strays.lost(IDLE_SECONDS + 1) == ["jobs-0"]


def test_a_partition_that_is_read_again_starts_clean() -> None:
    strays = delivered(4, 5)
    strays.start("jobs-0", 5)
    strays.forget("jobs-0")
    assert strays.lost(1000.0) == []
    strays.deliver("jobs-0", 4, 1000.0)
    assert strays.lost(1000.0) == []
