"""A limit that a provider keeps to itself, as far as its answers tell: calls at once, or calls a second.

What it allows is a function of a few numbers and of the time. So all processes that share it allow the same
without a word, and a restart forgets nothing. Below a limit that was met, calls stay for a while, then they climb to
it and a little beyond, to see whether it still stands (as CUBIC does: RFC 9438, section 4.1): 1.5 % below for `hold`
seconds, four times as long each time that the limit is found where it was.

Times are in seconds of a clock that all processes share.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Final

MARGIN: Final = 0.985
"""Share of the known limit at which calls stay."""
HIGHEST: Final = 1.1
HIGHEST_UNSURE: Final = 2.0
"""Most that is allowed, against the limit that is known: beyond that, only calls that were let through lead on. A limit
that was met once only is uncertain: each of several processes may have seen a part of it."""
UNSURE_HOLD: Final = 1.0
LOWER: Final = 0.995
"""What is left of a limit that was not let through even where calls stayed below."""
FIRST_HOLD: Final = 4.0
LONGEST_HOLD: Final = 256.0
LONGER: Final = 4.0
"""So many times as long calls stay below a limit that was found where it was before."""
CLIMB: Final = 0.2
"""Share of the known limit by which calls climb, once they stayed for long enough, in as long again."""
RAISE: Final = 1.03
"""A limit that is let be passed by less is left as it is: each change begins another clock."""
SAME: Final = 0.15
"""Two limits that differ by at most this share are one limit, met twice."""


@dataclass(frozen=True, slots=True)
class LearnedLimit:
    """`known` is the most that was let through; a call was turned away last at `met_at`, beyond `met`.

    Where none was turned away yet (`met_at` is 0), `known` is what may be tried: slow start. Calls stay below for
    `hold` seconds from `since`. `at` is when any of this last changed.
    """

    known: float
    since: float = 0.0
    hold: float = FIRST_HOLD
    met_at: float = 0.0
    met: float = 0.0
    at: float = 0.0

    @property
    def is_met(self) -> bool:
        """Whether any call was turned away for it."""
        return self.met_at > 0.0

    @property
    def holds_until(self) -> float:
        """Until when calls stay below the limit that was met last."""
        return self.since + self.hold

    def allows(self, now: float) -> float:
        """What is allowed at `now`."""
        if not self.is_met:
            return self.known
        climbed = CLIMB * max(0.0, (now - self.since) / self.hold - 1.0)
        return self.known * min(MARGIN + climbed, self._highest)

    def sum_until(self, now: float) -> float:
        """What is allowed at each moment from `since` to `now`, summed up: of calls a second, the calls."""
        holds = (now - self.since) / self.hold
        climbs = min(max(holds - 1.0, 0.0), self._climbs)
        beyond = max(holds - 1.0 - self._climbs, 0.0)
        sums = MARGIN * (holds - beyond) + CLIMB * climbs**2 / 2.0 + self._highest * beyond
        return self.known * self.hold * sums

    def moment_of(self, total: float) -> float:
        """The moment at which `sum_until` is `total`."""
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
        """After a call was turned away, where `let_through` was still taken; calls go on after `pause` seconds."""
        hold, known = FIRST_HOLD, let_through
        if not self.is_met:
            hold = UNSURE_HOLD
        elif now < self.holds_until:  # not even where calls stayed
            hold, known = max(self.hold, FIRST_HOLD), LOWER * min(let_through, self.known)
        elif abs(let_through - self.known) <= SAME * self.known:
            hold = min(max(LONGER * self.hold, FIRST_HOLD), LONGEST_HOLD)
        return LearnedLimit(known, now + pause, hold, met_at=now, met=known, at=now)

    def corrected(self, let_through: float) -> LearnedLimit:
        """After another call of the same moment was turned away: the limit is lower than the first one told."""
        return replace(self, known=min(self.known, let_through))

    def passed(self, level: float, began: float, now: float, step: float = 1.0) -> LearnedLimit:
        """After a call that `began` at `level` was let through: a limit that is not where it was moves up with it.

        `step` is what a call counts for in slow start: more where other processes have calls of their own.
        """
        if not self.is_met:
            return replace(self, known=self.known + step, at=now) if level >= self.known / 2.0 else self
        if level <= RAISE * self.known or began <= self.met_at:
            return self
        hold = self.hold if level <= HIGHEST * self.met else FIRST_HOLD
        climbed = max(0.0, self.allows(now) / level - MARGIN) / CLIMB
        return replace(self, known=level, since=now - hold * (1.0 + climbed), hold=hold, at=now)

    def unused(self, now: float) -> LearnedLimit:
        """While calls stay below of themselves there is no climb: nothing would be learned."""
        is_climbing = self.is_met and self.hold > UNSURE_HOLD and now > self.holds_until
        return replace(self, since=now, at=now) if is_climbing else self

    def merged(self, other: LearnedLimit) -> LearnedLimit:
        """This and what another process has learned, as one.

        Who knows of the latest call that was turned away knows best; of two who do, who learned last; then the lower
        limit counts. While no call was turned away, the one that is farther in slow start leads.
        """
        if not self.is_met and not other.is_met:
            return self if self.known >= other.known else other
        return max(self, other, key=lambda limit: (limit.met_at, limit.at, -limit.known))
