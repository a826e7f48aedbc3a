"""From a job to the record of its image: the lease, the models that may make it, the call, the store.

`docs/life-of-a-draft.md` shows where this lies on the way of a draft job.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

import structlog

from infra import clock
from infra.providers.base import Provider, Ticket
from infra.providers.catalogue import open_registry
from infra.providers.http.provider import observed
from infra.providers.registry import Registry
from infra.storage.ledger import Lease, Ledger, Submission
from infra.storage.paid_images import UnstoredImage, store_image, until_stored
from infra.storage.store import ObjectStore
from routing.pacing.fallback import fallback_chain
from routing.prompting.dialects import rendered_for
from schemas.drafts import DraftJob
from schemas.errors import (
    BadOutput,
    BrushfireError,
    BudgetExceeded,
    InvalidRequest,
    ModelPaused,
    NotServed,
    ProviderError,
    RateLimited,
    Refused,
    Unavailable,
)
from schemas.generations import GenerationRecord, GenerationRequest, ModelCard
from schemas.refinements import RefineJob
from workers.accounts.treasury import Treasury
from workers.accounts.unused_payments import note_unused_payment
from workers.generation.hedging import FinishedCall, SecondCall, hedged
from workers.generation.pacing.gossip import open_pacer
from workers.generation.pacing.model import CallInFlight
from workers.generation.pacing.pacer import Pacer
from workers.runtime.worker import Context

log = structlog.get_logger()


class DeadlinePassed(BrushfireError):
    """The brief's deadline passed before the job's turn."""


FINAL: Final = (DeadlinePassed, Refused, InvalidRequest)
"""Errors that no second attempt can repair."""
_TICKET_STAYS_VALID: Final = (Unavailable, RateLimited, ModelPaused, NotServed, BudgetExceeded)
"""Errors of `Provider.collect` after which the same ticket may be collected again, if need be with a new key."""


@dataclass(frozen=True, slots=True)
class Generated:
    """The record of an image. `repeated`: the ledger had it already. `claim`: see `Lease.number`."""

    record: GenerationRecord
    repeated: bool
    claim: int = 1


async def open_generator(context: Context) -> Generator:
    """A generator over all models of the settings; it is closed with the worker."""
    registry = open_registry(context.settings, context.store)
    context.closing.push_async_callback(registry.close)
    slots, member = context.concurrency, context.kind
    pacer = await context.closing.enter_async_context(
        open_pacer(registry, context.settings, context.store, member, slots)
    )
    return Generator(registry, context.store, Ledger(context.store, clock.now), clock.now, slots, pacer)


class _LeaseExpired(Exception):
    """The lease expired while its job waited for a slot: another worker may have taken the job."""


@dataclass(slots=True)
class _Attempt:
    """One job with one model. `is_accepted`: the provider has the request, and the next attempt collects it."""

    request: GenerationRequest
    lease: Lease
    urgent: bool
    brief_id: str | None
    is_accepted: bool


class Generator:
    """Makes images for drafter and refiner, with at most `slots` calls to models in flight."""

    def __init__(
        self,
        registry: Registry,
        store: ObjectStore,
        ledger: Ledger,
        clock: Callable[[], datetime],
        slots: int,
        pacer: Pacer,
        treasury: Treasury | None = None,
    ) -> None:
        """Use the models of `registry`, paced by `pacer`; second calls are paid from `treasury` (None: of `store`)."""
        self.registry = registry
        self._store = store
        self._ledger = ledger
        self._clock = clock
        self._slots = asyncio.Semaphore(slots)
        self._pacer = pacer
        self._treasury = treasury or Treasury(store)

    async def generate_for(self, job: DraftJob | RefineJob) -> Generated:
        """Make the image of `job` within its deadline, with its model or one of its fallbacks.

        What a failed attempt cost is written down for the brief.

        Raises:
            DeadlinePassed: before any money is spent.
            ProviderError, StoreError: see `generate`.
        """
        if job.deadline_at <= self._clock():
            raise DeadlinePassed("the brief's deadline passed before this job's turn")
        urgent = job.lane == "express"
        try:
            fallbacks = self._fallbacks(job.request)
            return await self.generate(job.request, fallbacks, urgent=urgent, brief_id=job.brief_id)
        except ProviderError as error:
            await note_unused_payment(self._store, job, error)
            raise

    async def generate(
        self,
        request: GenerationRequest,
        fallbacks: Sequence[str] = (),
        *,
        urgent: bool = False,
        brief_id: str | None = None,
    ) -> Generated:
        """The image of `request`: from the ledger where it is done, else made, stored and entered there.

        Args:
            request: what to make. Its `job_id` is the key in the ledger.
            fallbacks: models that may make it where its own model cannot, in order. A request that a provider has
                accepted waits for that provider and never goes to another.
            urgent: go before other requests. A second call for the same image may be sent.
            brief_id: the brief whose budgets pay a second call. None: it is not counted.

        Raises:
            ProviderError: no model made the image. The lease is given back; `spent_usd` is what the attempts cost.
            StoreError: the store is unavailable.
        """
        while True:
            with suppress(_LeaseExpired):  # nothing was spent: start again with a new lease
                return await self._generate(request, (request.model, *fallbacks), urgent, brief_id)

    async def _generate(
        self, request: GenerationRequest, models: Sequence[str], urgent: bool, brief_id: str | None
    ) -> Generated:
        await self._wait_without_lease(request.job_id, self._pacer.choose(models))
        lease = await self._ledger.take(request.job_id)
        if isinstance(lease, GenerationRecord):
            return Generated(lease, repeated=True)
        async with self._ledger.kept_alive(lease):
            try:
                paid = await self._by_any(request, models, lease, urgent, brief_id)
            except ProviderError:
                await self._ledger.release(lease)
                raise
            record = await store_image(self._store, paid)
            final = await until_stored(lambda: self._ledger.finish(lease, record))
            return Generated(final, repeated=False, claim=lease.number)

    async def _wait_without_lease(self, job_id: str, model: str) -> None:
        """Wait while `model` is paused: a waiting job holds no lease. A job that is done does not wait."""
        if self._pacer.is_paused(model) and await self._ledger.done(job_id) is None:
            await self._pacer.wait(model)

    async def _by_any(
        self, request: GenerationRequest, models: Sequence[str], lease: Lease, urgent: bool, brief_id: str | None
    ) -> UnstoredImage:
        """The image from the first of `models` that can make it; from the one that has accepted it, if there is one."""
        left = list(models) if lease.submission is None else [lease.submission.model]
        wasted = 0.0
        while True:
            model = self._pacer.choose(left)
            left = left[left.index(model) + 1 :]
            attempt = _Attempt(_asked_of(request, model), lease, urgent, brief_id, lease.submission is not None)
            try:
                paid = await self._by_model(attempt)
            except ProviderError as error:
                if isinstance(error, BadOutput):  # the submitted request has failed and must not be collected again
                    await self._ledger.withdraw(lease)
                error.spent_usd = wasted = wasted + error.spent_usd
                if not left or attempt.is_accepted or not self._pacer.fails_over(model, error):
                    raise
                log.warning("another model takes over", job=request.job_id, model=model, error=str(error))
            else:
                return replace(paid, wasted_usd=paid.wasted_usd + wasted)

    async def _by_model(self, attempt: _Attempt) -> UnstoredImage:
        """The image from the model of `attempt`, once its turn has come and a slot is free."""
        request = attempt.request
        provider = self.registry.provider(request.model)
        async with self._pacer.turn(request.model, urgent=attempt.urgent) as call, self._slots:
            if not self._ledger.holds(attempt.lease):
                raise _LeaseExpired
            started, tick = self._clock(), time.monotonic()
            (ticket, generation), wasted = await self._called(provider, attempt, call)
            return UnstoredImage(request, provider.name, ticket, generation, started, time.monotonic() - tick, wasted)

    async def _called(self, provider: Provider, attempt: _Attempt, call: CallInFlight) -> tuple[FinishedCall, float]:
        """The result of the call, joined by a second one where that pays, and what a call that was dropped cost."""
        request = attempt.request
        price = _price_of(self.registry.card(request.model), request)
        after = self._pacer.hedge_after(request.model, price) if attempt.urgent else None
        first = self._first_call(observed(provider, call), attempt, call)
        if after is None or attempt.lease.submission is not None:
            return await first, 0.0
        second = SecondCall(provider, request, price, after, attempt.brief_id)
        return await hedged(self._pacer, self._treasury, second, first)

    async def _first_call(self, provider: Provider, attempt: _Attempt, call: CallInFlight) -> FinishedCall:
        ticket = await self._ticket(provider, attempt)
        if ticket.finished is not None:
            return ticket, ticket.finished
        attempt.is_accepted = True
        try:
            return ticket, await call.unless_unavailable(provider.collect(ticket))
        except _TICKET_STAYS_VALID:
            raise
        except BaseException as error:
            attempt.is_accepted = not isinstance(error, Exception)
            raise

    async def _ticket(self, provider: Provider, attempt: _Attempt) -> Ticket:
        """The ticket in the ledger, or a new one, which is entered there before the first poll."""
        if attempt.lease.submission is not None:
            return attempt.lease.submission.ticket()
        ticket = await provider.submit(attempt.request)
        if ticket.finished is None:
            submission = Submission.of(ticket)
            await until_stored(lambda: self._ledger.submitted(attempt.lease, submission))
        return ticket

    def _fallbacks(self, request: GenerationRequest) -> Sequence[str]:
        """The models that may make the image of `request` where its own model cannot, in order."""
        if not request.fallbacks:
            return ()
        cards = {card.name: card for card in self.registry.cards()}
        for unknown in set(request.fallbacks) - set(cards):
            log.warning("a fallback is no model of this worker", model=unknown)
        listed = [cards[model] for model in request.fallbacks if model in cards]
        return fallback_chain(self.registry.card(request.model), listed, request, self._clock())[1:]


def _asked_of(request: GenerationRequest, model: str) -> GenerationRequest:
    """`request` for `model`. A fallback gets the prompt in the dialect of its own family."""
    if model == request.model:
        return request
    neutral = request.prompt.model_copy(update={"rendered": None, "emphasis": ()})
    return request.model_copy(update={"model": model, "prompt": rendered_for(neutral, model, request.safe_area)})


def _price_of(card: ModelCard, request: GenerationRequest) -> float:
    """The estimated price of `request` (US dollars), by its operation, size and references."""
    shown = [reference.size for reference in request.references]
    return card.prices.usd(request.operation, request.size, references=shown)
