"""Hedged calls: two calls for one image. The first answer counts; the other call is cancelled, and its cost counted."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from dataclasses import dataclass

import structlog

from infra.providers.base import Generation, Provider, Ticket
from infra.providers.http.provider import observed
from schemas.errors import ProviderError
from schemas.generations import GenerationRequest
from workers.accounts.treasury import Treasury
from workers.generation.pacing.pacer import Pacer

FinishedCall = tuple[Ticket, Generation]

log = structlog.get_logger()


class _NotSent(Exception):
    """The second call is not sent after all."""


@dataclass(slots=True)
class SecondCall:
    """A second call for the image of `request`: sent `after` so many seconds, for `price_usd`.

    `brief_id` is the brief whose budgets pay it; None where no one counts. Once `is_sent`, it may cost money.
    """

    provider: Provider
    request: GenerationRequest
    price_usd: float
    after: float
    brief_id: str | None
    is_sent: bool = False

    async def result(self, pacer: Pacer, treasury: Treasury, first: asyncio.Future[FinishedCall]) -> FinishedCall:
        """The image of the second call, in a turn of its own. Raises `_NotSent` without room, money or need for one."""
        async with pacer.second_turn(self.request.model) as call:
            if call is None:
                raise _NotSent
            is_paid = self.brief_id is None or await treasury.set_aside(self.brief_id, self.price_usd)
            if first.done() or not is_paid:
                raise _NotSent
            self.is_sent = True
            log.info("a call is slow: a second one is sent", model=self.request.model, usd=self.price_usd)
            provider = observed(self.provider, call)
            ticket = await provider.submit(self.request)
            return ticket, ticket.finished or await provider.collect(ticket)


async def hedged(
    pacer: Pacer, treasury: Treasury, second: SecondCall, first: Awaitable[FinishedCall]
) -> tuple[FinishedCall, float]:
    """The image of `first`, or that of `second`, and what the other call cost (US dollars).

    A cancelled call counts with its price: no provider says whether it bills one. Where both fail, the error of the
    first is raised.
    """
    task = asyncio.ensure_future(first)
    try:
        await asyncio.wait({task}, timeout=second.after)
        if task.done():
            return task.result(), 0.0
        other = asyncio.ensure_future(second.result(pacer, treasury, task))
        try:
            return await _raced(task, other, second)
        except _NotSent:
            return await task, 0.0
        finally:
            await _cancelled(other)
    finally:
        await _cancelled(task)


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
        error.spent_usd += also.spent_usd
        raise error from None
    return image, error.spent_usd


def _error(call: asyncio.Future[FinishedCall]) -> ProviderError | None:
    error = call.exception()
    if error is not None and not isinstance(error, ProviderError):
        raise error
    return error


def _cost(call: asyncio.Future[FinishedCall], price_usd: float) -> float:
    """What a call cost whose image is no longer needed."""
    if not call.done():
        return price_usd
    error = call.exception()
    if error is None:
        return call.result()[1].price_usd
    return error.spent_usd if isinstance(error, ProviderError) else price_usd


async def _cancelled(call: asyncio.Future[FinishedCall]) -> None:
    call.cancel()
    await asyncio.gather(call, return_exceptions=True)
