"""Two calls for one picture: the first answer counts, the other call is given up, and what it cost is known."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from infra.generation.gate import Call, Gate
from infra.providers.base import Generation, Ticket
from schemas.errors import ProviderError

Picture = tuple[Ticket, Generation]


class _Beaten(BaseException):
    """The second call came too late: not an answer, and no fault of its provider's."""

    def __init__(self, picture: Picture, wasted_usd: float) -> None:
        super().__init__()
        self.picture = picture
        self.wasted_usd = wasted_usd


async def hedged(
    gate: Gate,
    model: str,
    price_usd: float,
    first: Awaitable[Picture],
    second: Callable[[Call], Awaitable[Picture]],
    after: float,
) -> tuple[Picture, float]:
    """The picture of `first`, or that of `second`, begun `after` seconds, and what the other one cost in US dollars.

    A call that was given up counts with `price_usd`: no provider says whether it is billed. Where both fail, the
    error of the first is raised.
    """
    task = asyncio.ensure_future(first)
    try:
        await asyncio.wait({task}, timeout=after)
        if task.done():
            return task.result(), 0.0
        async with gate.second_turn(model) as call:
            if call is not None:
                return await _raced(task, asyncio.ensure_future(second(call)), price_usd)
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
