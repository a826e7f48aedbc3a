"""When a model may be asked: not while its provider is away, and not all at once when it is back."""

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


def test_bad_luck_pauses_nothing() -> None:
    breaker = CircuitBreaker()
    for _ in range(10):
        failing(breaker, FAILURES_TO_OPEN - 1, 0.0)
        breaker.answered(breaker.began())
    assert breaker.may_begin(0.0)
    assert breaker.is_closed


def test_an_outage_pauses_calls_and_then_lets_one_go() -> None:
    breaker = CircuitBreaker()
    failing(breaker, FAILURES_TO_OPEN, 0.0)
    assert breaker.pause_left(0.0) == FIRST_PAUSE
    assert not breaker.may_begin(FIRST_PAUSE - 0.01)
    assert breaker.is_unavailable(FIRST_PAUSE - 0.01)
    assert breaker.may_begin(FIRST_PAUSE)
    breaker.began()
    assert not breaker.may_begin(FIRST_PAUSE)
    assert breaker.is_unavailable(FIRST_PAUSE)


def test_calls_that_began_before_the_outage_say_nothing_of_what_came_after() -> None:
    breaker = CircuitBreaker()
    marks = [breaker.began() for _ in range(50)]
    for mark in marks[:25]:
        breaker.failed(mark, 0.0)
    assert breaker.pause_left(0.0) == FIRST_PAUSE
    for mark in marks[25:]:
        breaker.answered(mark)
    breaker.began()
    assert not breaker.may_begin(FIRST_PAUSE), "answers to earlier calls let more than one probe go"


def test_a_late_answer_to_an_early_call_does_not_hide_an_outage() -> None:
    breaker = CircuitBreaker()
    early = breaker.began()
    failing(breaker, FAILURES_TO_OPEN - 1, 0.0)
    breaker.answered(early)
    failing(breaker, 1, 0.0)
    assert not breaker.is_closed


def test_polls_without_an_answer_are_an_outage_though_no_call_has_ended() -> None:
    breaker = CircuitBreaker()
    mark = breaker.began()
    for _ in range(FAILURES_TO_OPEN - 1):
        breaker.poll_failed(mark, 0.0)
    breaker.poll_answered(mark)
    for _ in range(FAILURES_TO_OPEN):
        assert breaker.is_closed
        breaker.poll_failed(mark, 0.0)
    assert not breaker.is_closed


def test_each_failed_probe_makes_the_next_pause_longer_up_to_a_limit() -> None:
    breaker, now, pauses = CircuitBreaker(), 0.0, []
    failing(breaker, FAILURES_TO_OPEN, now)
    for _ in range(6):
        pauses.append(breaker.pause_left(now))
        now += pauses[-1]
        failing(breaker, 1, now)
    assert pauses == [1.0, 2.0, 4.0, LONGEST_PAUSE, LONGEST_PAUSE, LONGEST_PAUSE]


def test_answers_let_calls_back_in_step_by_step_until_the_breaker_is_closed() -> None:
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


def test_one_throttled_call_stops_all_for_as_long_as_its_provider_wants_and_opens_nothing() -> None:
    breaker = CircuitBreaker()
    breaker.throttled(breaker.began(), 10.0, 7.5)
    assert not breaker.may_begin(17.4)
    assert breaker.may_begin(17.5)
    assert breaker.is_closed


def test_many_calls_of_one_moment_that_are_throttled_are_one_throttling() -> None:
    breaker = CircuitBreaker()
    for mark in [breaker.began() for _ in range(20)]:
        breaker.throttled(mark, 0.0, 1.0)
    assert breaker.is_closed


def test_rounds_of_nothing_but_throttling_are_an_outage() -> None:
    breaker = CircuitBreaker()
    for number in range(THROTTLES_TO_OPEN):
        assert breaker.is_closed
        breaker.throttled(breaker.began(), float(number), 1.0)
    assert not breaker.is_closed


def test_the_word_of_another_process_opens_and_lets_a_probe_go() -> None:
    breaker = CircuitBreaker()
    breaker.opened_elsewhere(20.0)
    assert not breaker.may_begin(19.9)
    breaker.recovered_elsewhere()
    assert breaker.may_begin(12.0)
    breaker.began()
    assert not breaker.may_begin(12.0), "back by hearsay, and run over"


@pytest.mark.parametrize("probes_fail", [True, False])
def test_probes_are_all_that_an_open_breaker_lets_through(probes_fail: bool) -> None:
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
def test_calls_can_always_begin_again(steps: list[str]) -> None:
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
