"""One model in one process: its pace, who waits for it, and the calls that have begun."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final, TypeVar

import structlog

from infra.providers.http.limits import Limits
from infra.settings import PaceSettings
from routing.pacing.evidence import Start
from routing.pacing.gossip import ModelKey
from routing.pacing.latency import Hedging
from routing.pacing.rate_limiter import RateLimiter
from schemas.errors import ModelPaused
from workers.generation.pacing.queue import Queue

T = TypeVar("T")

LEAST_PAUSE_SECONDS: Final = 1.0
BUSY_SECONDS: Final = 8.0
"""After so long a job comes again whose model has a long queue: soon, so that the queue never runs dry."""

log = structlog.get_logger()


class Line:
    """One model in this process: its pace, and who waits for it.

    `changed` wakes who waits, `opened` those whose calls are under way when the breaker opens; `away_since` is when
    it opened first, 0 while it is closed.
    """

    def __init__(self, model: str, account: str | None, slots: float, settings: PaceSettings) -> None:
        self.key: ModelKey | None = None if account is None else (account, model)
        self.name = model if account is None else f"{account.partition(':')[0]}/{model}"
        self.limiter = RateLimiter(slots, learns=account is not None)
        self.hedging = Hedging(settings.hedge_most_usd, settings.hedge_share)
        self.queue = Queue()
        self.changed = asyncio.Event()
        self.opened = asyncio.Event()
        self.away_since = 0.0
        self._outages = 0

    def notice(self, now: float, why: str = "") -> None:
        """Something happened: wake who waits, and say what changed."""
        health = self.limiter.breaker
        if health.outages != self._outages:
            self._outages = health.outages
            self.away_since = self.away_since or now
            self.opened.set()
            self.opened.clear()
            log.warning("%s away, next probe in %.0f s: %s", self.name, health.pause_left(now), why)
        elif self.away_since and health.is_closed:
            log.info("%s is back", self.name, seconds=round(now - self.away_since, 1))
            self.away_since = 0.0
        self.changed.set()
        self.changed.clear()


class Turn:
    """A call that has begun: see `workers.generation.Call`."""

    def __init__(self, line: Line, start: Start, clock: Callable[[], float]) -> None:
        self._line = line
        self._clock = clock
        self._is_collecting = False
        self.start = start

    def told(self, limits: Limits) -> None:
        """An answer tells of limits."""
        self._line.limiter.advertised(limits.limit, limits.left, limits.reset_seconds, self._clock())

    def heard(self, *, answered: bool) -> None:
        """A request was answered or was not. While an image is waited for, that is the only sign of its provider."""
        if not self._is_collecting:
            return  # how the call ends says it
        if answered:
            self._line.limiter.breaker.poll_answered(self.start.mark)
        else:
            self._line.limiter.breaker.poll_failed(self.start.mark, self._clock())
            self._line.notice(self._clock(), "it does not answer while its images are waited for")

    async def unless_away(self, work: Awaitable[T]) -> T:
        """The result of `work`, which is given up for `ModelPaused` once the model's provider is found away."""
        self._is_collecting = True
        task, away = asyncio.ensure_future(work), asyncio.ensure_future(self._line.opened.wait())
        try:
            if self._line.limiter.breaker.outages != self.start.mark.outage:  # it went while the request was sent
                raise paused(self._line, self._clock())
            await asyncio.wait({task, away}, return_when=asyncio.FIRST_COMPLETED)
            if task.done():
                return task.result()
            raise paused(self._line, self._clock())
        finally:
            task.cancel()
            away.cancel()
            await asyncio.gather(task, away, return_exceptions=True)


def paused(line: Line, now: float) -> ModelPaused:
    """The error of a job that is to come again later."""
    if not line.limiter.breaker.is_closed or line.limiter.breaker.pause_left(now):
        seconds, why = line.limiter.breaker.pause_left(now), "its provider does not answer or throttles"
    else:
        seconds, why = BUSY_SECONDS, "as many as its provider takes are under way, and more wait"
    return ModelPaused(f"calls to {line.name} pause: {why}", retry_after=max(seconds, LEAST_PAUSE_SECONDS))
