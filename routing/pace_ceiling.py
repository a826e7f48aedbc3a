"""A limit that a provider keeps to itself, as far as its answers tell: calls at once, or calls a second.

What it allows is a function of a few numbers and of the time. So all processes that share it allow the same
without a word, and a restart forgets nothing. Below a limit that was met, calls stay
for a while, then they climb to it and a little beyond, to see whether it still stands (as CUBIC does: RFC 9438,
section 4.1): 5 % below for `hold` seconds, which double each time that the limit is found where it was.

Times are in seconds of a clock that all processes share.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

MARGIN: Final = 0.95
"""Share of the known limit at which calls stay."""
CLIMB: Final = 0.01
"""Share of the known limit by which the allowance grows each second, once it was held for long enough."""
HIGHEST: Final = 1.1
"""Most that is allowed, against the limit that is known: beyond that, only calls that were let through lead on."""
FIRST_HOLD: Final = 30.0
LONGEST_HOLD: Final = 240.0
SAME: Final = 0.15
"""Two limits that differ by at most this share are one limit, met twice."""
ONE_MOMENT: Final = 3.0
"""Seconds within which one process's word may not have reached another."""


@dataclass(frozen=True, slots=True)
class Ceiling:
    """`known` is the most that was let through before a call was turned away, learned at `since`.

    `met` is false until the first call is turned away; until then `known` is what may be tried (slow start).
    `at` is when any of this last changed.
    """

    known: float
    since: float = 0.0
    hold: float = FIRST_HOLD
    met: bool = False
    at: float = 0.0

    def allows(self, now: float) -> float:
        """What is allowed at `now`."""
        if not self.met:
            return self.known
        climbed = CLIMB * max(0.0, now - self.since - self.hold)
        return self.known * min(MARGIN + climbed, HIGHEST)

    def turned_away(self, let_through: float, now: float) -> Ceiling:
        """After a call was turned away, where `let_through` was still taken."""
        is_same = self.met and abs(let_through - self.known) <= SAME * self.known
        hold = min(2.0 * self.hold, LONGEST_HOLD) if is_same else FIRST_HOLD
        return Ceiling(let_through, now, hold, met=True, at=now)

    def corrected(self, let_through: float) -> Ceiling:
        """After another call of the same moment was turned away: the limit is lower than the first one told."""
        return replace(self, known=min(self.known, let_through))

    def passed(self, level: float, now: float, step: float = 1.0) -> Ceiling:
        """After a call was let through at `level`: a limit that is not where it was moves up with it.

        `step` is what a call counts for in slow start: more where other processes have calls of their own.
        """
        if not self.met:
            return replace(self, known=self.known + step, at=now) if level >= self.known / 2.0 else self
        if level <= self.known:
            return self
        climbed = max(0.0, self.allows(now) / level - MARGIN) / CLIMB
        return Ceiling(level, now - FIRST_HOLD - climbed, FIRST_HOLD, met=True, at=now)

    def merged(self, other: Ceiling) -> Ceiling:
        """This and what another process has learned, as one.

        A limit that was met outweighs one that was not, and the later word the earlier one. Of two words of about one
        moment neither knew the other: the lower one counts.
        """
        if self.met != other.met:
            return self if self.met else other
        if not self.met:
            return self if self.known >= other.known else other
        if abs(self.at - other.at) < ONE_MOMENT:
            return self if (self.known, self.since) <= (other.known, other.since) else other
        return self if self.at > other.at else other
