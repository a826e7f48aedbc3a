"""When a call to an image model may begin: jobs wait for a while, then they are retried through a retry topic."""

from __future__ import annotations

import asyncio
import math
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager, suppress
from time import monotonic, time
from typing import Final

import structlog

from infra.settings import PaceSettings
from routing.pacing.fallback import should_fail_over
from schemas.errors import ModelPaused, ProviderError, RateLimited, Unavailable
from workers.generation.pacing.model import CallInFlight, PacedModel

PATIENCE_SECONDS: Final = 5.0
"""How long a job stays in flight while its model is unavailable. Then it is retried through a retry topic."""
_EPOCH: Final = time() - monotonic()

log = structlog.get_logger()


def steady_time() -> float:
    """Seconds since the epoch that never jump. Processes agree on them as far as their machines' clocks do."""
    return monotonic() + _EPOCH


class Pacer:
    """Lets calls begin, by model, as `routing.pacing.rate_limiter` decides.

    `used` is set by each call, `news` by what other processes should know soon. `introduce` gives a model that is
    called for the first time what other processes know of it.
    """

    def __init__(
        self,
        clock: Callable[[], float] = steady_time,
        patience: float = PATIENCE_SECONDS,
        *,
        accounts: Callable[[str], str | None] = lambda _: None,
        slots: float = math.inf,
        settings: PaceSettings | None = None,
    ) -> None:
        """Pace the calls of this process.

        Args:
            clock: the current time in seconds since the epoch.
            patience: seconds that a job waits while its model is unavailable.
            accounts: the account that a model is paid by; None for a model on this machine, which has no limits.
            slots: the most calls of this process in flight.
            settings: the limits of queues and of second calls.
        """
        self.clock = clock
        self._patience = patience
        self._accounts = accounts
        self._slots = slots
        self._settings = settings or PaceSettings()
        self._models: dict[str, PacedModel] = {}
        self.used = asyncio.Event()
        self.news = asyncio.Event()
        self.introduce: Callable[[PacedModel], None] = lambda _: None

    def model(self, name: str) -> PacedModel:
        """The pace of the model `name`."""
        if name not in self._models:
            self._models[name] = PacedModel(name, self._accounts(name), self._slots, self._settings)
            self.introduce(self._models[name])
        return self._models[name]

    def network_models(self) -> list[PacedModel]:
        """The models on the network that were called."""
        return [model for model in self._models.values() if model.key is not None]

    def choose(self, models: Sequence[str]) -> str:
        """The first of `models` that is not unavailable for long; the first of all where every one is."""
        return next((model for model in models if not self._is_unavailable(model)), models[0])

    def fails_over(self, model: str, error: ProviderError) -> bool:
        """Whether a job of `model` that ended in `error` goes to the next model at once."""
        if isinstance(error, ModelPaused | RateLimited):
            return not self.model(model).limiter.breaker.is_closed or self._is_unavailable(model)
        return should_fail_over(error)

    def hedge_after(self, model: str, price_usd: float) -> float | None:
        """Seconds after which an urgent call is joined by a second one; None: it is not."""
        paced = self.model(model)
        return paced.hedging.after(paced.limiter.latencies, price_usd) if paced.key is not None else None

    def is_paused(self, model: str) -> bool:
        """Whether a call to `model` would have to wait for longer than a job stays in flight."""
        paced, now = self.model(model), self.clock()
        if not paced.limiter.breaker.may_begin(now):
            return True
        return paced.key is not None and paced.limiter.expected_wait(now) > self._settings.queue_seconds

    async def wait(self, model: str) -> None:
        """Wait until a call to `model` may begin. Raises `ModelPaused` where that takes too long."""
        paced = self.model(model)
        if paced.limiter.breaker.may_begin(self.clock()) and self.is_paused(model):
            raise paced.pause(self.clock())
        give_up = self.clock() + self._patience
        while not paced.limiter.breaker.may_begin(self.clock()):
            await self._wait_for_breaker(paced, give_up)

    @asynccontextmanager
    async def turn(self, model: str, *, urgent: bool = False) -> AsyncIterator[CallInFlight]:
        """Wait until a call to `model` may begin, `urgent` ones before others. The body is the call.

        Raises:
            ModelPaused: the wait takes too long; or the body raised it.
        """
        paced = self.model(model)
        self.used.set()
        paced.limiter.waiting += 1
        try:
            async with paced.queue.held(urgent=urgent):
                await self._until_it_may_begin(paced)
                call = CallInFlight(paced, paced.limiter.began(self.clock()), self.clock)
        finally:
            paced.limiter.waiting -= 1
        with self._in_flight(paced, call):
            yield call

    @asynccontextmanager
    async def second_turn(self, model: str) -> AsyncIterator[CallInFlight | None]:
        """The turn of a second call to `model`; None where none may begin now."""
        paced = self.model(model)
        if paced.limiter.waiting or paced.limiter.next_start(self.clock()) > self.clock():
            yield None
            return
        paced.hedging.sent()
        call = CallInFlight(paced, paced.limiter.began(self.clock()), self.clock)
        with self._in_flight(paced, call):
            yield call

    def _is_unavailable(self, model: str) -> bool:
        """Whether `model` is unavailable, or its provider asks for a longer pause than a job waits in a queue."""
        breaker, now = self.model(model).limiter.breaker, self.clock()
        return breaker.is_unavailable(now) or breaker.pause_left(now) > self._settings.queue_seconds

    async def _until_it_may_begin(self, paced: PacedModel) -> None:
        """Return when the first in the queue may begin. Raises `ModelPaused` after a while."""
        begun = self.clock()
        while (start := paced.limiter.next_start(now := self.clock())) > now:
            if not paced.limiter.breaker.may_begin(now):
                await self._wait_for_breaker(paced, begun + self._patience)
            elif now >= begun + self._settings.queue_seconds:
                raise paced.pause(now)
            else:
                await _changed(paced, min(start, begun + self._settings.queue_seconds) - now)

    async def _wait_for_breaker(self, paced: PacedModel, give_up: float) -> None:
        """Wait for a pause to end, or for a change. Raises `ModelPaused` where the pause ends after `give_up`."""
        now = self.clock()
        pause = paced.limiter.breaker.pause_left(now)
        if now >= give_up or now + pause > give_up:
            raise paced.pause(now)
        await _changed(paced, pause or give_up - now)

    @contextmanager
    def _in_flight(self, paced: PacedModel, call: CallInFlight) -> Iterator[None]:
        """Report the end of the call in the body to the rate limiter."""
        why = ""
        try:
            yield
        except RateLimited as error:
            paced.limiter.rate_limited(call.start, self.clock(), error.retry_after)
            why = "429"
            self.news.set()
            self._log_slower(paced)
            raise
        except ModelPaused:
            paced.limiter.abandoned(call.start)
            raise
        except Unavailable as error:
            paced.limiter.failed(call.start, self.clock())
            self.news.set()
            why = str(error)
            raise
        except ProviderError:
            paced.limiter.answered(call.start, self.clock())
            raise
        except BaseException:
            paced.limiter.abandoned(call.start)
            raise
        else:
            paced.limiter.answered(call.start, self.clock(), self.clock() - call.start.at)
        finally:
            paced.notice(self.clock(), why)

    def _log_slower(self, paced: PacedModel) -> None:
        now = self.clock()
        pause, rate = paced.limiter.breaker.pause_left(now), paced.limiter.rate.allows(now)
        log.warning(
            "%s paused %.0f s: 429",
            paced.name,
            pause,
            calls_at_once=round(paced.limiter.window.allows(now), 1),
            a_second=None if math.isinf(rate) else round(rate, 2),
            share=round(paced.limiter.share.fraction, 2),
        )


async def _changed(paced: PacedModel, seconds: float) -> None:
    """Return after `seconds`, or at the next change."""
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await paced.changed.wait()
