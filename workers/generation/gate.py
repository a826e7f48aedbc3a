"""What decides on calls to models: when one may begin, who makes an image instead, when a second call is sent."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Protocol, TypeVar

from infra.providers.http.limits import Listener
from schemas.errors import ProviderError

T = TypeVar("T")
Affords = Callable[[float], Awaitable[bool]]
"""Sets so many US dollars aside for a second call, and says whether they are there."""


class Call(Listener, Protocol):
    """A call to a model that has begun, which hears of its requests."""

    async def unless_away(self, work: Awaitable[T]) -> T:
        """The result of `work`, given up for `ModelPaused` once the model's provider is found away."""


class Gate(Protocol):
    """Lets calls to models begin."""

    def choose(self, models: Sequence[str]) -> str:
        """Which of `models`, the first by preference, is to make an image now."""

    def fails_over(self, model: str, error: ProviderError) -> bool:
        """Whether a job of `model` that ended in `error` goes to the next model at once."""

    def paused(self, model: str) -> bool:
        """Whether a call to `model` would have to wait for long."""

    async def wait(self, model: str) -> None:
        """Wait until a call may begin. Raises `ModelPaused` where that takes too long."""

    def turn(self, model: str, *, urgent: bool = False) -> AbstractAsyncContextManager[Call]:
        """Wait in the same way, `urgent` calls before others; the body is the call."""

    def hedge_after(self, model: str, price_usd: float) -> float | None:
        """Seconds after which an urgent call is joined by a second one; None where it stays alone."""

    def second_turn(self, model: str) -> AbstractAsyncContextManager[Call | None]:
        """A turn for such a second call; None where there is no room for one now."""
