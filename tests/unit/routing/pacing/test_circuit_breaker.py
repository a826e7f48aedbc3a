"""The circuit breaker: no calls during an outage, and a gradual return after it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routing.pacing.circuit_breaker import (
    FAILURES_TO_OPEN,
    FIRST_PAUSE,
    LONGEST_PAUSE,
    PROBES_TO_CLOSE,
    THROTTLES_TO_OPEN,
    CircuitBreaker,
)


def failing(breaker: CircuitBreaker, times: int, now: float) -> None:
    for _ in range(times):
        breaker.failed(breaker.began(), now)


def test_a_few_failures_do_not_open_the_breaker() -> None:
    breaker = CircuitBreaker()
    for _ in range(10):
        failing(breaker, FAILURES_TO_OPEN - 1, 0.0)
        breaker.answered(breaker.began())
    assert breaker.may_begin(0.0)
    assert breaker.is_closed


def test_an_outage_opens_the_breaker_and_then_lets_one_probe_through() -> None:
    breaker = CircuitBreaker()
    failing(breaker, FAILURES_TO_OPEN, 0.0)
    assert breaker.pause_left(0.0) == FIRST_PAUSE
    assert not breaker.may_begin(FIRST_PAUSE - 0.01)
    assert breaker.is_unavailable(FIRST_PAUSE - 0.01)
    assert breaker.may_begin(FIRST_PAUSE)
    breaker.began()
    assert not breaker.may_begin(FIRST_PAUSE)
    assert breaker.is_unavailable(FIRST_PAUSE)


def test_calls_that_began_before_the_outage_are_ignored() -> None:
    breaker = CircuitBreaker()
    marks = [breaker.began() for _ in range(50)]
    for mark in marks[:25]:
        breaker.failed(mark, 0.0)
    assert breaker.pause_left(0.0) == FIRST_PAUSE
    for mark in marks[25:]:
        breaker.answered(mark)
    breaker.began()
    assert not breaker.may_begin(FIRST_PAUSE), "answers to earlier calls let more than one probe through"


def test_a_late_answer_to_an_early_call_does_not_hide_an_outage() -> None:
    breaker = CircuitBreaker()
    early = breaker.began()
    failing(breaker, FAILURES_TO_OPEN - 1, 0.0)
    breaker.answered(early)
    failing(breaker, 1, 0.0)
    assert not breaker.is_closed


def test_unanswered_polls_are_an_outage_before_any_call_has_ended() -> None:
    breaker = CircuitBreaker()
    mark = breaker.began()
    for _ in range(FAILURES_TO_OPEN - 1):
        breaker.poll_failed(mark, 0.0)
    breaker.poll_answered(mark)
    for _ in range(FAILURES_TO_OPEN):
        assert breaker.is_closed
        breaker.poll_failed(mark, 0.0)
    assert not breaker.is_closed


def test_each_failed_probe_doubles_the_pause_up_to_a_limit() -> None:
    breaker, now, pauses = CircuitBreaker(), 0.0, []
    failing(breaker, FAILURES_TO_OPEN, now)
    for _ in range(6):
        pauses.append(breaker.pause_left(now))
        now += pauses[-1]
        failing(breaker, 1, now)
    assert pauses == [1.0, 2.0, 4.0, LONGEST_PAUSE, LONGEST_PAUSE, LONGEST_PAUSE]


def test_answered_probes_double_the_calls_until_the_breaker_closes() -> None:
    breaker, now = CircuitBreaker(), FIRST_PAUSE
    failing(breaker, FAILURES_TO_OPEN, 0.0)
    rounds = []
    while not breaker.is_closed:
        marks = []
        while breaker.may_begin(now):
            marks.append(breaker.began())
        rounds.append(len(marks))
        for mark in marks:
            breaker.answered(mark)
    assert rounds[:4] == [1, 2, 4, 8]
    assert sum(rounds) <= 2 * PROBES_TO_CLOSE


def test_one_429_pauses_all_calls_for_its_retry_after_and_does_not_open_the_breaker() -> None:
    breaker = CircuitBreaker()
    breaker.throttled(breaker.began(), 10.0, 7.5)
    assert not breaker.may_begin(17.4)
    assert breaker.may_begin(17.5)
    assert breaker.is_closed


def test_many_429s_at_the_same_time_count_once() -> None:
    breaker = CircuitBreaker()
    for mark in [breaker.began() for _ in range(20)]:
        breaker.throttled(mark, 0.0, 1.0)
    assert breaker.is_closed


def test_several_rounds_of_429s_open_the_breaker() -> None:
    breaker = CircuitBreaker()
    for number in range(THROTTLES_TO_OPEN):
        assert breaker.is_closed
        breaker.throttled(breaker.began(), float(number), 1.0)
    assert not breaker.is_closed


def test_reports_of_another_process_open_the_breaker_and_allow_a_probe() -> None:
    breaker = CircuitBreaker()
    breaker.opened_elsewhere(20.0)
    assert not breaker.may_begin(19.9)
    breaker.recovered_elsewhere()
    assert breaker.may_begin(12.0)
    breaker.began()
    assert not breaker.may_begin(12.0), "a report of recovery let more than one probe through"


@pytest.mark.parametrize("probes_fail", [True, False])
def test_an_open_breaker_lets_only_probes_through(probes_fail: bool) -> None:
    breaker, calls, now = CircuitBreaker(), 0, 0.0
    failing(breaker, FAILURES_TO_OPEN, now)
    while now < 60.0:
        if breaker.may_begin(now):
            calls += 1
            mark = breaker.began()
            if probes_fail:
                breaker.failed(mark, now)
            else:
                breaker.abandoned(mark)
                break
        now += 0.05
    assert calls <= 3 + 60.0 / LONGEST_PAUSE


@given(st.lists(st.sampled_from(["begin", "answered", "failed", "throttled", "abandoned", "wait"]), max_size=200))
def test_an_open_breaker_always_allows_calls_again(steps: list[str]) -> None:
    breaker, now, marks = CircuitBreaker(), 0.0, []
    for step in steps:
        if step == "wait":
            now += 0.5
        elif step == "begin":
            if breaker.may_begin(now):
                marks.append(breaker.began())
        elif marks:
            mark = marks.pop()
            match step:
                case "answered":
                    breaker.answered(mark)
                case "abandoned":
                    breaker.abandoned(mark)
                case "failed":
                    breaker.failed(mark, now)
                case _:
                    breaker.throttled(mark, now, 2.0)
    for mark in marks:
        breaker.abandoned(mark)
    assert breaker.may_begin(now + LONGEST_PAUSE)
