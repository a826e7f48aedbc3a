"""One job with one model: its turn, its slot, its call, and a second one where that pays."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from datetime import datetime

from infra.providers.base import Provider, Ticket
from infra.providers.http.limits import hearing
from infra.providers.registry import Registry
from infra.storage.ledger import Ledger, Submission, Turn
from schemas.errors import BudgetExceeded, ModelPaused, NotServed, RateLimited, Unavailable
from schemas.generations import GenerationRequest, ModelCard
from workers.generation.gate import Affords, Call, Gate
from workers.generation.hedging import FinishedCall, SecondCall, hedged
from workers.generation.writing import Made, patiently

_LEAVE_THE_TICKET_GOOD = (Unavailable, RateLimited, ModelPaused, NotServed, BudgetExceeded)
"""Errors of `Provider.collect` after which the same ticket may be collected again, if need be with a new key."""


class ClaimLost(Exception):
    """The claim ran out while its job waited for a slot: another worker may have taken the job."""


class Attempt:
    """An attempt. `is_accepted`: the provider has the request, and whoever tries next collects it."""

    def __init__(
        self,
        registry: Registry,
        ledger: Ledger,
        turn: Turn,
        gate: Gate,
        slots: asyncio.Semaphore,
        clock: Callable[[], datetime],
    ) -> None:
        self._registry = registry
        self._ledger = ledger
        self._turn = turn
        self._gate = gate
        self._slots = slots
        self._clock = clock
        self.is_accepted = turn.submission is not None

    async def make(self, request: GenerationRequest, *, urgent: bool, affords: Affords | None = None) -> Made:
        """The image of `request`. Raises `ProviderError`, and `ClaimLost` before any money is spent.

        An urgent one may be joined by a second call, if `affords` (where given) has the money for it.
        """
        provider = self._registry.provider(request.model)
        async with self._gate.turn(request.model, urgent=urgent) as call, self._slots:
            if not self._ledger.holds(self._turn):
                raise ClaimLost
            started, tick = self._clock(), time.monotonic()
            (ticket, generation), wasted = await self._called(provider, request, call, urgent, affords)
            return Made(request, provider.name, ticket, generation, started, time.monotonic() - tick, wasted)

    async def _called(
        self, provider: Provider, request: GenerationRequest, call: Call, urgent: bool, affords: Affords | None
    ) -> tuple[FinishedCall, float]:
        price = _price_of(self._registry.card(request.model), request)
        after = self._gate.hedge_after(request.model, price) if urgent else None
        first = self._image(provider, request, call)
        if after is None or self._turn.submission is not None:
            return await first, 0.0

        async def second(another: Call) -> FinishedCall:
            with hearing(another):
                ticket = await provider.submit(request)
                return ticket, ticket.finished or await provider.collect(ticket)

        return await hedged(self._gate, SecondCall(request.model, price, after, second, affords), first)

    async def _image(self, provider: Provider, request: GenerationRequest, call: Call) -> FinishedCall:
        with hearing(call):
            ticket = await self._ticket(provider, request)
            if ticket.finished is not None:
                return ticket, ticket.finished
            self.is_accepted = True
            try:
                return ticket, await call.unless_away(provider.collect(ticket))
            except _LEAVE_THE_TICKET_GOOD:
                raise
            except BaseException as error:
                self.is_accepted = not isinstance(error, Exception)
                raise

    async def _ticket(self, provider: Provider, request: GenerationRequest) -> Ticket:
        """The provider's ticket: the one in the ledger, or a new one, entered before the first poll."""
        if self._turn.submission is not None:
            return _ticket_of(self._turn.submission)
        ticket = await provider.submit(request)
        if ticket.finished is None:
            submission = _submission_of(ticket)
            await patiently(lambda: self._ledger.submitted(self._turn, submission))
        return ticket


def _price_of(card: ModelCard, request: GenerationRequest) -> float:
    """About what `request` costs, by its operation, size and references."""
    shown = [reference.size for reference in request.references]
    return card.prices.usd(request.operation, request.size, references=shown)


def _submission_of(ticket: Ticket) -> Submission:
    return Submission(
        model=ticket.model,
        request_id=ticket.request_id,
        seed_sent=ticket.seed_sent,
        prompt_text=ticket.prompt_text,
        operation=ticket.operation,
        references=ticket.references,
    )


def _ticket_of(submission: Submission) -> Ticket:
    return Ticket(
        submission.model,
        submission.request_id,
        seed_sent=submission.seed_sent,
        prompt_text=submission.prompt_text,
        operation=submission.operation,
        references=submission.references,
    )
