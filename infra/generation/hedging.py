"""Two calls for one picture: the first answer counts, the other call is given up, and what it cost is known."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import structlog

from infra.generation.gate import Affords, Call, Gate
from infra.providers.base import Generation, Ticket
from schemas.errors import ProviderError

Picture = tuple[Ticket, Generation]

log = structlog.get_logger()


class _Beaten(BaseException):
    """The second call came too late: not an answer, and no fault of its provider's."""

    def __init__(self, picture: Picture, wasted_usd: float) -> None:
        super().__init__()
        self.picture = picture
        self.wasted_usd = wasted_usd


class _Alone(BaseException):
    """No second call is sent after all."""


@dataclass(frozen=True, slots=True)
class SecondCall:
    """A second call for a picture of `model`: sent by `begin` after so many seconds, for `price_usd`, if that is there.

    `affords` sets the money aside; None where nobody counts it.
    """

    model: str
    price_usd: float
    after: float
    begin: Callable[[Call], Awaitable[Picture]]
    affords: Affords | None = None

    async def pay(self, first: asyncio.Future[Picture]) -> None:
        """Set the money aside. Raises `_Alone`: it is not there, or `first` has ended meanwhile."""
        if first.done() or not (self.affords is None or await self.affords(self.price_usd)):
            raise _Alone
        log.info("a call is slow: a second one is sent", model=self.model, usd=self.price_usd)


async def hedged(gate: Gate, second: SecondCall, first: Awaitable[Picture]) -> tuple[Picture, float]:
    """The picture of `first`, or that of `second`, and what the other one cost in US dollars.

    A call that was given up counts with its price: no provider says whether it is billed. Where both fail, the
    error of the first is raised.
    """
    task = asyncio.ensure_future(first)
    try:
        await asyncio.wait({task}, timeout=second.after)
        if task.done():
            return task.result(), 0.0
        async with gate.second_turn(second.model) as call:
            if call is not None:
                await second.pay(task)
                return await _raced(task, asyncio.ensure_future(second.begin(call)), second.price_usd)
        return await task, 0.0
    except _Alone:
        return await task, 0.0
    except _Beaten as beaten:
        return beaten.picture, beaten.wasted_usd
    finally:
        await _given_up(task)


async def _raced(
    first: asyncio.Future[Picture], second: asyncio.Future[Picture], price_usd: float
) -> tuple[Picture, float]:
    try:
        await asyncio.wait({first, second}, return_when=asyncio.FIRST_COMPLETED)
        ahead, behind = (first, second) if first.done() else (second, first)
        if (error := _error(ahead)) is None:
            cost = _cost(behind, price_usd)
            if ahead is first:
                raise _Beaten(first.result(), cost)
            return second.result(), cost
        try:
            picture = await behind
        except ProviderError as other:
            raise _both_failed(error, other) from None
        return picture, error.spent_usd
    finally:
        await _given_up(second)


def _error(call: asyncio.Future[Picture]) -> ProviderError | None:
    error = call.exception()
    if error is not None and not isinstance(error, ProviderError):
        raise error
    return error


def _cost(call: asyncio.Future[Picture], price_usd: float) -> float:
    """What a call cost whose picture is not wanted any more."""
    if not call.done():
        return price_usd
    error = call.exception()
    if error is None:
        return call.result()[1].price_usd
    return error.spent_usd if isinstance(error, ProviderError) else price_usd


def _both_failed(first: ProviderError, other: ProviderError) -> ProviderError:
    first.spent_usd += other.spent_usd
    return first


async def _given_up(call: asyncio.Future[Picture]) -> None:
    call.cancel()
    await asyncio.gather(call, return_exceptions=True)
