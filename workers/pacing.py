"""The turns of calls to image models: they wait while a provider is away, for a while; then their jobs do."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from time import monotonic
from typing import Final

import structlog

from routing.health import Health
from schemas.errors import ModelPaused, ProviderError, RateLimited, Unavailable

PATIENCE_SECONDS: Final = 5.0
"""How long a job waits in hand for its model. Then it comes again through a retry topic: others have their turn."""
LEAST_PAUSE_SECONDS: Final = 1.0

log = structlog.get_logger()


class Pacer:
    """Gives turns to calls, by model, as `routing.health` decides. Of one process."""

    def __init__(self, clock: Callable[[], float] = monotonic, patience: float = PATIENCE_SECONDS) -> None:
        self._clock = clock
        self._patience = patience
        self._models: defaultdict[str, Health] = defaultdict(Health)
        self._changed: defaultdict[str, asyncio.Condition] = defaultdict(asyncio.Condition)

    def paused(self, model: str) -> bool:
        """Whether no call to `model` may begin now."""
        return not self._models[model].may_begin(self._clock())

    async def wait(self, model: str) -> None:
        """Wait until a call to `model` may begin. Raises `ModelPaused` after a while."""
        await self._until_it_may_begin(model, self._models[model])

    @asynccontextmanager
    async def turn(self, model: str) -> AsyncIterator[None]:
        """Wait in the same way; the body is the call."""
        health = self._models[model]
        await self._until_it_may_begin(model, health)
        health.began()
        try:
            yield
        except RateLimited as error:
            health.throttled(self._clock(), error.retry_after)
            raise
        except Unavailable as error:
            health.failed(self._clock())
            if health.pause_left(self._clock()):
                log.warning("calls to a model pause", model=model, error=str(error))
            raise
        except ProviderError:
            health.answered()
            raise
        except BaseException:
            health.abandoned()
            raise
        else:
            health.answered()
        finally:
            async with self._changed[model]:
                self._changed[model].notify_all()

    async def _until_it_may_begin(self, model: str, health: Health) -> None:
        deadline = self._clock() + self._patience
        while not health.may_begin(now := self._clock()):
            pause = health.pause_left(now)
            if now >= deadline or now + pause > deadline:
                raise ModelPaused(
                    f"calls to {model} pause: its provider does not answer or throttles",
                    retry_after=max(pause, LEAST_PAUSE_SECONDS),
                )
            try:
                async with asyncio.timeout(min(pause, deadline - now) or deadline - now), self._changed[model]:
                    await self._changed[model].wait()
            except TimeoutError:
                continue
