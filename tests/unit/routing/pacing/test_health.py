"""When a model may be asked: not while its provider is away, and not all at once when it is back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routing.pacing.health import (
    FAILURES_TO_OPEN,
    FIRST_PAUSE,
    LONGEST_PAUSE,
    PROBES_TO_CLOSE,
    THROTTLES_TO_OPEN,
    Health,
)


def failing(health: Health, times: int, now: float) -> None:
    for _ in range(times):
        health.failed(health.began(), now)


def test_bad_luck_pauses_nothing() -> None:
    health = Health()
    for _ in range(10):
        failing(health, FAILURES_TO_OPEN - 1, 0.0)
        health.answered(health.began())
    assert health.may_begin(0.0)
    assert health.is_closed


def test_an_outage_pauses_calls_and_then_lets_one_go() -> None:
    health = Health()
    failing(health, FAILURES_TO_OPEN, 0.0)
    assert health.pause_left(0.0) == FIRST_PAUSE
    assert not health.may_begin(FIRST_PAUSE - 0.01)
    assert health.is_away(FIRST_PAUSE - 0.01)
    assert health.may_begin(FIRST_PAUSE)
    health.began()
    assert not health.may_begin(FIRST_PAUSE)
    assert health.is_away(FIRST_PAUSE)


def test_calls_that_began_before_the_outage_say_nothing_of_what_came_after() -> None:
    health = Health()
    marks = [health.began() for _ in range(50)]
    for mark in marks[:25]:
        health.failed(mark, 0.0)
    assert health.pause_left(0.0) == FIRST_PAUSE
    for mark in marks[25:]:
        health.answered(mark)
    health.began()
    assert not health.may_begin(FIRST_PAUSE), "answers to earlier calls let more than one probe go"


def test_a_late_answer_to_an_early_call_does_not_hide_an_outage() -> None:
    health = Health()
    early = health.began()
    failing(health, FAILURES_TO_OPEN - 1, 0.0)
    health.answered(early)
    failing(health, 1, 0.0)
    assert not health.is_closed


def test_polls_without_an_answer_are_an_outage_though_no_call_has_ended() -> None:
    health = Health()
    mark = health.began()
    for _ in range(FAILURES_TO_OPEN - 1):
        health.missed(mark, 0.0)
    health.alive(mark)
    for _ in range(FAILURES_TO_OPEN):
        assert health.is_closed
        health.missed(mark, 0.0)
    assert not health.is_closed


def test_each_failed_probe_makes_the_next_pause_longer_up_to_a_limit() -> None:
    health, now, pauses = Health(), 0.0, []
    failing(health, FAILURES_TO_OPEN, now)
    for _ in range(6):
        pauses.append(health.pause_left(now))
        now += pauses[-1]
        failing(health, 1, now)
    assert pauses == [1.0, 2.0, 4.0, LONGEST_PAUSE, LONGEST_PAUSE, LONGEST_PAUSE]


def test_answers_let_calls_back_in_step_by_step_until_the_breaker_is_closed() -> None:
    health, now = Health(), FIRST_PAUSE
    failing(health, FAILURES_TO_OPEN, 0.0)
    rounds = []
    while not health.is_closed:
        marks = []
        while health.may_begin(now):
            marks.append(health.began())
        rounds.append(len(marks))
        for mark in marks:
            health.answered(mark)
    assert rounds[:4] == [1, 2, 4, 8]
    assert sum(rounds) <= 2 * PROBES_TO_CLOSE


def test_one_throttled_call_stops_all_for_as_long_as_its_provider_wants_and_opens_nothing() -> None:
    health = Health()
    health.throttled(health.began(), 10.0, 7.5)
    assert not health.may_begin(17.4)
    assert health.may_begin(17.5)
    assert health.is_closed


def test_many_calls_of_one_moment_that_are_throttled_are_one_throttling() -> None:
    health = Health()
    for mark in [health.began() for _ in range(20)]:
        health.throttled(mark, 0.0, 1.0)
    assert health.is_closed


def test_rounds_of_nothing_but_throttling_are_an_outage() -> None:
    health = Health()
    for number in range(THROTTLES_TO_OPEN):
        assert health.is_closed
        health.throttled(health.began(), float(number), 1.0)
    assert not health.is_closed


def test_the_word_of_another_process_opens_and_lets_a_probe_go() -> None:
    health = Health()
    health.told_away(20.0)
    assert not health.may_begin(19.9)
    health.told_back()
    assert health.may_begin(12.0)
    health.began()
    assert not health.may_begin(12.0), "back by hearsay, and run over"


@pytest.mark.parametrize("probes_fail", [True, False])
def test_probes_are_all_that_an_open_breaker_lets_through(probes_fail: bool) -> None:
    health, calls, now = Health(), 0, 0.0
    failing(health, FAILURES_TO_OPEN, now)
    while now < 60.0:
        if health.may_begin(now):
            calls += 1
            mark = health.began()
            if probes_fail:
                health.failed(mark, now)
            else:
                health.abandoned(mark)
                break
        now += 0.05
    assert calls <= 3 + 60.0 / LONGEST_PAUSE


@given(st.lists(st.sampled_from(["begin", "answered", "failed", "throttled", "abandoned", "wait"]), max_size=200))
def test_calls_can_always_begin_again(steps: list[str]) -> None:
    health, now, marks = Health(), 0.0, []
    for step in steps:
        if step == "wait":
            now += 0.5
        elif step == "begin":
            if health.may_begin(now):
                marks.append(health.began())
        elif marks:
            mark = marks.pop()
            match step:
                case "answered":
                    health.answered(mark)
                case "abandoned":
                    health.abandoned(mark)
                case "failed":
                    health.failed(mark, now)
                case _:
                    health.throttled(mark, now, 2.0)
    for mark in marks:
        health.abandoned(mark)
    assert health.may_begin(now + LONGEST_PAUSE)
