"""Two calls for one image: the first answer counts, the other call is given up, and what it cost is known."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import structlog

from infra.providers.base import Generation, Ticket
from schemas.errors import ProviderError
from workers.generation.gate import Affords, Call, Gate

FinishedCall = tuple[Ticket, Generation]

log = structlog.get_logger()


class _Alone(Exception):
    """No second call is sent after all."""


@dataclass(slots=True)
class SecondCall:
    """A second call for an image of `model`: sent by `begin` after so many seconds, for `price_usd`, if that is there.

    `affords` sets the money aside; None where nobody counts it. `is_sent`: from here on it may cost money.
    """

    model: str
    price_usd: float
    after: float
    begin: Callable[[Call], Awaitable[FinishedCall]]
    affords: Affords | None = None
    is_sent: bool = False

    async def made(self, gate: Gate, first: asyncio.Future[FinishedCall]) -> FinishedCall:
        """The image of a second call, in a turn of its own. Raises `_Alone` where none is sent."""
        async with gate.second_turn(self.model) as call:
            if call is None:
                raise _Alone
            await self._pay(first)
            return await self.begin(call)

    async def _pay(self, first: asyncio.Future[FinishedCall]) -> None:
        """Set the money aside. Raises `_Alone`: it is not there, or `first` has ended meanwhile."""
        is_there = self.affords is None or await self.affords(self.price_usd)
        if first.done() or not is_there:
            raise _Alone
        self.is_sent = True
        log.info("a call is slow: a second one is sent", model=self.model, usd=self.price_usd)


async def hedged(gate: Gate, second: SecondCall, first: Awaitable[FinishedCall]) -> tuple[FinishedCall, float]:
    """The image of `first`, or that of `second`, and what the other one cost in US dollars.

    A call that was given up counts with its price: no provider says whether it is billed. Where both fail, the
    error of the first is raised.
    """
    task = asyncio.ensure_future(first)
    try:
        await asyncio.wait({task}, timeout=second.after)
        if task.done():
            return task.result(), 0.0
        other = asyncio.ensure_future(second.made(gate, task))
        try:
            return await _raced(task, other, second)
        except _Alone:
            return await task, 0.0
        finally:
            await _given_up(other)
    finally:
        await _given_up(task)


async def _raced(
    first: asyncio.Future[FinishedCall], other: asyncio.Future[FinishedCall], second: SecondCall
) -> tuple[FinishedCall, float]:
    await asyncio.wait({first, other}, return_when=asyncio.FIRST_COMPLETED)
    ahead, behind = (first, other) if first.done() else (other, first)
    if (error := _error(ahead)) is None:
        return ahead.result(), _cost(behind, second.price_usd) if second.is_sent else 0.0
    try:
        image = await behind
    except ProviderError as also:
        raise _both_failed(error, also) from None
    return image, error.spent_usd


def _error(call: asyncio.Future[FinishedCall]) -> ProviderError | None:
    error = call.exception()
    if error is not None and not isinstance(error, ProviderError):
        raise error
    return error


def _cost(call: asyncio.Future[FinishedCall], price_usd: float) -> float:
    """What a call cost whose image is not wanted any more."""
    if not call.done():
        return price_usd
    error = call.exception()
    if error is None:
        return call.result()[1].price_usd
    return error.spent_usd if isinstance(error, ProviderError) else price_usd


def _both_failed(first: ProviderError, other: ProviderError) -> ProviderError:
    first.spent_usd += other.spent_usd
    return first


async def _given_up(call: asyncio.Future[FinishedCall]) -> None:
    call.cancel()
    await asyncio.gather(call, return_exceptions=True)
