"""What a provider took and what it turned away lately; and whether that was for calls at once, or calls a second.

An answer of 429 does not say which. But what was let through before at a higher load was not the reason; so what
was let through is kept, at the load at which it was.

Times are in seconds of a clock that all processes share.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import Final

from routing.pacing.circuit_breaker import CallMark
from routing.pacing.shares import LimitShare

SECOND: Final = 1.0
REFUSALS_KEPT: Final = 64
EVIDENT: Final = 1.0
"""Seconds after which a call that is under way will not be turned away any more."""
CLEARED: Final = 0.9
"""Share of the calls at once that were taken for certain, where other processes have told some of them a second ago."""


@dataclass(frozen=True, slots=True)
class Start:
    """A call that began at `at`: the calls then under way in all processes, and those begun here in the second before.

    `rate` is what was allowed a second, None where no limit is known; `is_held_back`: it is all that held back another.
    """

    mark: CallMark
    at: float
    calls: int
    in_second: int
    rate: float | None
    is_held_back: bool


class Evidence:
    """The starts of one model in this process, and what became of them."""

    def __init__(self) -> None:
        self._starts: deque[float] = deque()
        self._refused: deque[tuple[float, float]] = deque(maxlen=REFUSALS_KEPT)
        self._doubted: deque[Start] = deque()
        self._most_calls = 0.0
        self._most_in_second = 0.0
        self._was_rate: bool | None = None

    @property
    def next_belief(self) -> float | None:
        """When the next call counts as let through; None without one."""
        return self._doubted[0].at + EVIDENT if self._doubted else None

    def began(self, now: float) -> int:
        """A call begins; how many began here within this second."""
        self._starts.append(now)
        return self.in_second(now)

    def in_second(self, now: float) -> int:
        """Calls that began here in the second before `now`."""
        while self._starts and self._starts[0] <= now - 2.0 * SECOND:
            self._starts.popleft()
        return sum(at > now - SECOND for at in self._starts)

    def doubt(self, start: Start) -> None:
        """Whether the call is let through is still to be seen."""
        self._doubted.append(start)

    def drop(self, start: Start) -> None:
        """The call ended in a way that proves nothing."""
        self._doubted = deque(doubted for doubted in self._doubted if doubted is not start)

    def refuse(self, start: Start, now: float) -> None:
        """The call was turned away."""
        self.drop(start)
        self._refused.append((start.at, now))

    def let_through(self, now: float) -> list[tuple[Start, float]]:
        """Calls that count as let through by now, each with the calls that were under way, itself included."""
        found = []
        while self._doubted and self._doubted[0].at <= now - EVIDENT:
            start = self._doubted.popleft()
            level = start.calls - sum(began <= start.at < ended for began, ended in self._refused)
            refused = sum(start.at - SECOND < began <= start.at for began, _ in self._refused)
            self._most_calls = max(self._most_calls, level)
            self._most_in_second = max(self._most_in_second, start.in_second - refused)
            found.append((start, float(level)))
        return found

    def taken(self, now: float, share: LimitShare) -> float:
        """Calls of all processes that were let through in the second before `now`, as far as is known; 1 at least."""
        refused = sum(now - SECOND < began for began, _ in self._refused)
        return max(1.0, self.in_second(now) + share.starts - refused)

    def is_by_rate(self, start: Start, calls: float, in_second: float, share: LimitShare, *, had_slowed: bool) -> bool:
        """Whether calls a second, and not `calls` at once, are what `start` was turned away for.

        What was let through before at a higher load is not it; what was found so last is it again where both are as
        high as ever. While nothing is known, to slow down is the milder remedy, unless calls `had_slowed` already.
        """
        certain = self._most_calls if share.fraction == 1.0 else CLEARED * self._most_calls
        if calls <= certain - 1.0:
            self._was_rate = True
        elif max(in_second, start.in_second / share.fraction) <= self._most_in_second - 1.0:
            self._was_rate = False
        return not had_slowed if self._was_rate is None else self._was_rate

    def limit_calls(self, let_through: float) -> None:
        """Nothing above `let_through` calls at once counts as let through any more."""
        self._most_calls = min(self._most_calls, let_through)

    def limit_rate(self, let_through: float) -> None:
        """Nothing above `let_through` calls a second counts as let through any more."""
        self._most_in_second = min(self._most_in_second, let_through)
