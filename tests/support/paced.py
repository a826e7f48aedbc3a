"""Processes that call one provider with hidden limits, on simulated time: the test bed of the rate limiter.

The provider answers 429 beyond its concurrent calls, or beyond its calls in any second, like the simulator of the
providers' protocols. Processes read each other's reports once a second, late by up to that.
"""

from __future__ import annotations

import heapq
import itertools
import math
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random

from routing.pacing.evidence import Start
from routing.pacing.gossip import by_member, follow_breakers, merge_limits, report_of, take_share
from routing.pacing.rate_limiter import RateLimiter
from schemas.paces import PaceReport

KEY = ("provider:key", "model")
ANSWER_SECONDS = 0.01
"""Seconds until a 429."""


@dataclass
class Provider:
    """Hidden limits: concurrent calls and calls per second. `latency` draws seconds."""

    at_once: int
    a_second: int
    latency: Callable[[Random], float]
    retry_after: float | None = 1.0
    open_calls: int = 0
    recent: deque[float] = field(default_factory=deque)

    def takes(self, now: float) -> bool:
        """Whether a call at `now` is taken."""
        while self.recent and self.recent[0] < now - 1.0:
            self.recent.popleft()
        if self.open_calls >= self.at_once or len(self.recent) >= self.a_second:
            return False
        self.recent.append(now)
        self.open_calls += 1
        return True


@dataclass
class Process:
    """A process with more jobs than it can run."""

    name: str
    limiter: RateLimiter
    alive: bool = True
    report: PaceReport | None = None
    waking: float = math.inf


@dataclass(frozen=True)
class Seen:
    """A call as the provider saw it."""

    at: float
    process: str
    taken: bool


class World:
    """`count` processes, and a clock. `jitter` is the most that a start comes late, in seconds."""

    def __init__(self, provider: Provider, count: int, *, seed: int = 0, jitter: float = 0.02, slots: int = 16) -> None:
        self.random = Random(seed)
        self.provider = provider
        self.jitter = jitter
        self.processes = [Process(f"p{number}", RateLimiter(slots)) for number in range(count)]
        self.seen: list[Seen] = []
        self.now = 1000.0
        self.waiting = 16
        self._events: list[tuple[float, int, Callable[[], None]]] = []
        self._numbers = itertools.count()
        for number, process in enumerate(self.processes):
            self._in(number / count, lambda process=process: self._share(process))
            self._in(0.0, lambda process=process: self._go(process))

    def run(self, seconds: float) -> None:
        """Let `seconds` pass."""
        until = self.now + seconds
        while self._events and self._events[0][0] <= until:
            self.now, _, act = heapq.heappop(self._events)
            act()
        self.now = until

    def kill(self, process: Process) -> None:
        """The process does nothing more; what it has called goes on at the provider."""
        process.alive = False

    def _in(self, seconds: float, act: Callable[[], None]) -> None:
        heapq.heappush(self._events, (self.now + seconds, next(self._numbers), act))

    def _share(self, process: Process) -> None:
        if not process.alive:
            return
        limiter = process.limiter
        told = report_of(KEY, limiter, self.now, 0.0)
        process.report = PaceReport(member=process.name, number=0, at=self.now, models=(told,))
        reports = [other.report for other in self.processes if other is not process and other.report]
        living = by_member(KEY, [report for report in reports if self.now - report.at < 4.0])
        merge_limits(limiter, by_member(KEY, reports).values(), self.now)
        take_share(limiter, process.name, living, self.now)
        follow_breakers(limiter, living.values(), self.now, 0.0)
        self._in(1.0, lambda: self._share(process))
        self._in(0.0, lambda: self._go(process))

    def _go(self, process: Process) -> None:
        """Begin a call if one may, and come back when the next may."""
        if not process.alive:
            return
        limiter = process.limiter
        limiter.waiting = self.waiting
        start = limiter.next_start(self.now)
        if start <= self.now:
            begun = limiter.began(self.now)
            self._in(self.random.uniform(0.0, self.jitter), lambda: self._arrive(process, begun))
            self._in(0.0, lambda: self._go(process))
        elif not math.isinf(start) and not self.now < process.waking <= start:
            process.waking = start
            self._in(start - self.now, lambda: self._go(process))

    def _arrive(self, process: Process, start: Start) -> None:
        taken = self.provider.takes(self.now)
        self.seen.append(Seen(self.now, process.name, taken))
        if taken:
            self._in(self.provider.latency(self.random), lambda: self._answer(process, start))
        else:
            self._in(ANSWER_SECONDS, lambda: self._rate_limit(process, start))

    def _answer(self, process: Process, start: Start) -> None:
        self.provider.open_calls -= 1
        if process.alive:
            process.limiter.answered(start, self.now, self.now - start.at)
            self._go(process)

    def _rate_limit(self, process: Process, start: Start) -> None:
        if process.alive:
            process.limiter.rate_limited(start, self.now, self.provider.retry_after)
            self._go(process)
