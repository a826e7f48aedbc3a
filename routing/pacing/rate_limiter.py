"""The rate limiter of one model: concurrent calls and calls per second, both learned from 429 answers.

Few providers publish their limits. So the limiter learns both: concurrent calls by slow start and additive increase,
multiplicative decrease, as in networks, and calls per second by even spacing. Limits that a provider advertises in its
headers apply as well. `routing.pacing.circuit_breaker` stops calls while the provider is unavailable. Several processes
with one account share the limits (`routing.pacing.shares`).

Times are seconds of a clock that all processes share.
"""

from __future__ import annotations

import math
from collections import deque
from typing import Final

from routing.pacing.circuit_breaker import CircuitBreaker
from routing.pacing.evidence import Evidence, Start
from routing.pacing.latency import Latencies
from routing.pacing.learned_limit import LearnedLimit
from routing.pacing.shares import ALONE, Demand, LimitShare
from routing.pacing.spacing import AdvertisedLimit, EvenSpacing

FIRST_WINDOW: Final = 8.0
"""Concurrent calls tried first, over all processes."""
MOST_WINDOW: Final = 1024.0
"""Concurrent calls at which slow start ends: as many as a worker may have slots."""
NEAR: Final = 2.0
"""A rate limit up to this many times the counted rate is believed to have paced the calls; one 429 lowers the limit by
no more."""
SHORTEST_WAIT: Final = 0.01
"""Shortest wait, in seconds, before `next_start` is asked again."""
SETTLED: Final = 4.0
"""Seconds without a 429 after which a rate counts as allowed: slightly too fast is seldom refused at once."""
ECHO: Final = 1.0
"""Seconds after a limit was lowered during which further 429 answers may still be due to the old limit."""
SHRINK: Final = 0.8
"""Factor on concurrent calls after answers became slow."""


