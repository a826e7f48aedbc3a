"""Which failures are retried, when, and how often."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routing.pacing.retries import JITTER, TIERS, GiveUp, TryAgain, after_failure
from schemas.errors import (
    BadOutput,
    InvalidRequest,
    ModelPaused,
    ProviderError,
    RateLimited,
    Refused,
    StoreError,
    Unavailable,
)
from tests.support.factories import NOW

SECOND = timedelta(seconds=1)


def ask(error: Exception, attempt: int = 1, left: float | None = None, random: float = 0.0) -> TryAgain | GiveUp:
    deadline = NOW + timedelta(seconds=left) if left is not None else None
    return after_failure(error, attempt=attempt, now=NOW, deadline_at=deadline, needs=SECOND, random=random)


@pytest.mark.parametrize(
    "error", [Refused("no"), InvalidRequest("no"), StoreError("no such bucket", retryable=False), ValueError("bug")]
)
def test_errors_that_a_retry_cannot_fix_are_given_up_at_once(error: Exception) -> None:
    assert isinstance(ask(error), GiveUp)


def test_the_delay_grows_with_each_attempt() -> None:
    answers = [ask(Unavailable("away"), attempt) for attempt in range(1, 6)]
    delays = [answer.due_at - NOW for answer in answers if isinstance(answer, TryAgain)]
    assert delays == sorted(delays)
    assert delays[0] == timedelta(seconds=TIERS[0])
    assert [answer.attempt for answer in answers if isinstance(answer, TryAgain)] == [2, 3, 4, 5, 6]


def test_a_retry_waits_at_least_as_long_as_the_provider_asks() -> None:
    answer = ask(RateLimited("slow down", retry_after=30.0))
    assert isinstance(answer, TryAgain)
    assert answer.due_at - NOW >= timedelta(seconds=30)


def test_errors_that_cost_money_are_retried_less_often() -> None:
    tried = {
        kind: next(n for n in range(1, 20) if isinstance(ask(kind("x"), n), GiveUp))
        for kind in (BadOutput, Unavailable)
    }
    assert tried[BadOutput] < tried[Unavailable]


@given(
    st.sampled_from([Unavailable("x"), BadOutput("x"), RateLimited("x"), RateLimited("x", retry_after=20)]),
    st.integers(1, 12),
    st.floats(0, 400),
    st.floats(0, 1),
)
def test_no_retry_starts_that_cannot_end_before_the_deadline(
    error: ProviderError, attempt: int, left: float, random: float
) -> None:
    answer = ask(error, attempt, left, random)
    if isinstance(answer, TryAgain):
        assert answer.due_at + SECOND <= NOW + timedelta(seconds=left)
        longest = TIERS[answer.tier] * (1 + JITTER)
        assert timedelta(seconds=TIERS[answer.tier]) <= answer.due_at - NOW <= timedelta(seconds=longest + 0.001)
    else:
        assert answer.reason


@pytest.mark.parametrize("error", [ModelPaused("away", retry_after=4.0), StoreError("away")])
@pytest.mark.parametrize("attempt", [1, 5, 500])
def test_a_call_that_was_not_made_does_not_count_as_an_attempt(error: Exception, attempt: int) -> None:
    answer = ask(error, attempt)
    assert isinstance(answer, TryAgain)
    assert answer.attempt == attempt
    assert answer.due_at - NOW >= timedelta(seconds=4)
    assert isinstance(ask(error, attempt, left=5.0), GiveUp)
