"""One model in one process: its pace, who waits for it, and the calls that have begun."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final, TypeVar

import structlog

from infra.providers.http.limits import Limits
from infra.settings import PaceSettings
from routing.pace import Pace, Start
from routing.pace_latency import Hedging
from routing.pace_sharing import ModelKey
from schemas.errors import ModelPaused
from workers.pacing.queue import Queue

T = TypeVar("T")

LEAST_PAUSE_SECONDS: Final = 1.0

log = structlog.get_logger()


class Line:
    """One model in this process: its pace, and who waits for it."""

    def __init__(self, model: str, account: str | None, slots: float, settings: PaceSettings) -> None:
        self.key: ModelKey | None = None if account is None else (account, model)
        self.name = model if account is None else f"{account.partition(':')[0]}/{model}"
        self.pace = Pace(slots, learns=account is not None)
        self.hedging = Hedging(settings.hedge_most_usd, settings.hedge_share)
        self.queue = Queue()
        self.changed = asyncio.Event()
        self.away = asyncio.Event()
        self.away_since = 0.0

    def notice(self, now: float, why: str = "") -> None:
        """Something happened: wake who waits, and say what changed."""
        is_away = not self.pace.health.is_closed
        if is_away and not self.away.is_set():
            self.away_since = now
            self.away.set()
            left = self.pace.health.pause_left(now)
            log.warning("%s away, %.0f s to the first probe: %s", self.name, left, why)
        elif not is_away and self.away.is_set():
            log.info("%s is back", self.name, seconds=round(now - self.away_since, 1))
            self.away_since = 0.0
            self.away.clear()
        self.changed.set()
        self.changed.clear()


class Turn:
    """A call that has begun: see `infra.generation.Call`."""

    def __init__(self, line: Line, start: Start, clock: Callable[[], float]) -> None:
        self._line = line
        self._clock = clock
        self.start = start

    def told(self, limits: Limits) -> None:
        """An answer tells of limits."""
        self._line.pace.told(limits.limit, limits.left, limits.reset_seconds, self._clock())

    async def unless_away(self, work: Awaitable[T]) -> T:
        """The result of `work`, which is given up for `ModelPaused` once the model's provider is found away."""
        task, away = asyncio.ensure_future(work), asyncio.ensure_future(self._line.away.wait())
        try:
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
    if not line.pace.health.is_closed or line.pace.health.pause_left(now):
        seconds, why = line.pace.health.pause_left(now), "its provider does not answer or throttles"
    else:
        seconds, why = line.pace.expected_wait(now), "as many as its provider takes are under way, and more wait"
    return ModelPaused(f"calls to {line.name} pause: {why}", retry_after=max(seconds, LEAST_PAUSE_SECONDS))
