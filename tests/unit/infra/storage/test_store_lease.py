"""A claim is renewed for as long as its work runs, and no longer."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from infra.storage import ledger as ledger_module
from infra.storage.ledger import LEASE_DURATION, ClaimEntry, Lease, Ledger
from infra.storage.memory_store import MemoryStore
from schemas.errors import StoreError

START = datetime(2026, 1, 1, tzinfo=UTC)
KEY = "ledger/job/claim-1"


class MovingClock:
    """Goes on by a second with each look."""

    def __init__(self) -> None:
        self.seconds = 0

    def __call__(self) -> datetime:
        self.seconds += 1
        return START + timedelta(seconds=self.seconds)


class CountingStore(MemoryStore):
    """Counts its writes, the first of which fails."""

    writes = 0

    async def put(self, key: str, data: bytes, media_type: str = "application/json") -> None:
        self.writes += 1
        if self.writes == 1:
            raise StoreError("away")
        await super().put(key, data, media_type)


async def until(store: CountingStore, writes: int) -> None:
    async with asyncio.timeout(5):
        while store.writes < writes:  # noqa: ASYNC110 - nothing but the count shows it
            await asyncio.sleep(0.001)


async def test_a_claim_is_renewed_again_and_again_even_after_a_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ledger_module, "RENEWAL_SECONDS", 0.002)
    store, clock = CountingStore(), MovingClock()
    ledger = Ledger(store, clock, owner="me")
    lease = await ledger.take("job")
    assert isinstance(lease, Lease)
    first = ClaimEntry.model_validate_json(await store.get(KEY) or b"")
    async with ledger.kept_alive(lease):
        await until(store, 3)
    renewed = ClaimEntry.model_validate_json(await store.get(KEY) or b"")
    assert renewed.owner == "me"
    assert renewed.until > first.until
    assert renewed.until - LEASE_DURATION > START


async def test_with_the_work_the_renewals_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ledger_module, "RENEWAL_SECONDS", 0.002)
    store = CountingStore()
    ledger = Ledger(store, MovingClock(), owner="me")
    lease, others = await ledger.take("job"), asyncio.all_tasks()
    assert isinstance(lease, Lease)
    async with ledger.kept_alive(lease):
        await until(store, 2)
    assert asyncio.all_tasks() == others


async def test_a_claim_that_ran_out_is_renewed_over_nobodys_head() -> None:
    store, clock = CountingStore(), MovingClock()
    ledger = Ledger(store, clock, owner="me")
    lease = await ledger.take("job")
    assert isinstance(lease, Lease)
    assert ledger.holds(lease)
    clock.seconds += int(LEASE_DURATION.total_seconds()) + 1
    assert not ledger.holds(lease)
    async with asyncio.timeout(5):
        await ledger._renew(lease)
    assert store.writes == 0


async def test_quick_work_writes_no_renewal_and_starts_no_task() -> None:
    store = CountingStore()
    ledger = Ledger(store, MovingClock(), owner="me")
    others = asyncio.all_tasks()
    async with ledger.kept_alive(Lease("job", 1, None)):
        assert asyncio.all_tasks() == others
    assert store.writes == 0
