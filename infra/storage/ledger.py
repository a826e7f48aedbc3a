"""The ledger: the durable record of a paid job, so that it is paid once.

Its entries are objects under ``ledger/<job>/``. Each is created by a conditional write (``If-None-Match: *``), so the
first write wins:

    claim-<n>    the owner of the job's lease, and its end; claim n + 1 may be created once claim n has expired
    submitted    the provider's own request id, written before the first poll
    done         the record of the result; final

A new job costs two round trips here (its claim and its `done`), a repeated one two reads.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Self, TypeVar
from uuid import uuid4

from infra.providers.base import Ticket
from infra.storage.store import ObjectStore
from schemas.base import Instant, Model
from schemas.errors import StoreError
from schemas.generations import GenerationRecord
from schemas.images import Size
from schemas.operations import Operation

M = TypeVar("M", bound=Model)
LEASE_DURATION: Final = timedelta(seconds=15)
"""How long a lease lasts without renewal: about the time that a consumer group takes to notice a dead member."""
RENEWAL_SECONDS: Final = 5.0
"""A third of the lease, so that two renewals may fail."""
POLL_SECONDS: Final = 0.5


class ClaimEntry(Model):
    """The stored form of a lease: its owner, and its end."""

    owner: str
    until: Instant


class Submission(Model):
    """A ticket as the ledger stores it: what is needed to collect the image and to describe it in the lineage."""

    model: str
    request_id: str
    seed_sent: int | None = None
    prompt_text: str = ""
    operation: Operation | None = None
    references: tuple[Size, ...] = ()

    @classmethod
    def of(cls, ticket: Ticket) -> Self:
        """The entry of `ticket`, which is not finished."""
        return cls(
            model=ticket.model,
            request_id=ticket.request_id,
            seed_sent=ticket.seed_sent,
            prompt_text=ticket.prompt_text,
            operation=ticket.operation,
            references=ticket.references,
        )

    def ticket(self) -> Ticket:
        """The ticket, to be collected by any process."""
        return Ticket(
            self.model,
            self.request_id,
            seed_sent=self.seed_sent,
            prompt_text=self.prompt_text,
            operation=self.operation,
            references=self.references,
        )


@dataclass(frozen=True, slots=True)
class Lease:
    """The right to work on a job for a limited time.

    `number` is that of its claim, from 1; above 1, an earlier owner stopped without a result. `submission` is the
    request that an earlier owner sent, where there is one: it is collected, not sent again.
    """

    job_id: str
    number: int
    submission: Submission | None


class Ledger:
    """Leases, submissions and results of jobs.

    `clock` returns the current time (UTC). Every method may raise `StoreError`; an entry that cannot be read raises
    one that is not retryable.
    """

    def __init__(self, store: ObjectStore, clock: Callable[[], datetime], owner: str | None = None) -> None:
        self._store = store
        self._clock = clock
        self.owner = owner or f"worker-{uuid4().hex}"
        self._held_until: dict[str, datetime] = {}

    def holds(self, lease: Lease) -> bool:
        """Whether no other worker can have taken the job: the last confirmed renewal has not expired."""
        until = self._held_until.get(lease.job_id)
        return until is not None and until > self._clock()

    async def done(self, job_id: str) -> GenerationRecord | None:
        """The result of a job, or None while there is none."""
        key = f"ledger/{job_id}/done"
        data = await self._store.get(key)
        return _read(GenerationRecord, key, data) if data is not None else None

    async def take(self, job_id: str) -> Lease | GenerationRecord:
        """A lease on a job, or its result where it is done. Waits while another worker's lease is valid."""
        number = 1
        while True:
            if await self._create_claim(job_id, number):
                if number == 1:
                    return Lease(job_id, number, None)
                result = await self.done(job_id)
                return result or Lease(job_id, number, await self._submission(job_id))
            result = await self.done(job_id)
            if result is not None:
                return result
            claim = await self._claim(job_id, number)
            if claim is not None and claim.until <= self._clock():
                number += 1
            else:
                await asyncio.sleep(POLL_SECONDS)

    async def submitted(self, lease: Lease, submission: Submission) -> None:
        """Make the provider's request id durable, before the first poll."""
        await self._store.create(f"ledger/{lease.job_id}/submitted", submission.model_dump_json().encode())

    async def withdraw(self, lease: Lease) -> None:
        """Delete the submission: it failed, and the next attempt must submit again."""
        if self.holds(lease):  # else the entry may be another owner's
            await self._store.delete(f"ledger/{lease.job_id}/submitted")

    async def finish(self, lease: Lease, record: GenerationRecord) -> GenerationRecord:
        """Make the result final. Returns the first record written, which may be another owner's."""
        if await self._store.create(f"ledger/{lease.job_id}/done", record.model_dump_json().encode()):
            return record
        return await self.done(lease.job_id) or record

    async def release(self, lease: Lease) -> None:
        """End the lease now, so that a retry need not wait for its expiry."""
        await self._write_claim(lease, self._clock())

    @asynccontextmanager
    async def kept_alive(self, lease: Lease) -> AsyncIterator[None]:
        """Renew the lease while the body runs. A body that ends before the first renewal starts no task."""
        renewals: list[asyncio.Task[None]] = []
        first = asyncio.get_running_loop().call_later(
            RENEWAL_SECONDS, lambda: renewals.append(asyncio.create_task(self._renew(lease)))
        )
        try:
            yield
        finally:
            self._held_until.pop(lease.job_id, None)
            first.cancel()
            for renewal in renewals:
                renewal.cancel()
                with suppress(asyncio.CancelledError):
                    await renewal

    async def _renew(self, lease: Lease) -> None:
        while self.holds(lease):  # an expired lease may be another owner's by now
            with suppress(StoreError):  # the next renewal makes up for a missed one, or the lease expires
                await self._write_claim(lease, self._clock() + LEASE_DURATION)
            await asyncio.sleep(RENEWAL_SECONDS)

    async def _create_claim(self, job_id: str, number: int) -> bool:
        claim = ClaimEntry(owner=self.owner, until=self._clock() + LEASE_DURATION)
        created = await self._store.create(f"ledger/{job_id}/claim-{number}", claim.model_dump_json().encode())
        if created:
            self._held_until[job_id] = claim.until
        return created

    async def _write_claim(self, lease: Lease, until: datetime) -> None:
        claim = ClaimEntry(owner=self.owner, until=until)
        await self._store.put(f"ledger/{lease.job_id}/claim-{lease.number}", claim.model_dump_json().encode())
        if self.holds(lease):
            self._held_until[lease.job_id] = until

    async def _claim(self, job_id: str, number: int) -> ClaimEntry | None:
        key = f"ledger/{job_id}/claim-{number}"
        data = await self._store.get(key)
        return _read(ClaimEntry, key, data) if data is not None else None

    async def _submission(self, job_id: str) -> Submission | None:
        key = f"ledger/{job_id}/submitted"
        data = await self._store.get(key)
        return _read(Submission, key, data) if data is not None else None


def _read(model: type[M], key: str, data: bytes) -> M:
    """The entry in `data`.

    Raises:
        StoreError: `data` is no such entry. The job may have been paid, so it is not started again without a person.
    """
    try:
        return model.model_validate_json(data)
    except ValueError as error:
        reason = str(error).partition("\n")[0]
        message = f"{key} cannot be read ({reason}): remove it to have the image made, and paid, again"
        raise StoreError(message, retryable=False) from None
