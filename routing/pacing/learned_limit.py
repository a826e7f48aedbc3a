"""An estimate of a limit that a provider does not publish: concurrent calls, or calls per second.

What it allows is a function of a few numbers and of the time. So all processes that share those numbers allow the same,
and a restart loses nothing. After a limit was met, calls stay 1.5 % below it for `hold` seconds. Then they climb to it
and a little beyond, to test whether it still applies (as CUBIC does: RFC 9438, section 4.1). `hold` is four times as
long each time the limit is found where it was.

Times are seconds of a clock that all processes share.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Final

MARGIN: Final = 0.985
"""Part of the known limit at which calls stay."""
HIGHEST: Final = 1.1
HIGHEST_UNSURE: Final = 2.0
"""Most that is allowed, relative to the known limit; beyond that the limit rises only when calls are let through. A
limit that was met only once is uncertain: each of several processes may have seen a part of it."""
UNSURE_HOLD: Final = 1.0
LOWER: Final = 0.995
"""Factor on a limit that was refused even while calls stayed below it."""
FIRST_HOLD: Final = 4.0
LONGEST_HOLD: Final = 256.0
LONGER: Final = 4.0
"""Factor on `hold` when a limit is found where it was before."""
CLIMB: Final = 0.2
"""Part of the known limit by which calls climb during each further `hold` seconds."""
RAISE: Final = 1.03
"""A limit that is exceeded by less is left unchanged: each change restarts its clock."""
SAME: Final = 0.15
"""Two limits that differ by at most this part are one limit, met twice."""


@dataclass(frozen=True, slots=True)
class LearnedLimit:
    """An immutable estimate; each method that learns returns a new one.

    `known` is the most that was let through. The last 429 arrived at `met_at`, beyond `met`; `met_at` is 0 while there
    was none, and then `known` is what slow start may try. Calls stay below for `hold` seconds from `since`. `at` is
    when any of these last changed.
    """

    known: float
    since: float = 0.0
    hold: float = FIRST_HOLD
    met_at: float = 0.0
    met: float = 0.0
    at: float = 0.0

    @property
    def is_met(self) -> bool:
        """Whether a call was ever refused because of it."""
        return self.met_at > 0.0

    @property
    def holds_until(self) -> float:
        """Until when calls stay below the limit."""
        return self.since + self.hold

    def allows(self, now: float) -> float:
        """What is allowed at `now`: concurrent calls, or calls per second."""
        if not self.is_met:
            return self.known
        climbed = CLIMB * max(0.0, (now - self.since) / self.hold - 1.0)
        return self.known * min(MARGIN + climbed, self._highest)

    def sum_until(self, now: float) -> float:
        """The integral of `allows` from `since` to `now`; for calls per second, the number of calls."""
        # The integral has three parts: level at MARGIN, then a linear climb, then level at the highest.
        holds = (now - self.since) / self.hold
        climbs = min(max(holds - 1.0, 0.0), self._climbs)
        beyond = max(holds - 1.0 - self._climbs, 0.0)
        sums = MARGIN * (holds - beyond) + CLIMB * climbs**2 / 2.0 + self._highest * beyond
        return self.known * self.hold * sums

    def moment_of(self, total: float) -> float:
        """The time at which `sum_until` equals `total`."""
        # Inverts the three parts of `sum_until`; the climb is a quadratic in time.
        sums = total / (self.known * self.hold)
        to_top = MARGIN * (1.0 + self._climbs) + CLIMB * self._climbs**2 / 2.0
        if sums <= MARGIN:
            holds = sums / MARGIN
        elif sums <= to_top:
            holds = 1.0 + (math.sqrt(MARGIN**2 + 2.0 * CLIMB * (sums - MARGIN)) - MARGIN) / CLIMB
        else:
            holds = 1.0 + self._climbs + (sums - to_top) / self._highest
        return self.since + self.hold * holds

    @property
    def _highest(self) -> float:
        return HIGHEST_UNSURE if self.hold == UNSURE_HOLD else HIGHEST

    @property
    def _climbs(self) -> float:
        """How many times `hold` the climb takes to the highest that is allowed."""
        return (self._highest - MARGIN) / CLIMB

    def lowered(self, let_through: float, now: float, pause: float = 0.0) -> LearnedLimit:
        """After a 429, while `let_through` was still accepted; calls resume after `pause` seconds."""
        hold, known = FIRST_HOLD, let_through
        if not self.is_met:
            hold = UNSURE_HOLD
        elif now < self.holds_until:  # calls below the limit were refused as well
            hold, known = max(self.hold, FIRST_HOLD), LOWER * min(let_through, self.known)
        elif abs(let_through - self.known) <= SAME * self.known:
            hold = min(max(LONGER * self.hold, FIRST_HOLD), LONGEST_HOLD)
        return LearnedLimit(known, now + pause, hold, met_at=now, met=known, at=now)

    def corrected(self, let_through: float) -> LearnedLimit:
        """After a further 429 of the same moment: the limit is lower than the first one suggested."""
        return replace(self, known=min(self.known, let_through))

    def passed(self, level: float, began: float, now: float, step: float = 1.0) -> LearnedLimit:
        """After a call that `began` at `level` was let through: the limit rises where it was exceeded.

        `step` is what a call counts for in slow start: more than 1 where other processes have calls of their own.
        """
        if not self.is_met:
            return replace(self, known=self.known + step, at=now) if level >= self.known / 2.0 else self
        if level <= RAISE * self.known or began <= self.met_at:
            return self
        hold = self.hold if level <= HIGHEST * self.met else FIRST_HOLD
        climbed = max(0.0, self.allows(now) / level - MARGIN) / CLIMB
        return replace(self, known=level, since=now - hold * (1.0 + climbed), hold=hold, at=now)

    def unused(self, now: float) -> LearnedLimit:
        """While fewer calls are made than allowed, the climb waits: it would test nothing."""
        is_climbing = self.is_met and self.hold > UNSURE_HOLD and now > self.holds_until
        return replace(self, since=now, at=now) if is_climbing else self

    def merged(self, other: LearnedLimit) -> LearnedLimit:
        """This estimate and that of another process, as one.

        The one with the later 429 is kept; if equal, the one that changed last; then the lower limit. While neither has
        met a limit, the one that is further in slow start is kept.
        """
        if not self.is_met and not other.is_met:
            return self if self.known >= other.known else other
        return max(self, other, key=lambda limit: (limit.met_at, limit.at, -limit.known))
