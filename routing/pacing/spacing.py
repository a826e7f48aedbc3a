"""Starts of calls at a steady rate, each process on its own turn of one common count.

Providers count the calls of a second, a minute, or by a leaking bucket; starts that are spread evenly keep every
such limit. Where several processes share a rate, all count the starts that it allows from the moment at which it was
found, and each has numbers of its own: of three with a third each, the first takes the 1st, 4th, 7th start, the
second the 2nd, 5th, 8th. So together they are as even as one.

Times are in seconds of a clock that all processes share.
"""

from __future__ import annotations

import math
from typing import Final

from routing.pacing.learned_limit import LearnedLimit
from routing.pacing.shares import LimitShare

LATE: Final = 0.05
"""Seconds by which a start may be late and the next one all the same in time. What is later is not made up for: a
second with one more call in it is what a provider turns away."""
WOKEN: Final = 0.01
"""Seconds by which one who was told to come at a moment may come after it."""
DRAW: Final = 0.25
"""Largest share of a turn by which a start is drawn towards its number where the count begins anew."""
LONGEST_RESET: Final = 300.0
"""A longer one (a day's quota) is no pace: what it turns away is told by a 429."""


class EvenSpacing:
    """The moments at which calls of one model may start in this process, at a `rate` of all processes."""

    def __init__(self) -> None:
        self._used = -math.inf

    def next_start(self, now: float, rate: LearnedLimit, share: LimitShare) -> float:
        """The earliest moment for the next start, `now` at the earliest."""
        return max(now, self._next(now, rate, share)) if rate.is_met else now

    def start(self, now: float, rate: LearnedLimit, share: LimitShare) -> None:
        """A call starts."""
        self._used = self._next(now, rate, share) if rate.is_met else now

    def _next(self, now: float, rate: LearnedLimit, share: LimitShare) -> float:
        """A turn after the start before, drawn to this process's own number; after a gap the next of its numbers."""
        turn = 1.0 / share.fraction
        own = share.before * turn
        oldest = rate.sum_until(now - LATE)
        due = rate.sum_until(self._used) + turn if math.isfinite(self._used) else -math.inf
        if due < oldest:
            return rate.moment_of(math.ceil((rate.sum_until(now - WOKEN) - own) / turn) * turn + own)
        numbered = round((due - own) / turn) * turn + own
        return rate.moment_of(due + min(max(numbered - due, -DRAW * turn), DRAW * turn))


class AdvertisedLimit:
    """What was told last of the calls of one model that are left."""

    def __init__(self) -> None:
        self._left = math.inf
        self._limit = math.inf
        self._until = -math.inf
        self._told = False

    @property
    def is_told(self) -> bool:
        """Whether the provider tells its limit at all."""
        return self._told

    def update(self, limit: float | None, left: float, reset_seconds: float, now: float, share: LimitShare) -> None:
        """An answer tells that `left` of `limit` calls are left, and that all are there in `reset_seconds`."""
        if reset_seconds > LONGEST_RESET or left < 0.0:
            return
        self._told = True
        self._limit = limit if limit is not None and limit > 0 else max(left, 1.0)
        self._left = float(share.of(left, now)) if left >= 1.0 else 0.0
        self._until = now + max(reset_seconds, 0.0)

    def next_start(self, now: float) -> float:
        """The earliest moment for the next start, `now` at the earliest."""
        return now if now >= self._until or self._left >= 1.0 else self._until

    def start(self, now: float, share: LimitShare) -> None:
        """A call starts. After the reset, what is there is the share of the whole limit until an answer tells more."""
        if now >= self._until and self._told and not math.isinf(self._limit):
            self._left = float(max(share.of(self._limit, now), 1))
            self._until = now + 1.0
        self._left -= 1.0
