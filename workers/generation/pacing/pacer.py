"""The turns of calls to image models: they wait for their pace, for a while; then their jobs do."""

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
from workers.generation import Call
from workers.generation.pacing.line import Line, Turn, paused

PATIENCE_SECONDS: Final = 5.0
"""How long a job waits in hand for a model that is away. Then it comes again through a retry topic."""
_EPOCH: Final = time() - monotonic()

log = structlog.get_logger()


def steady_time() -> float:
    """Seconds of the epoch that never jump: processes agree on them, to what their machines' clocks are good for."""
    return monotonic() + _EPOCH


class Pacer:
    """Gives turns to calls, by model, as `routing.pacing.rate_limiter` decides.

    `accounts` names the account that a model is paid by, or None for a model on this machine, which has no limits to
    be found. `slots` is the most that this process calls at once. `used` is set by each call, `news` by what other
    processes should know soon; `acquaint` lets a line that is new know what others know.
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
        self.clock = clock
        self._patience = patience
        self._accounts = accounts
        self._slots = slots
        self._settings = settings or PaceSettings()
        self._lines: dict[str, Line] = {}
        self.used = asyncio.Event()
        self.news = asyncio.Event()
        self.acquaint: Callable[[Line], None] = lambda _: None

    def lines(self) -> list[Line]:
        """The models on the network that were called."""
        return [line for line in self._lines.values() if line.key is not None]

    def choose(self, models: Sequence[str]) -> str:
        """The first of `models` that is not away for long; the first of all where every one is."""
        return next((model for model in models if not self._is_away(model)), models[0])

    def fails_over(self, model: str, error: ProviderError) -> bool:
        """Whether a job of `model` that ended in `error` goes to the next model at once."""
        if isinstance(error, ModelPaused | RateLimited):
            return not self.line(model).limiter.breaker.is_closed or self._is_away(model)
        return should_fail_over(error)

    def hedge_after(self, model: str, price_usd: float) -> float | None:
        """Seconds after which an urgent call is joined by a second one; None where it stays alone."""
        line = self.line(model)
        return line.hedging.after(line.limiter.latencies, price_usd) if line.key is not None else None

    @asynccontextmanager
    async def second_turn(self, model: str) -> AsyncIterator[Call | None]:
        """A turn for a second call, or None where there is no room for one now."""
        line = self.line(model)
        if line.limiter.waiting or line.limiter.next_start(self.clock()) > self.clock():
            yield None
            return
        line.hedging.sent()
        turn = Turn(line, line.limiter.began(self.clock()), self.clock)
        with self._under_way(line, turn):
            yield turn

    def paused(self, model: str) -> bool:
        """Whether a call to `model` would have to wait for longer than a job waits in hand."""
        line, now = self.line(model), self.clock()
        if not line.limiter.breaker.may_begin(now):
            return True
        return line.key is not None and line.limiter.expected_wait(now) > self._settings.queue_seconds

    async def wait(self, model: str) -> None:
        """Wait until a call to `model` may begin. Raises `ModelPaused` after a while."""
        line = self.line(model)
        if line.limiter.breaker.may_begin(self.clock()) and self.paused(model):
            raise paused(line, self.clock())
        give_up = self.clock() + self._patience
        while not line.limiter.breaker.may_begin(self.clock()):
            await self._wait_for_health(line, give_up)

    @asynccontextmanager
    async def turn(self, model: str, *, urgent: bool = False) -> AsyncIterator[Call]:
        """Wait for a turn, `urgent` calls before others; the body is the call."""
        line = self.line(model)
        self.used.set()
        line.limiter.waiting += 1
        try:
            async with line.queue.head(urgent=urgent):
                await self._until_it_may_begin(line)
                turn = Turn(line, line.limiter.began(self.clock()), self.clock)
        finally:
            line.limiter.waiting -= 1
        with self._under_way(line, turn):
            yield turn

    def line(self, model: str) -> Line:
        """The line of `model`."""
        if model not in self._lines:
            self._lines[model] = Line(model, self._accounts(model), self._slots, self._settings)
            self.acquaint(self._lines[model])
        return self._lines[model]

    def _is_away(self, model: str) -> bool:
        """Whether `model` is away, or its provider wants to be left alone for longer than a job waits in a queue."""
        health, now = self.line(model).limiter.breaker, self.clock()
        return health.is_unavailable(now) or health.pause_left(now) > self._settings.queue_seconds

    async def _until_it_may_begin(self, line: Line) -> None:
        """Return when the first in the queue may begin. Raises `ModelPaused` after a while."""
        begun = self.clock()
        while (start := line.limiter.next_start(now := self.clock())) > now:
            if not line.limiter.breaker.may_begin(now):
                await self._wait_for_health(line, begun + self._patience)
            elif now >= begun + self._settings.queue_seconds:
                raise paused(line, now)
            else:
                await _changed(line, min(start, begun + self._settings.queue_seconds) - now)

    async def _wait_for_health(self, line: Line, give_up: float) -> None:
        """Wait for a pause to end, or for something to change. Raises `ModelPaused` where that is after `give_up`."""
        now = self.clock()
        pause = line.limiter.breaker.pause_left(now)
        if now >= give_up or now + pause > give_up:
            raise paused(line, now)
        await _changed(line, pause or give_up - now)

    @contextmanager
    def _under_way(self, line: Line, turn: Turn) -> Iterator[None]:
        """Tell how the call in the body ends."""
        why = ""
        try:
            yield
        except RateLimited as error:
            line.limiter.rate_limited(turn.start, self.clock(), error.retry_after)
            why = "429"
            self.news.set()
            self._say_slower(line)
            raise
        except ModelPaused:
            line.limiter.abandoned(turn.start)
            raise
        except Unavailable as error:
            line.limiter.failed(turn.start, self.clock())
            self.news.set()
            why = str(error)
            raise
        except ProviderError:
            line.limiter.answered(turn.start, self.clock())
            raise
        except BaseException:
            line.limiter.abandoned(turn.start)
            raise
        else:
            line.limiter.answered(turn.start, self.clock(), self.clock() - turn.start.at)
        finally:
            line.notice(self.clock(), why)

    def _say_slower(self, line: Line) -> None:
        now = self.clock()
        pause, rate = line.limiter.breaker.pause_left(now), line.limiter.rate.allows(now)
        log.warning(
            "%s paused %.0f s: 429",
            line.name,
            pause,
            calls_at_once=round(line.limiter.window.allows(now), 1),
            a_second=None if math.isinf(rate) else round(rate, 2),
            share=round(line.limiter.share.fraction, 2),
        )


async def _changed(line: Line, seconds: float) -> None:
    """Return after `seconds`, or once something has happened."""
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await line.changed.wait()
