"""When a model may be asked: not while its provider is away, and not all at once when it is back."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from routing.health import FAILURES_TO_PAUSE, FIRST_PAUSE, LONGEST_PAUSE, Health


def failing(health: Health, times: int, now: float) -> None:
    for _ in range(times):
        health.began()
        health.failed(now)


def test_bad_luck_pauses_nothing() -> None:
    health = Health()
    for _ in range(10):
        failing(health, FAILURES_TO_PAUSE - 1, 0.0)
        health.began()
        health.answered()
    assert health.may_begin(0.0)


def test_an_outage_pauses_calls_and_then_lets_one_go() -> None:
    health = Health()
    failing(health, FAILURES_TO_PAUSE, 0.0)
    assert health.pause_left(0.0) == FIRST_PAUSE
    assert not health.may_begin(FIRST_PAUSE - 0.01)
    assert health.may_begin(FIRST_PAUSE)
    health.began()
    assert not health.may_begin(FIRST_PAUSE)


def test_calls_that_began_before_the_outage_make_no_longer_pause() -> None:
    health = Health()
    for _ in range(50):
        health.began()
    for _ in range(50):
        health.failed(0.0)
    assert health.pause_left(0.0) == FIRST_PAUSE


def test_each_failed_look_makes_the_next_pause_longer_up_to_a_limit() -> None:
    health, now, pauses = Health(), 0.0, []
    failing(health, FAILURES_TO_PAUSE, now)
    for _ in range(6):
        pauses.append(health.pause_left(now))
        now += pauses[-1]
        failing(health, 1, now)
    assert pauses == [1.0, 2.0, 4.0, LONGEST_PAUSE, LONGEST_PAUSE, LONGEST_PAUSE]


def test_answers_let_calls_back_in_step_by_step() -> None:
    health, now = Health(), FIRST_PAUSE
    failing(health, FAILURES_TO_PAUSE, 0.0)
    rounds = []
    for _ in range(4):
        begun = 0
        while health.may_begin(now):
            health.began()
            begun += 1
        rounds.append(begun)
        for _ in range(begun):
            health.answered()
    assert rounds == [1, 2, 4, 8]


def test_a_provider_that_throttles_is_not_asked_before_it_wants_to_be() -> None:
    health = Health()
    health.began()
    health.throttled(10.0, 7.5)
    assert not health.may_begin(17.4)
    assert health.may_begin(17.5)


@given(st.lists(st.sampled_from(["begin", "answered", "failed", "throttled", "abandoned", "wait"]), max_size=200))
def test_calls_can_always_begin_again(steps: list[str]) -> None:
    health, now, calls = Health(), 0.0, 0
    for step in steps:
        if step == "wait":
            now += 0.5
        elif step == "begin":
            if health.may_begin(now):
                health.began()
                calls += 1
        elif calls:
            calls -= 1
            match step:
                case "answered":
                    health.answered()
                case "abandoned":
                    health.abandoned()
                case "failed":
                    health.failed(now)
                case _:
                    health.throttled(now, 2.0)
    for _ in range(calls):
        health.abandoned()
    assert health.may_begin(now + LONGEST_PAUSE)
