"""When the next call to a model may begin: as many at once and as many a second as its provider takes.

Providers seldom tell their limits. So both are found from answers of 429, calls at once as slow start and additive
increase, multiplicative decrease find them in a network, and starts a second by an even spacing; limits that are
told in headers count besides. `routing.health` stops calls while the provider is away; several processes with one
account divide what was found (`routing.pace_shares`).

Times are in seconds of a clock that all processes share.
"""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass
from typing import Final

from routing.health import Health, Mark
from routing.pace_ceiling import Ceiling
from routing.pace_grid import Grid
from routing.pace_latency import Latencies
from routing.pace_shares import ALONE, Need, Share
from routing.pace_told import Told

FIRST_WINDOW: Final = 8.0
"""Calls at once that are tried first, by all processes together."""
MOST_WINDOW: Final = 1024.0
SECOND: Final = 1.0
CLEARED: Final = 0.8
"""A load of at most this share of what was taken before is not what a call was turned away for."""
SHRINK: Final = 0.8
"""What is left of the calls at once after answers became slow."""


@dataclass(frozen=True, slots=True)
class Start:
    """A call that began at `at`: the calls then under way, and those begun in the second before, in all processes.

    `paced` is the rate that held it back, or None where none did.
    """

    mark: Mark
    at: float
    calls: int
    in_second: float
    paced: float | None


class Pace:
    """The calls of one model in this process, at most `slots` at once. `learns` is false for models on this machine."""

    def __init__(self, slots: float = math.inf, *, learns: bool = True) -> None:
        self.health = Health()
        self.latencies = Latencies()
        self.share: Share = ALONE
        self.window = Ceiling(FIRST_WINDOW) if learns else Ceiling(math.inf)
        self.rate = Ceiling(math.inf)
        self.waiting = 0
        self.proven_at = 0.0
        self._slots = slots
        self._learns = learns
        self._told = Told()
        self._grid = Grid()
        self._calls = 0
        self._starts: deque[float] = deque()
        self._oldest: dict[int, float] = {}
        self._most_calls = 0.0
        self._most_in_second = 0.0

    def need(self, now: float) -> Need:
        """What this process has under way and in hand."""
        return Need(self._calls, self.waiting, float(self._begun_since(now - SECOND)))

    def allowed_calls(self, now: float) -> float:
        """Calls that this process may have under way at once."""
        allows = self.window.allows(now)
        if math.isinf(allows):
            return self._slots
        return min(self._slots, self.share.of(max(1.0, math.ceil(allows - 0.25)), now))

    def next_start(self, now: float) -> float:
        """The earliest moment for the next call; infinity where one has to end first."""
        if not self.health.may_begin(now):
            pause = self.health.pause_left(now)
            return now + pause if pause else math.inf
        if self._calls >= self.allowed_calls(now):
            return math.inf
        return max(self._told.next_start(now), self._grid.next_start(now, self.rate.allows(now), self.share))

    def expected_wait(self, now: float) -> float:
        """Seconds until a job that comes now has its turn, at the present pace."""
        pause, before = self.health.pause_left(now), self.waiting
        rate = self.rate.allows(now) * self.share.fraction
        by_rate = 0.0 if math.isinf(rate) else before / rate
        room = self.allowed_calls(now) - self._calls
        middle = self.latencies.middle or 0.0
        by_window = middle * max(0.0, before - room + 1.0) / max(self.allowed_calls(now), 1.0)
        return pause + max(by_rate, by_window if room <= before else 0.0)

    def began(self, now: float) -> Start:
        """A call begins; what it says at its end goes to one of the methods below."""
        rate = self.rate.allows(now)
        paced = rate if self._grid.is_behind(now, rate, self.share) else None
        self._grid.start(now, rate, self.share)
        self._told.start(now, self.share)
        self._calls += 1
        self._starts.append(now)
        mark = self.health.began()
        self._oldest[mark.number] = now
        in_second = self._begun_since(now - SECOND) + self.share.starts
        return Start(mark, now, self._calls + self.share.calls, in_second, paced)

    def answered(self, start: Start, now: float, seconds: float | None = None) -> None:
        """A call was answered, with a picture after `seconds`, or that there will be none (None)."""
        self._ended(start)
        self.health.answered(start.mark)
        self.proven_at = max(self.proven_at, start.at)
        is_slow = seconds is not None and self.latencies.add(seconds)
        if not self._learns:
            return
        self._most_calls = max(self._most_calls, start.calls)
        self._most_in_second = max(self._most_in_second, start.in_second)
        if start.calls <= MOST_WINDOW:
            self.window = self.window.passed(float(start.calls), now, 1.0 / self.share.fraction)
        if start.paced is not None:
            self.rate = self.rate.passed(start.paced, now)
        if is_slow and start.calls > 1 and start.at > self.window.since:
            self._lower_window(SHRINK * start.calls, now)

    def failed(self, start: Start, now: float) -> None:
        """A call got no answer."""
        self._ended(start)
        self.health.failed(start.mark, now)

    def abandoned(self, start: Start) -> None:
        """A call ended for reasons that are not its provider's."""
        self._ended(start)
        self.health.abandoned(start.mark)

    def turned_away(self, start: Start, now: float, retry_after: float | None) -> None:
        """A call was turned away for coming too soon."""
        oldest = min(self._oldest.values(), default=now)
        self._ended(start)
        if start.at in self._starts:
            self._starts.remove(start.at)
        self.health.throttled(start.mark, now, retry_after)
        if not self._learns:
            return
        if self._is_by_rate(start, oldest):
            self._lower_rate(start, now)
        else:
            self._lower_window(float(max(1, self._calls + self.share.calls)), now, start.at)

    def told(self, limit: float | None, left: float, reset_seconds: float, now: float) -> None:
        """An answer's headers tell how many calls are left."""
        self._told.told(limit, left, reset_seconds, now, self.share)

    def _is_by_rate(self, start: Start, oldest: float) -> bool:
        """Whether calls a second, and not calls at once, are what a call was turned away for."""
        if start.calls <= CLEARED * self._most_calls:
            return True
        if start.in_second <= CLEARED * self._most_in_second:
            return False
        if math.isinf(self.rate.known):
            return start.at - oldest < SECOND  # all that is under way began in this second: either may be it
        return start.paced is not None

    def _lower_rate(self, start: Start, now: float) -> None:
        if start.at <= self.rate.since:  # of the same moment as the one that lowered it
            if start.paced is None:
                self.rate = self.rate.corrected(max(1.0, self._in_second_before(start.at)))
            return
        let_through = start.paced if start.paced is not None else max(1.0, self._in_second_before(start.at))
        self.rate = self.rate.turned_away(let_through, now)
        self._most_in_second = min(self._most_in_second, let_through)

    def _lower_window(self, let_through: float, now: float, began: float = math.inf) -> None:
        if began <= self.window.since:
            self.window = self.window.corrected(let_through)
            return
        self.window = self.window.turned_away(let_through, now)
        self._most_calls = min(self._most_calls, let_through)

    def _in_second_before(self, moment: float) -> float:
        return sum(moment - SECOND < at <= moment for at in self._starts) + self.share.starts

    def _begun_since(self, moment: float) -> int:
        while self._starts and self._starts[0] <= moment - SECOND:
            self._starts.popleft()
        return sum(at > moment for at in self._starts)

    def _ended(self, start: Start) -> None:
        self._calls -= 1
        self._oldest.pop(start.mark.number, None)