class RateLimiter:
    """The calls of one model in this process.

    Args:
        slots: most concurrent calls of this process.
        learns: whether limits are learned; False for models on this machine, which have none.
    """

    def __init__(self, slots: float = math.inf, *, learns: bool = True) -> None:
        self.breaker = CircuitBreaker()
        self.latencies = Latencies()
        self.share: LimitShare = ALONE
        self.window = LearnedLimit(FIRST_WINDOW) if learns else LearnedLimit(math.inf)
        self.rate = LearnedLimit(math.inf)
        self.waiting = 0
        self.proven_at = 0.0
        self._slots = slots
        self._learns = learns
        self._advertised = AdvertisedLimit()
        self._spacing = EvenSpacing()
        self._calls = 0
        self._evidence = Evidence()
        self._held_back: deque[Start] = deque()
        self._heard_at = -math.inf
        self._lowered_at = -math.inf
        self._lowered_rate = False

    def demand(self, now: float) -> Demand:
        """What this process runs and has waiting."""
        return Demand(self._calls, self.waiting, float(self._evidence.in_second(now)))

    def allowed_calls(self, now: float) -> float:
        """Concurrent calls that this process may have."""
        allows = self.window.allows(now)
        if math.isinf(allows):
            return self._slots
        # Just below a limit of whole calls (`MARGIN`), the whole limit is allowed: only a quarter call more rounds up.
        return min(self._slots, self.share.of(max(1.0, math.ceil(allows - 0.25)), now))

    def next_start(self, now: float) -> float:
        """The earliest time for the next call, or the time to ask again; infinity if a call has to end first."""
        if not self.breaker.may_begin(now):
            pause = self.breaker.pause_left(now)
            return now + pause if pause else math.inf
        self._count_let_through(now)
        if self._calls >= self.allowed_calls(now):
            confirmation = self._evidence.next_confirmation
            return math.inf if confirmation is None else max(confirmation, now + SHORTEST_WAIT)
        return max(self._advertised.next_start(now), self._spacing.next_start(now, self.rate, self.share))

    def expected_wait(self, now: float) -> float:
        """Seconds until a job that arrives now may start its call, at the current pace."""
        pause, before = self.breaker.pause_left(now), self.waiting
        rate = self.rate.allows(now) * self.share.fraction
        by_rate = 0.0 if math.isinf(rate) else before / rate
        room = self.allowed_calls(now) - self._calls
        middle = self.latencies.middle or 0.0
        by_window = middle * max(0.0, before - room + 1.0) / max(self.allowed_calls(now), 1.0)
        return pause + max(by_rate, by_window if room <= before else 0.0)

    def began(self, now: float) -> Start:
        """Report that a call began. Returns its start, which the reports below need."""
        rate = self.rate.allows(now)
        is_held_back = self.waiting > 1 and self._calls + 1 < self.allowed_calls(now)
        if not is_held_back:
            self.rate = self.rate.unused(now)
        self._spacing.start(now, self.rate, self.share)
        self._advertised.start(now, self.share)
        self._calls += 1
        in_second = self._evidence.began(now)
        known = None if math.isinf(rate) else rate
        start = Start(self.breaker.began(), now, self._calls + self.share.calls, in_second, known, is_held_back)
        if self._learns:
            self._count_let_through(now)
            self._evidence.add_pending(start)
            if is_held_back:
                self._held_back.append(start)
        return start

    def answered(self, start: Start, now: float, seconds: float | None = None) -> None:
        """Report an answer: an image after `seconds`, or an answer without an image (None)."""
        self._count_let_through(now)
        self._calls -= 1
        self.breaker.answered(start.mark)
        self.proven_at = max(self.proven_at, start.at)
        is_slow = seconds is not None and self.latencies.add(seconds)
        if self._learns and is_slow and start.calls > 1 and start.at > self.window.met_at:
            self._lower_window(max(1.0, SHRINK * start.calls), now)

    def failed(self, start: Start, now: float) -> None:
        """Report a call without an answer."""
        self._calls -= 1
        self._evidence.drop(start)
        self.breaker.failed(start.mark, now)

    def abandoned(self, start: Start) -> None:
        """Report that a call ended for reasons that are not the provider's."""
        self._calls -= 1
        self._evidence.drop(start)
        self.breaker.abandoned(start.mark)

    def rate_limited(self, start: Start, now: float, retry_after: float | None) -> None:
        """Report a 429. `retry_after` is how many seconds the provider asks to wait, None if it does not say."""
        self._calls -= 1
        self._evidence.refuse(start, now)
        self.breaker.throttled(start.mark, now, retry_after)
        if not self._learns:
            return
        calls, in_second = float(max(1, self._calls + self.share.calls)), self._evidence.taken(now, self.share)
        if start.at <= self._lowered_at:  # from before the last 429: the limit may be lower still
            if self._lowered_rate and start.rate is None:
                self.rate = self.rate.corrected(in_second)
            elif not self._lowered_rate:
                self.window = self.window.corrected(calls)
        elif start.at > max(self.rate.met_at, self.window.met_at) + ECHO:
            self._lowered_at = now
            had_slowed = self.rate.met_at > self.window.met_at and start.at < self.rate.holds_until
            self._lowered_rate = self._evidence.is_by_rate(start, calls, in_second, self.share, had_slowed=had_slowed)
            if self._lowered_rate:
                self._lower_rate(start, in_second, now)
            else:
                self._lower_window(calls, now)

    def advertised(self, limit: float | None, left: float, reset_seconds: float, now: float) -> None:
        """Apply a limit from an answer's headers: `left` of `limit` calls remain until the reset in `reset_seconds`."""
        self._advertised.update(limit, left, reset_seconds, now, self.share)

    def merge(self, window: LearnedLimit, rate: LearnedLimit, now: float) -> None:
        """Take over what another process has learned."""
        self.window = self.window.merged(window)
        merged = self.rate.merged(rate)
        if merged.met_at != self.rate.met_at:
            self._heard_at = now
        self.rate = merged

    def _count_let_through(self, now: float) -> None:
        """Count calls as let through that began so long ago that a 429 would have arrived by now."""
        for start, level in self._evidence.let_through(now):
            if level <= MOST_WINDOW:
                self.window = self.window.passed(level, start.at, now, 1.0 / self.share.fraction)
        while self._held_back and self._held_back[0].at <= now - SETTLED:
            start = self._held_back.popleft()
            if start.rate is not None and start.at > self._heard_at:
                self.rate = self.rate.passed(start.rate, start.at, now)

    def _lower_rate(self, start: Start, in_second: float, now: float) -> None:
        let_through = in_second
        if start.rate is not None:
            paced = self.rate.allows(start.at - 1.0) if start.is_held_back else self.rate.known
            let_through = min(start.rate, paced if start.rate <= NEAR * in_second else start.rate / NEAR)
        self.rate = self.rate.lowered(let_through, now, self.breaker.pause_left(now))
        self._evidence.limit_rate(let_through)

    def _lower_window(self, let_through: float, now: float) -> None:
        self.window = self.window.lowered(let_through, now, self.breaker.pause_left(now))
        self._evidence.limit_calls(let_through)
