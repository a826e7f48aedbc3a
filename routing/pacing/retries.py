"""When a failed job is tried again, and when it is given up.

The kind of the error decides, with jitter, and never past a deadline.

The delays are tiers, one topic each, so that in each topic the next message due is the first. A delay is
lengthened by up to `JITTER` of itself, so that jobs that failed together do not come back together (AWS
Architecture Blog, "Exponential Backoff And Jitter", 2015).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from schemas.errors import BadOutput, ModelPaused, RateLimited, StoreError, Unavailable

TIERS: Final[tuple[float, ...]] = (2.0, 10.0, 45.0, 180.0)
"""Seconds of delay: a hiccup, a short overload, a restart, an outage."""
WAITING_TIER: Final = 1
"""What waits for the store comes again in ten seconds: the handler has waited in place for longer already."""
JITTER: Final = 0.25
"""Largest share of a delay that is added to it."""


@dataclass(frozen=True, slots=True)
class Policy:
    """How often a kind of error is tried in all, and the first tier that it waits in."""

    attempts: int
    first_tier: int


POLICIES: Final[tuple[tuple[type[Exception], Policy], ...]] = (
    (RateLimited, Policy(attempts=8, first_tier=0)),
    (BadOutput, Policy(attempts=3, first_tier=0)),
    (Unavailable, Policy(attempts=6, first_tier=0)),
    (TimeoutError, Policy(attempts=3, first_tier=1)),
)
"""A bad output is paid each time, so it is tried less often than what costs nothing; a handler that came to its limit
without an answer held up others for all that time."""


@dataclass(frozen=True, slots=True)
class TryAgain:
    """Deliver again at `due_at`, through the topic of `tier`, as attempt `attempt`."""

    due_at: datetime
    tier: int
    attempt: int


@dataclass(frozen=True, slots=True)
class GiveUp:
    """Do not try again, for this reason."""

    reason: str


def after_failure(
    error: Exception, *, attempt: int, now: datetime, deadline_at: datetime | None, needs: timedelta, luck: float
) -> TryAgain | GiveUp:
    """What to do after attempt number `attempt` (1 is the first) ended in `error`.

    `needs` is how long an attempt usually takes: one that could not end before `deadline_at` is not begun.
    `luck` is a random number from 0 to 1. An attempt that was not made (see `_is_attempt`) does not count.
    """
    tier, following = _waiting_tier(error), attempt
    if _is_attempt(error):
        policy = next((policy for kind, policy in POLICIES if isinstance(error, kind)), None)
        if policy is None:
            return GiveUp(f"{type(error).__name__} is not mended by trying again: {error}")
        if attempt >= policy.attempts:
            return GiveUp(f"given up after {attempt} attempts: {error}")
        tier, following = _tier(error, policy, attempt), attempt + 1
    due_at = now + timedelta(seconds=TIERS[tier] * (1.0 + JITTER * luck))
    if deadline_at is not None and due_at + needs > deadline_at:
        return GiveUp(f"no further attempt can end before the deadline: {error}")
    return TryAgain(due_at, tier, following)


def _is_attempt(error: Exception) -> bool:
    """Whether something was tried and failed. Where the model was not even asked, or the store is away, nothing was."""
    return not (isinstance(error, ModelPaused) or (isinstance(error, StoreError) and error.retryable))


def _waiting_tier(error: Exception) -> int:
    return _long_enough(error.retry_after) if isinstance(error, ModelPaused) else WAITING_TIER


def _tier(error: Exception, policy: Policy, attempt: int) -> int:
    """One tier up with each attempt; at least as long as the provider asked for."""
    tier = min(policy.first_tier + attempt - 1, len(TIERS) - 1)
    asked = error.retry_after if isinstance(error, RateLimited) else None
    return tier if asked is None else max(tier, _long_enough(asked))


def _long_enough(seconds: float) -> int:
    """The first tier of at least `seconds`, or the last."""
    return next((place for place, delay in enumerate(TIERS) if delay >= seconds), len(TIERS) - 1)
