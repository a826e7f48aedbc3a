"""When a failed job is retried and when it is given up: exponential backoff with jitter.

The kind of error decides. No retry goes past a deadline. The delays are tiers with one topic each, so that in each
topic the first message is the next one due. Jitter lengthens a delay by up to `JITTER` of itself, so that jobs that
failed together are not retried together (AWS Architecture Blog, "Exponential Backoff And Jitter", 2015).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from schemas.errors import BadOutput, ModelPaused, RateLimited, StoreError, Unavailable

TIERS: Final[tuple[float, ...]] = (2.0, 10.0, 45.0, 180.0)
"""Seconds of delay: for a hiccup, a short overload, a restart, an outage."""
WAITING_TIER: Final = 1
"""The tier of a job that waits for the store: its handler has waited in place before."""
JITTER: Final = 0.25
"""Largest part of a delay that is added to it."""


@dataclass(frozen=True, slots=True)
class Policy:
    """How often a kind of error is tried in all, and the tier of its first delay."""

    attempts: int
    first_tier: int


POLICIES: Final[tuple[tuple[type[Exception], Policy], ...]] = (
    (RateLimited, Policy(attempts=8, first_tier=0)),
    (BadOutput, Policy(attempts=3, first_tier=0)),
    (Unavailable, Policy(attempts=6, first_tier=0)),
    (TimeoutError, Policy(attempts=3, first_tier=1)),
)
"""A bad output is paid each time, so it is tried less often than failures that cost nothing. A handler that timed out
held up others for all that time."""


@dataclass(frozen=True, slots=True)
class TryAgain:
    """Deliver the job again at `due_at`, through the topic of `tier`, as attempt number `attempt`."""

    due_at: datetime
    tier: int
    attempt: int


@dataclass(frozen=True, slots=True)
class GiveUp:
    """Do not retry, for this reason."""

    reason: str


def after_failure(
    error: Exception, *, attempt: int, now: datetime, deadline_at: datetime | None, needs: timedelta, random: float
) -> TryAgain | GiveUp:
    """Decide what happens after an attempt ended in `error`.

    Args:
        error: what the attempt raised.
        attempt: number of the attempt that failed, from 1. One that did not reach the model does not count.
        now: the current time.
        deadline_at: end of the time for the job; None for no deadline.
        needs: how long an attempt usually takes: a retry that could not end in time is not made.
        random: a random number from 0 to 1, for the jitter.

    Returns:
        When to retry, or why not to.
    """
    tier, following = _waiting_tier(error), attempt
    if _is_attempt(error):
        policy = next((policy for kind, policy in POLICIES if isinstance(error, kind)), None)
        if policy is None:
            return GiveUp(f"{type(error).__name__} is not fixed by a retry: {error}")
        if attempt >= policy.attempts:
            return GiveUp(f"given up after {attempt} attempts: {error}")
        tier, following = _tier(error, policy, attempt), attempt + 1
    due_at = now + timedelta(seconds=TIERS[tier] * (1.0 + JITTER * random))
    if deadline_at is not None and due_at + needs > deadline_at:
        return GiveUp(f"no further attempt can end before the deadline: {error}")
    return TryAgain(due_at, tier, following)


def _is_attempt(error: Exception) -> bool:
    """Whether the model was called. Where its breaker is open or the store is unavailable, it was not."""
    return not (isinstance(error, ModelPaused) or (isinstance(error, StoreError) and error.retryable))


def _waiting_tier(error: Exception) -> int:
    return _long_enough(error.retry_after) if isinstance(error, ModelPaused) else WAITING_TIER


def _tier(error: Exception, policy: Policy, attempt: int) -> int:
    """One tier up with each attempt, and at least as long as the provider asked for."""
    tier = min(policy.first_tier + attempt - 1, len(TIERS) - 1)
    asked = error.retry_after if isinstance(error, RateLimited) else None
    return tier if asked is None else max(tier, _long_enough(asked))


def _long_enough(seconds: float) -> int:
    """The first tier of at least `seconds`, or the last tier."""
    return next((place for place, delay in enumerate(TIERS) if delay >= seconds), len(TIERS) - 1)
