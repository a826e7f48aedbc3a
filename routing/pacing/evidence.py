"""Which of the two limits a 429 was for: concurrent calls, or calls per second.

A 429 does not say. But a load that was let through before was not the reason. So this keeps what was let through, with
the load at that time.

Times are seconds of a clock that all processes share.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import Final

from routing.pacing.circuit_breaker import CallMark
from routing.pacing.shares import LimitShare

SECOND: Final = 1.0
REFUSALS_KEPT: Final = 64
CONFIRMED_SECONDS: Final = 1.0
"""Seconds after which a running call will not be refused any more."""
CERTAIN_PART: Final = 0.9
"""Part of the concurrent calls that were certainly accepted, where other processes reported some of them a second
ago."""


@dataclass(frozen=True, slots=True)
class Start:
    """A call that began at `at`: `calls` ran in all processes, `in_second` began here in the second before.

    `rate` is what was allowed per second, None while no limit is known. `is_held_back` means that only the rate held
    back the next call.
    """

    mark: CallMark
    at: float
    calls: int
    in_second: int
    rate: float | None
    is_held_back: bool


class Evidence:
    """The starts of one model in this process, and how they ended."""

    def __init__(self) -> None:
        self._starts: deque[float] = deque()
        self._refused: deque[tuple[float, float]] = deque(maxlen=REFUSALS_KEPT)
        self._pending: deque[Start] = deque()
        self._most_calls = 0.0
        self._most_in_second = 0.0
        self._was_rate: bool | None = None

    @property
    def next_confirmation(self) -> float | None:
        """When the next pending call counts as let through; None if there is none."""
        return self._pending[0].at + CONFIRMED_SECONDS if self._pending else None

    def began(self, now: float) -> int:
        """Report that a call begins. Returns how many began here within this second."""
        self._starts.append(now)
        return self.in_second(now)

    def in_second(self, now: float) -> int:
        """Calls that began here in the second before `now`."""
        while self._starts and self._starts[0] <= now - 2.0 * SECOND:
            self._starts.popleft()
        return sum(at > now - SECOND for at in self._starts)

    def add_pending(self, start: Start) -> None:
        """Add a call of which it is not yet known whether it is let through."""
        self._pending.append(start)

    def drop(self, start: Start) -> None:
        """Remove a call that ended in a way that proves nothing."""
        self._pending = deque(pending for pending in self._pending if pending is not start)

    def refuse(self, start: Start, now: float) -> None:
        """Record that the call got a 429."""
        self.drop(start)
        self._refused.append((start.at, now))

    def let_through(self, now: float) -> list[tuple[Start, float]]:
        """Calls that count as let through by now, each with the number of concurrent calls, itself included."""
        found = []
        while self._pending and self._pending[0].at <= now - CONFIRMED_SECONDS:
            start = self._pending.popleft()
            # Calls that were refused later were no load for the provider.
            level = start.calls - sum(began <= start.at < ended for began, ended in self._refused)
            refused = sum(start.at - SECOND < began <= start.at for began, _ in self._refused)
            self._most_calls = max(self._most_calls, level)
            self._most_in_second = max(self._most_in_second, start.in_second - refused)
            found.append((start, float(level)))
        return found

    def taken(self, now: float, share: LimitShare) -> float:
        """Calls of all processes that were let through in the second before `now`, as far as is known; at least 1."""
        refused = sum(now - SECOND < began for began, _ in self._refused)
        return max(1.0, self.in_second(now) + share.starts - refused)

    def is_by_rate(self, start: Start, calls: float, in_second: float, share: LimitShare, *, had_slowed: bool) -> bool:
        """Whether calls per second, and not concurrent `calls`, were the reason for the 429 of `start`.

        A load that was let through before is not the reason. If both loads are as high as ever, the last reason found
        is assumed again. While none was found, slowing down is tried first, unless calls `had_slowed` already.
        """
        certain = self._most_calls if share.fraction == 1.0 else CERTAIN_PART * self._most_calls
        if calls <= certain - 1.0:
            self._was_rate = True
        elif max(in_second, start.in_second / share.fraction) <= self._most_in_second - 1.0:
            self._was_rate = False
        return not had_slowed if self._was_rate is None else self._was_rate

    def limit_calls(self, let_through: float) -> None:
        """Forget that more than `let_through` concurrent calls were let through."""
        self._most_calls = min(self._most_calls, let_through)

    def limit_rate(self, let_through: float) -> None:
        """Forget that more than `let_through` calls per second were let through."""
        self._most_in_second = min(self._most_in_second, let_through)
