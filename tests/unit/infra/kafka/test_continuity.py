"""Messages that come one after the other, and those that do not."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from infra.kafka.deliveries import HOLES, Continuity


def test_what_comes_too_early_waits_until_the_row_is_read_again() -> None:
    row: Continuity[str] = Continuity()
    row.expect("p", 9)
    assert not row.admits("p", 12)
    assert not row.admits("p", 9), "what is still in the consumer's hands is not to be trusted before the seek"
    assert row.broken() == {"p": 9}
    row.go_on("p", 9)
    assert [row.admits("p", offset) for offset in (9, 10, 11, 12)] == [True] * 4
    assert row.broken() == {}


def test_what_was_fetched_before_the_seek_and_comes_after_it_is_not_let_in() -> None:
    row: Continuity[str] = Continuity()
    row.expect("p", 9)
    row.admits("p", 12)
    row.go_on("p", 9)
    assert not row.admits("p", 13)
    assert row.broken() == {"p": 9}


def test_repeats_are_let_in() -> None:
    row: Continuity[str] = Continuity()
    assert [row.admits("p", offset) for offset in (5, 6, 5, 6, 7)] == [True] * 5


def test_empty_holes_are_looked_into_until_it_is_plain_that_the_topic_has_them() -> None:
    row: Continuity[str] = Continuity()
    row.expect("p", 0)
    for hole in range(1, HOLES + 1):
        assert not row.admits("p", 2 * hole)
        row.go_on("p", 2 * hole)
        assert row.admits("p", 2 * hole)
    assert row.admits("p", 20)
    row.expect("p", 21)
    assert not row.admits("p", 23), "after a seek each hole may be a loss again"


def test_partitions_are_apart_and_forgotten_ones_begin_again() -> None:
    row: Continuity[str] = Continuity()
    row.expect("p", 3)
    assert row.admits("q", 7)
    assert not row.admits("p", 7)
    row.forget("p")
    assert row.admits("p", 7)


@given(st.lists(st.integers(0, 30), max_size=60))
def test_nothing_is_handled_before_all_that_is_before_it(drawn: list[int]) -> None:
    """Whatever order messages come in, each one let in has all before it handled, from where reading began."""
    row: Continuity[str] = Continuity()
    row.expect("p", 0)
    handled: set[int] = set()
    for offset in drawn:
        if row.admits("p", offset):
            handled.add(offset)
            assert set(range(offset)) <= handled
        elif row.broken():
            row.go_on("p", row.broken()["p"])
