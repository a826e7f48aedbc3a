"""Who is next: first come, first served, but the express lane before all others."""

from __future__ import annotations

import asyncio
import heapq
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import count

_Place = tuple[int, int, "asyncio.Future[None]"]


class Queue:
    """A lock whose waiters have it in their order; `urgent` ones before the others."""

    def __init__(self) -> None:
        self._is_taken = False
        self._places: list[_Place] = []
        self._numbers = count()

    @asynccontextmanager
    async def head(self, *, urgent: bool) -> AsyncIterator[None]:
        """Wait to be first; the body is first until its end."""
        if self._is_taken or self._places:
            await self._wait(urgent=urgent)
        self._is_taken = True
        try:
            yield
        finally:
            self._is_taken = False
            self._call_next()

    async def _wait(self, *, urgent: bool) -> None:
        called: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heapq.heappush(self._places, (0 if urgent else 1, next(self._numbers), called))
        try:
            await called
        except BaseException:
            if called.done() and not called.cancelled():  # called, and cancelled in the same moment
                self._is_taken = False
                self._call_next()
            raise

    def _call_next(self) -> None:
        while self._places:
            called = heapq.heappop(self._places)[2]
            if not called.done():
                self._is_taken = True  # before it runs, so that nobody slips in between
                called.set_result(None)
                return
