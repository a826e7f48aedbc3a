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

from schemas.errors import BadOutput, BrushfireError, ProviderError, RateLimited, Unavailable

TIERS: Final[tuple[float, ...]] = (2.0, 10.0, 45.0, 180.0)
"""Seconds of delay: a hiccup, a short overload, a restart, an outage."""
JITTER: Final = 0.25
"""Largest share of a delay that is added to it."""


@dataclass(frozen=True, slots=True)
class Policy:
    """How often a kind of error is tried in all, and the first tier that it waits in."""

    attempts: int
    first_tier: int


POLICIES: Final[tuple[tuple[type[BrushfireError], Policy], ...]] = (
    (RateLimited, Policy(attempts=8, first_tier=0)),
    (BadOutput, Policy(attempts=3, first_tier=0)),
    (Unavailable, Policy(attempts=6, first_tier=0)),
)
"""A bad output is paid each time, so it is tried less often than what costs nothing."""


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
    `luck` is a random number from 0 to 1.
    """
    policy = next((policy for kind, policy in POLICIES if isinstance(error, kind)), None)
    if policy is None or not isinstance(error, ProviderError):
        return GiveUp(f"{type(error).__name__} is not mended by trying again: {error}")
    if attempt >= policy.attempts:
        return GiveUp(f"given up after {attempt} attempts: {error}")
    tier = _tier(error, policy, attempt)
    due_at = now + timedelta(seconds=TIERS[tier] * (1.0 + JITTER * luck))
    if deadline_at is not None and due_at + needs > deadline_at:
        return GiveUp(f"no further attempt can end before the deadline: {error}")
    return TryAgain(due_at=due_at, tier=tier, attempt=attempt + 1)


def _tier(error: ProviderError, policy: Policy, attempt: int) -> int:
    """One tier up with each attempt; at least as long as the provider asked for."""
    tier = min(policy.first_tier + attempt - 1, len(TIERS) - 1)
    asked = error.retry_after if isinstance(error, RateLimited) else None
    if asked is None:
        return tier
    enough = next((place for place, seconds in enumerate(TIERS) if seconds >= asked), len(TIERS) - 1)
    return max(tier, enough)
