"""When the next call may start: evenly spaced at the learned rate, and within what the provider advertises.

Providers count calls per second, per minute, or with a leaky bucket. Evenly spaced starts satisfy every such limit.
Where several processes share a rate, all count the starts that it allows from the time when it was learned, and each
process has numbers of its own: of three with a third each, the first takes starts 1, 4, 7, the second 2, 5, 8. So
together they are as even as one.

Times are seconds of a clock that all processes share.
"""

from __future__ import annotations

import math
from typing import Final

from routing.pacing.learned_limit import LearnedLimit
from routing.pacing.shares import LimitShare

LATE: Final = 0.05
"""Seconds by which a start may be late and the next one is still on time. A longer delay is not made up for: a second
with one more call in it is what a provider refuses."""
WOKEN: Final = 0.01
"""Seconds by which a sleeper may wake late."""
DRAW: Final = 0.25
"""Largest part of a turn by which a start is moved towards its number after the count has restarted."""
LONGEST_RESET: Final = 300.0
"""A longer window, such as a day's quota, does not pace calls; running out of it shows as a 429."""


class EvenSpacing:
    """The times at which calls of one model may start in this process, at a `rate` shared by all processes."""

    def __init__(self) -> None:
        self._used = -math.inf

    def next_start(self, now: float, rate: LearnedLimit, share: LimitShare) -> float:
        """The earliest time for the next start, not before `now`."""
        return max(now, self._next(now, rate, share)) if rate.is_met else now

    def start(self, now: float, rate: LearnedLimit, share: LimitShare) -> None:
        """Report that a call starts."""
        self._used = self._next(now, rate, share) if rate.is_met else now

    def _next(self, now: float, rate: LearnedLimit, share: LimitShare) -> float:
        """One turn after the last start, moved towards this process's own number; after a gap, its next number."""
        # Starts are counted by the integral of the rate, so a rate that changes keeps the spacing even. All processes
        # compute the same integral, which makes their numbers fit together without any message.
        turn = 1.0 / share.fraction
        own = share.before * turn
        oldest = rate.sum_until(now - LATE)
        due = rate.sum_until(self._used) + turn if math.isfinite(self._used) else -math.inf
        if due < oldest:
            return rate.moment_of(math.ceil((rate.sum_until(now - WOKEN) - own) / turn) * turn + own)
        numbered = round((due - own) / turn) * turn + own
        return rate.moment_of(due + min(max(numbered - due, -DRAW * turn), DRAW * turn))


class AdvertisedLimit:
    """The calls that remain in the provider's window, as its answers last reported.

    This reading is exact for fixed windows and safe for leaky buckets, where each answer reports what was restored
    since. A process takes its share of what remains.
    """

    def __init__(self) -> None:
        self._left = math.inf
        self._limit = math.inf
        self._until = -math.inf

    def update(self, limit: float | None, left: float, reset_seconds: float, now: float, share: LimitShare) -> None:
        """An answer reports that `left` of `limit` calls remain, and that all are restored in `reset_seconds`."""
        if reset_seconds > LONGEST_RESET or left < 0.0:
            return
        self._limit = limit if limit is not None and limit > 0 else max(left, 1.0)
        self._left = float(share.of(left, now)) if left >= 1.0 else 0.0
        self._until = now + max(reset_seconds, 0.0)

    def next_start(self, now: float) -> float:
        """The earliest time for the next start, not before `now`."""
        return now if now >= self._until or self._left >= 1.0 else self._until

    def start(self, now: float, share: LimitShare) -> None:
        """Report that a call starts. After the reset, the whole limit is assumed until an answer reports more."""
        if now >= self._until and not math.isinf(self._limit):
            self._left = float(max(share.of(self._limit, now), 1))
            self._until = now + 1.0
        self._left -= 1.0
