"""A picture, paid once: a request through the ledger, the provider and the object store."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager, suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, TypeVar

import stamina

from infra.providers.base import Generation, Provider, Ticket
from infra.providers.registry import Registry
from infra.storage.ledger import Ledger, Submission, Turn
from infra.storage.store import ObjectStore, save_blob
from schemas.errors import BadOutput, ProviderError, StoreError
from schemas.generations import GenerationRecord, GenerationRequest
from schemas.images import ImageRef

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Generated:
    """The record of a picture. `repeated`: it was in the ledger already; `claim`: see `Turn.number`."""

    record: GenerationRecord
    repeated: bool
    claim: int = 1


class _ClaimLost(Exception):
    """The claim ran out while its job waited for a slot: another worker may have taken the job."""


class Gate(Protocol):
    """Lets calls to models begin."""

    def paused(self, model: str) -> bool:
        """Whether no call to `model` may begin now."""

    async def wait(self, model: str) -> None:
        """Wait until a call may begin. Raises `ModelPaused` where that takes too long."""

    def turn(self, model: str) -> AbstractAsyncContextManager[None]:
        """Wait in the same way; the body is the call."""


class Generator:
    """Makes pictures for drafter and refiner: at most `slots` with the models at once, whatever is in hand."""

    def __init__(
        self,
        registry: Registry,
        store: ObjectStore,
        ledger: Ledger,
        clock: Callable[[], datetime],
        slots: int,
        gate: Gate,
    ) -> None:
        self._gate = gate
        self._slots = asyncio.Semaphore(slots)
        self._registry = registry
        self._store = store
        self._ledger = ledger
        self._clock = clock

    async def generate(self, request: GenerationRequest) -> Generated:
        """The picture of `request`: from the ledger if it is there, else made, stored and entered.

        Raises the `ProviderError` and `StoreError` families. After a provider's error the claim is given
        back; money that the attempt cost is in the error. A claim that ran out while the job waited for a
        slot (the store was out of reach, the process stood still) is taken anew before any money is spent.
        """
        while True:
            with suppress(_ClaimLost):
                return await self._generate(request)

    async def _generate(self, request: GenerationRequest) -> Generated:
        await self._wait_unclaimed(request)
        turn = await self._ledger.take(request.job_id)
        if isinstance(turn, GenerationRecord):
            return Generated(turn, repeated=True)
        async with self._ledger.kept_alive(turn):
            try:
                record = await self._make(request, turn)
            except ProviderError as error:
                if isinstance(error, BadOutput):  # what was submitted will give nothing better when asked again
                    await self._ledger.withdraw(turn)
                await self._ledger.release(turn)
                raise
            final = await _patiently(lambda: self._ledger.finish(turn, record))
            return Generated(final, repeated=False, claim=turn.number)

    async def _wait_unclaimed(self, request: GenerationRequest) -> None:
        """While its model pauses a job holds no claim; unless its picture is there already, it waits."""
        if self._gate.paused(request.model) and await self._ledger.done(request.job_id) is None:
            await self._gate.wait(request.model)

    async def _make(self, request: GenerationRequest, turn: Turn) -> GenerationRecord:
        provider = self._registry.provider(request.model)
        async with self._gate.turn(request.model), self._slots:
            if not self._ledger.holds(turn):
                raise _ClaimLost
            started, tick = self._clock(), time.monotonic()
            ticket = await self._ticket(provider, request, turn)
            generation = ticket.finished or await provider.collect(ticket)
            seconds = time.monotonic() - tick
        key = await _patiently(lambda: save_blob(self._store, generation.data, generation.media_type))
        image = ImageRef(key=key, media_type=generation.media_type, size=generation.size, bytes=len(generation.data))
        return _record(request, provider.name, ticket, generation, image, started, seconds)

    async def _ticket(self, provider: Provider, request: GenerationRequest, turn: Turn) -> Ticket:
        """The provider's ticket: the one in the ledger, or a new one, entered before the first poll."""
        if turn.submission is not None:
            return Ticket(**turn.submission.model_dump())
        ticket = await provider.submit(request)
        if ticket.finished is None:
            submission = Submission(
                model=ticket.model,
                request_id=ticket.request_id,
                seed_sent=ticket.seed_sent,
                prompt_text=ticket.prompt_text,
            )
            await _patiently(lambda: self._ledger.submitted(turn, submission))
        return ticket


async def _patiently(write: Callable[[], Awaitable[T]]) -> T:
    """`write`, again and again while the store is away: what is paid is in hand, and to give it up is to pay again.

    The handler's limit is the end of it. A retry context costs CPU, so it is made only after a first failure.
    """
    try:
        return await write()
    except StoreError as error:
        failed = error
    async for attempt in stamina.retry_context(
        on=lambda error: isinstance(error, StoreError) and error.retryable, attempts=None, timeout=None
    ):
        with attempt:
            if attempt.num == 1:
                raise failed
            return await write()
    raise AssertionError("an endless retry has no end")


def _record(
    request: GenerationRequest,
    provider: str,
    ticket: Ticket,
    generation: Generation,
    image: ImageRef,
    started_at: datetime,
    seconds: float,
) -> GenerationRecord:
    return GenerationRecord(
        job_id=request.job_id,
        operation=request.operation,
        model=request.model,
        model_version=generation.model_version,
        provider=provider,
        provider_request_id=ticket.request_id,
        seed_sent=generation.seed_sent if generation.seed_sent is not None else ticket.seed_sent,
        seed_returned=generation.seed_returned,
        strength=request.strength,
        references=request.references,
        mask=request.mask,
        edit=request.edit,
        changes=request.prompt.changes,
        prompt_version=request.prompt.version,
        prompt_text=generation.prompt_text or ticket.prompt_text,
        image=image,
        price_usd=generation.price_usd,
        started_at=started_at,
        seconds=seconds,
        parameters=dict(generation.parameters),
        regions=generation.regions,
    )
