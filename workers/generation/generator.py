"""From a request to its record: the claim, the models that may make the image, the store."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime

import structlog

from infra.providers.registry import Registry
from infra.storage.ledger import Ledger, Turn
from infra.storage.store import ObjectStore, save_blob
from schemas.errors import BadOutput, ProviderError
from schemas.generations import GenerationRecord, GenerationRequest
from workers.generation.attempt import Attempt, ClaimLost
from workers.generation.gate import Affords, Gate
from workers.generation.writing import Made, patiently, record_of

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Generated:
    """The record of an image. `repeated`: it was in the ledger already; `claim`: see `Turn.number`."""

    record: GenerationRecord
    repeated: bool
    claim: int = 1


Asking = Callable[[GenerationRequest, str], GenerationRequest]


def asked_of(request: GenerationRequest, model: str) -> GenerationRequest:
    """`request` put to `model` as it stands."""
    return request.model_copy(update={"model": model})


class Generator:
    """Makes images for drafter and refiner: at most `slots` with the models at once, whatever is in hand.

    `registry` holds the models that it can ask; `asking` puts a request to another of them in that one's words.
    """

    def __init__(
        self,
        registry: Registry,
        store: ObjectStore,
        ledger: Ledger,
        clock: Callable[[], datetime],
        slots: int,
        gate: Gate,
        asking: Asking = asked_of,
    ) -> None:
        self._asking = asking
        self._gate = gate
        self._slots = asyncio.Semaphore(slots)
        self.registry = registry
        self._store = store
        self._ledger = ledger
        self._clock = clock

    async def generate(
        self,
        request: GenerationRequest,
        fallbacks: Sequence[str] = (),
        *,
        urgent: bool = False,
        affords: Affords | None = None,
    ) -> Generated:
        """The image of `request`: from the ledger if it is there, else made, stored and entered.

        Where the model that it asks for cannot make it now, the first of `fallbacks` that can does; what a provider
        has accepted is waited for, and never asked of another. `urgent` requests go before others, and
        may be joined by a second call for the same image, if `affords` (where given) has the money for it.

        Raises the `ProviderError` and `StoreError` families. After a provider's error the claim is given
        back; money that the attempt cost is in the error. A claim that ran out while the job waited for a
        slot (the store was out of reach, the process stood still) is taken anew before any money is spent.
        """
        while True:
            with suppress(ClaimLost):
                return await self._generate(request, (request.model, *fallbacks), urgent, affords)

    async def _generate(
        self, request: GenerationRequest, models: Sequence[str], urgent: bool, affords: Affords | None
    ) -> Generated:
        await self._wait_unclaimed(request.job_id, self._gate.choose(models))
        turn = await self._ledger.take(request.job_id)
        if isinstance(turn, GenerationRecord):
            return Generated(turn, repeated=True)
        async with self._ledger.kept_alive(turn):
            try:
                made = await self._by_any(request, models, turn, urgent, affords)
            except ProviderError:
                await self._ledger.release(turn)
                raise
            record = await self._stored(made)
            final = await patiently(lambda: self._ledger.finish(turn, record))
            return Generated(final, repeated=False, claim=turn.number)

    async def _wait_unclaimed(self, job_id: str, model: str) -> None:
        """While its model pauses a job holds no claim; unless its image is there already, it waits."""
        if self._gate.paused(model) and await self._ledger.done(job_id) is None:
            await self._gate.wait(model)

    async def _by_any(
        self, request: GenerationRequest, models: Sequence[str], turn: Turn, urgent: bool, affords: Affords | None
    ) -> Made:
        """The image by the first of `models` that can make it; by the one that has accepted it, if one has."""
        left = list(models) if turn.submission is None else [turn.submission.model]
        wasted = 0.0
        while True:
            model = self._gate.choose(left)
            left = left[left.index(model) + 1 :]
            attempt = Attempt(self.registry, self._ledger, turn, self._gate, self._slots, self._clock)
            try:
                made = await attempt.make(self._asking(request, model), urgent=urgent, affords=affords)
            except ProviderError as error:
                if isinstance(error, BadOutput):  # what was submitted will give nothing better when asked again
                    await self._ledger.withdraw(turn)
                error.spent_usd = wasted = wasted + error.spent_usd
                if not left or attempt.is_accepted or not self._gate.fails_over(model, error):
                    raise
                log.warning("another model takes over", job=request.job_id, model=model, error=str(error))
            else:
                return replace(made, wasted_usd=made.wasted_usd + wasted)

    async def _stored(self, made: Made) -> GenerationRecord:
        data, media_type = made.generation.data, made.generation.media_type
        return record_of(made, await patiently(lambda: save_blob(self._store, data, media_type)))
