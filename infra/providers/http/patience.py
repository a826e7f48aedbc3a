"""Asking again, for what costs nothing to ask again: polls and downloads of what is already paid."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Final, TypeVar

from schemas.errors import RateLimited, Unavailable

T = TypeVar("T")

FIRST_SECONDS = 0.2
LONGEST_SECONDS: Final = 2.0
GROWTH: Final = 1.5
"""The delays 0.2, 0.3, 0.45 ... 2 s: at most half a wait too long for an image of a second, 30 polls a minute."""


@dataclass(slots=True)
class Delay:
    """Growing delays in seconds, that end at the loop's time `until`."""

    until: float
    _next: float = field(default_factory=lambda: FIRST_SECONDS)

    async def over(self, at_least: float = 0.0) -> bool:
        """Wait for the next delay, at least `at_least`. False, at once, where that would go beyond the end."""
        seconds, self._next = max(self._next, at_least), min(self._next * GROWTH, LONGEST_SECONDS)
        if asyncio.get_running_loop().time() + seconds > self.until:
            return False
        await asyncio.sleep(seconds)
        return True


async def patiently(work: Callable[[], Awaitable[T]], until: float) -> T:
    """The result of `work`, tried again while it raises Unavailable or RateLimited; the last error after `until`."""
    delay = Delay(until)
    while True:
        try:
            return await work()
        except Unavailable:
            if not await delay.over():
                raise
        except RateLimited as error:
            if not await delay.over(error.retry_after or 0.0):
                raise
