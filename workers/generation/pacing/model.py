"""One model as this process calls it: its rate limiter, the jobs that wait for it, and its calls in flight."""

from __future__ import annotations

import asyncio
import heapq
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from itertools import count
from typing import Final, TypeVar

import structlog

from infra.providers.http.limits import Limits
from infra.settings import PaceSettings
from routing.pacing.evidence import Start
from routing.pacing.gossip import ModelKey
from routing.pacing.latency import Hedging
from routing.pacing.rate_limiter import RateLimiter
from schemas.errors import ModelPaused

T = TypeVar("T")
_Waiter = tuple[int, int, "asyncio.Future[None]"]

LEAST_PAUSE_SECONDS: Final = 1.0
BUSY_SECONDS: Final = 8.0
"""When a job is retried whose model has a long queue: soon, so that the queue never runs empty."""

log = structlog.get_logger()


class PacedModel:
    """One model in this process.

    `changed` wakes the jobs that wait. `opened` wakes those whose calls are in flight when the circuit breaker opens;
    `unavailable_since` is when it opened first, 0 while it is closed. `key` is None for a model on this machine.
    """

    def __init__(self, model: str, account: str | None, slots: float, settings: PaceSettings) -> None:
        self.key: ModelKey | None = None if account is None else (account, model)
        self.name = model if account is None else f"{account.partition(':')[0]}/{model}"
        self.limiter = RateLimiter(slots, learns=account is not None)
        self.hedging = Hedging(settings.hedge_most_usd, settings.hedge_share)
        self.queue = PriorityLock()
        self.changed = asyncio.Event()
        self.opened = asyncio.Event()
        self.unavailable_since = 0.0
        self._outages = 0

    def notice(self, now: float, why: str = "") -> None:
        """Wake the jobs that wait after something happened, and log what changed."""
        breaker = self.limiter.breaker
        if breaker.outages != self._outages:
            self._outages = breaker.outages
            self.unavailable_since = self.unavailable_since or now
            self.opened.set()
            self.opened.clear()
            log.warning("%s unavailable, next probe in %.0f s: %s", self.name, breaker.pause_left(now), why)
        elif self.unavailable_since and breaker.is_closed:
            log.info("%s is back", self.name, seconds=round(now - self.unavailable_since, 1))
            self.unavailable_since = 0.0
        self.changed.set()
        self.changed.clear()

    def pause(self, now: float) -> ModelPaused:
        """The error of a job that is to be retried later."""
        breaker = self.limiter.breaker
        if not breaker.is_closed or breaker.pause_left(now):
            seconds, why = breaker.pause_left(now), "its provider does not answer or throttles"
        else:
            seconds, why = BUSY_SECONDS, "as many as its provider takes are in flight, and more wait"
        return ModelPaused(f"calls to {self.name} pause: {why}", retry_after=max(seconds, LEAST_PAUSE_SECONDS))


class CallInFlight:
    """A call that has begun. It gets reports of its HTTP requests: see `RequestObserver`."""

    def __init__(self, model: PacedModel, start: Start, clock: Callable[[], float]) -> None:
        self._model = model
        self._clock = clock
        self._is_collecting = False
        self.start = start

    def limits_seen(self, limits: Limits) -> None:
        """Let the rate limiter know the limits that an answer carried."""
        self._model.limiter.advertised(limits.limit, limits.left, limits.reset_seconds, self._clock())

    def request_ended(self, *, answered: bool) -> None:
        """Let the breaker know of a poll. While an image is waited for, polls are the only sign of its provider."""
        if not self._is_collecting:
            return  # the end of the call itself is reported
        breaker = self._model.limiter.breaker
        if answered:
            breaker.poll_answered(self.start.mark)
        else:
            breaker.poll_failed(self.start.mark, self._clock())
            self._model.notice(self._clock(), "it does not answer while its images are waited for")

    async def unless_unavailable(self, work: Awaitable[T]) -> T:
        """The result of `work`. It is cancelled, and `ModelPaused` raised, once the breaker of the model opens."""
        self._is_collecting = True
        task, opened = asyncio.ensure_future(work), asyncio.ensure_future(self._model.opened.wait())
        try:
            if self._model.limiter.breaker.outages != self.start.mark.outage:  # it opened during `submit`
                raise self._model.pause(self._clock())
            await asyncio.wait({task, opened}, return_when=asyncio.FIRST_COMPLETED)
            if task.done():
                return task.result()
            raise self._model.pause(self._clock())
        finally:
            task.cancel()
            opened.cancel()
            await asyncio.gather(task, opened, return_exceptions=True)


class PriorityLock:
    """A lock whose waiters get it in the order of arrival, urgent ones before all others."""

    def __init__(self) -> None:
        self._is_taken = False
        self._waiters: list[_Waiter] = []
        self._numbers = count()

    @asynccontextmanager
    async def held(self, *, urgent: bool) -> AsyncIterator[None]:
        """Wait for the lock; the body holds it."""
        if self._is_taken or self._waiters:
            await self._wait(urgent=urgent)
        self._is_taken = True
        try:
            yield
        finally:
            self._is_taken = False
            self._wake_next()

    async def _wait(self, *, urgent: bool) -> None:
        woken: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heapq.heappush(self._waiters, (0 if urgent else 1, next(self._numbers), woken))
        try:
            await woken
        except BaseException:
            if woken.done() and not woken.cancelled():  # woken, and cancelled at the same moment
                self._is_taken = False
                self._wake_next()
            raise

    def _wake_next(self) -> None:
        while self._waiters:
            woken = heapq.heappop(self._waiters)[2]
            if not woken.done():
                self._is_taken = True  # before the waiter runs, so that no other task takes the lock first
                woken.set_result(None)
                return
