"""Learned limits: what an estimate allows, how it changes, and how two processes merge theirs."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routing.pacing.learned_limit import FIRST_HOLD, HIGHEST, LONGEST_HOLD, MARGIN, UNSURE_HOLD, LearnedLimit

KNOWN = st.floats(0.05, 500.0)
HOLDS = st.sampled_from([UNSURE_HOLD, FIRST_HOLD, 16.0, LONGEST_HOLD])
MET = st.builds(
    lambda known, hold, met_at, at: LearnedLimit(known, met_at, hold, met_at=met_at, met=known, at=met_at + at),
    KNOWN, HOLDS, st.floats(1.0, 1000.0), st.floats(0.0, 50.0),
)  # fmt: skip
ANY = st.one_of(MET, st.builds(LearnedLimit, KNOWN))


def met(known: float, now: float) -> LearnedLimit:
    return LearnedLimit(math.inf).lowered(known, now)


def test_slow_start_grows_only_with_calls_near_the_limit() -> None:
    window = LearnedLimit(8.0)
    assert window.passed(8.0, 0.0, 1.0).known == 9.0
    assert window.passed(3.0, 0.0, 1.0) == window


def test_calls_stay_below_a_limit_and_then_climb_to_it() -> None:
    limit = met(20.0, 1.0).lowered(20.0, 10.0)
    assert limit.allows(10.0 + limit.hold) == pytest.approx(MARGIN * 20.0)
    assert limit.allows(10.0 + 2 * limit.hold) > 20.0
    assert limit.allows(1e6) == pytest.approx(HIGHEST * 20.0)


def test_a_limit_that_is_met_again_is_tested_less_often() -> None:
    limit, now, holds = met(20.0, 1.0), 1.0, list[float]()
    for _ in range(8):
        now += 3 * limit.hold
        limit = limit.lowered(20.0, now)
        holds.append(limit.hold)
    assert holds == sorted(holds)
    assert holds[0] == FIRST_HOLD
    assert holds[-1] == LONGEST_HOLD


def test_a_429_below_the_limit_lowers_it() -> None:
    limit = met(20.0, 1.0).lowered(20.0, 100.0)
    assert limit.lowered(20.0, 101.0).known < 20.0


def test_a_limit_that_rose_is_followed() -> None:
    limit, now = met(5.0, 1.0), 1.0
    for _ in range(400):
        now += 0.5
        limit = limit.passed(limit.allows(now - 4.0), now - 4.0, now)
    assert limit.allows(now) > 20.0


def test_calls_that_began_before_the_last_429_do_not_raise_the_limit() -> None:
    limit = met(5.0, 10.0)
    assert limit.passed(9.0, 9.0, 11.0) == limit


@given(MET, st.floats(-10.0, 2000.0))
def test_moment_of_is_the_inverse_of_sum_until(limit: LearnedLimit, seconds: float) -> None:
    moment = limit.since + seconds
    assert limit.moment_of(limit.sum_until(moment)) == pytest.approx(moment, abs=1e-5)


@given(MET, st.floats(0.0, 2000.0))
def test_the_sum_is_the_integral_of_what_is_allowed(limit: LearnedLimit, seconds: float) -> None:
    now, step = limit.since + seconds, 1e-3
    slope = (limit.sum_until(now + step) - limit.sum_until(now)) / step
    assert slope == pytest.approx(limit.allows(now), rel=1e-2)


@given(ANY, ANY)
def test_merging_is_commutative_and_idempotent(one: LearnedLimit, other: LearnedLimit) -> None:
    merged = one.merged(other)
    assert merged.allows(2000.0) == other.merged(one).allows(2000.0)
    assert merged.merged(one) == merged == merged.merged(other)


def test_a_later_429_outweighs_earlier_knowledge() -> None:
    refused, raised = met(5.0, 10.0), LearnedLimit(9.0, 0.0, FIRST_HOLD, met_at=1.0, met=8.0, at=12.0)
    assert refused.merged(raised) == refused == raised.merged(refused)
