"""The ledger: the durable record of a paid job, so that it is paid once.

Its entries are objects created on condition that nothing is there (``If-None-Match: *``), below ``ledger/<job>/``:

    claim-<n>    who works on the job, and until when; claim n + 1 may be taken once claim n has run out
    submitted    the provider's own request id, written before the first poll
    done         the record of the result; final

A fresh job costs two round trips here (its claim and its `done`), a repeated one two reads.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, TypeVar
from uuid import uuid4

from infra.storage.store import ObjectStore
from schemas.base import Instant, Model
from schemas.errors import StoreError
from schemas.generations import GenerationRecord
from schemas.images import Size
from schemas.operations import Operation

M = TypeVar("M", bound=Model)
LEASE: Final = timedelta(seconds=15)
"""How long a claim holds without renewal: about the time that a consumer group takes to notice a dead member."""
RENEWAL_SECONDS: Final = 5.0
"""A third of the lease, so that two renewals may fail."""
POLL_SECONDS: Final = 0.5


class Claim(Model):
    """Who works on a job, and until when."""

    owner: str
    until: Instant


class Submission(Model):
    """A request that a provider has accepted, and what of it the lineage wants to know."""

    model: str
    request_id: str
    seed_sent: int | None = None
    prompt_text: str = ""
    operation: Operation | None = None
    references: tuple[Size, ...] = ()


@dataclass(frozen=True, slots=True)
class Turn:
    """The right to work on a job. `number` is the claim's; above 1, an earlier owner was lost on the way."""

    job_id: str
    number: int
    submission: Submission | None


class Ledger:
    """Claims, submissions and results of jobs. `clock` gives the present moment."""

    def __init__(self, store: ObjectStore, clock: Callable[[], datetime], owner: str | None = None) -> None:
        self._store = store
        self._clock = clock
        self.owner = owner or f"worker-{uuid4().hex}"
        self._held_until: dict[str, datetime] = {}

    def holds(self, turn: Turn) -> bool:
        """Whether nobody else can have taken the job: the last claim that the store confirmed has not run out."""
        until = self._held_until.get(turn.job_id)
        return until is not None and until > self._clock()

    async def done(self, job_id: str) -> GenerationRecord | None:
        """The result of a job, or None while there is none."""
        key = f"ledger/{job_id}/done"
        data = await self._store.get(key)
        return _read(GenerationRecord, key, data) if data is not None else None

    async def take(self, job_id: str) -> Turn | GenerationRecord:
        """The right to work on a job, or its result. Waits while another worker's claim is alive."""
        number = 1
        while True:
            if await self._create_claim(job_id, number):
                if number == 1:
                    return Turn(job_id, number, None)
                result = await self.done(job_id)
                return result or Turn(job_id, number, await self._submission(job_id))
            result = await self.done(job_id)
            if result is not None:
                return result
            claim = await self._claim(job_id, number)
            if claim is not None and claim.until <= self._clock():
                number += 1
            else:
                await asyncio.sleep(POLL_SECONDS)

    async def submitted(self, turn: Turn, submission: Submission) -> None:
        """Make the provider's request id durable, before the first poll."""
        await self._store.create(f"ledger/{turn.job_id}/submitted", submission.model_dump_json().encode())

    async def withdraw(self, turn: Turn) -> None:
        """Forget what was submitted: it came to nothing, and the next turn is to submit anew."""
        if self.holds(turn):  # else it may be another's
            await self._store.delete(f"ledger/{turn.job_id}/submitted")

    async def finish(self, turn: Turn, record: GenerationRecord) -> GenerationRecord:
        """Make the result final. Returns the one that counts: another's, where that came first."""
        if await self._store.create(f"ledger/{turn.job_id}/done", record.model_dump_json().encode()):
            return record
        return await self.done(turn.job_id) or record

    async def release(self, turn: Turn) -> None:
        """Let the claim run out now, so that a retry need not wait for the lease."""
        await self._write_claim(turn, self._clock())

    @asynccontextmanager
    async def kept_alive(self, turn: Turn) -> AsyncIterator[None]:
        """Renew the claim for as long as the body runs. A body that ends before the first renewal costs no task."""
        renewals: list[asyncio.Task[None]] = []
        first = asyncio.get_running_loop().call_later(
            RENEWAL_SECONDS, lambda: renewals.append(asyncio.create_task(self._renew(turn)))
        )
        try:
            yield
        finally:
            self._held_until.pop(turn.job_id, None)
            first.cancel()
            for renewal in renewals:
                renewal.cancel()
                with suppress(asyncio.CancelledError):
                    await renewal

    async def _renew(self, turn: Turn) -> None:
        while self.holds(turn):  # what has run out may be another's by now
            with suppress(StoreError):  # a missed renewal is made up by the next, or by the lease running out
                await self._write_claim(turn, self._clock() + LEASE)
            await asyncio.sleep(RENEWAL_SECONDS)

    async def _create_claim(self, job_id: str, number: int) -> bool:
        claim = Claim(owner=self.owner, until=self._clock() + LEASE)
        created = await self._store.create(f"ledger/{job_id}/claim-{number}", claim.model_dump_json().encode())
        if created:
            self._held_until[job_id] = claim.until
        return created

    async def _write_claim(self, turn: Turn, until: datetime) -> None:
        claim = Claim(owner=self.owner, until=until)
        await self._store.put(f"ledger/{turn.job_id}/claim-{turn.number}", claim.model_dump_json().encode())
        if self.holds(turn):
            self._held_until[turn.job_id] = until

    async def _claim(self, job_id: str, number: int) -> Claim | None:
        key = f"ledger/{job_id}/claim-{number}"
        data = await self._store.get(key)
        return _read(Claim, key, data) if data is not None else None

    async def _submission(self, job_id: str) -> Submission | None:
        key = f"ledger/{job_id}/submitted"
        data = await self._store.get(key)
        return _read(Submission, key, data) if data is not None else None


def _read(model: type[M], key: str, data: bytes) -> M:
    """An entry. Raises StoreError for what is none: the job was perhaps paid, and nobody begins it anew unasked."""
    try:
        return model.model_validate_json(data)
    except ValueError as error:
        reason = str(error).partition("\n")[0]
        message = f"{key} cannot be read ({reason}): remove it to have the image made, and paid, anew"
        raise StoreError(message, retryable=False) from None
