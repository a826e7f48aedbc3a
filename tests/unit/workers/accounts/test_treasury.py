"""Treasuries over one store: however many processes ask, in whatever order, and whenever one is lost."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from infra.storage.memory_store import MemoryStore
from infra.storage.spending_log import SpendingLog, accounts
from schemas.briefs import Brief
from schemas.campaigns import Budget
from schemas.errors import StoreError
from schemas.money import Posting
from tests.support.factories import make_brief
from workers.accounts.account_book import BALANCE_EVERY
from workers.accounts.treasury import TOTAL, Treasury, day_of

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
BUDGET = Budget(per_brief_usd=1.0, per_day_usd=3.0)


class Yielding(MemoryStore):
    """A store that gives way at every call, so that its users get in each other's way; it can lose answers."""

    def __init__(self) -> None:
        super().__init__()
        self.creates = 0
        self.reads = 0
        self.lost: set[int] = set()

    async def get(self, key: str) -> bytes | None:
        self.reads += 1
        await asyncio.sleep(0)
        return await super().get(key)

    async def create(self, key: str, data: bytes, media_type: str = "application/json") -> bool:
        await asyncio.sleep(0)
        created = await super().create(key, data, media_type)
        self.creates += 1
        if self.creates in self.lost:
            raise StoreError("the connection broke after the store had acted")
        await asyncio.sleep(0)
        return created


def brief(number: int, planned: float = 0.5, **changes: Any) -> Brief:
    fields = {"campaign_id": "northbound", "budget": BUDGET, "created_at": NOON, "planned_usd": planned}
    return make_brief(brief_id=f"brf-{number}", **{**fields, **changes})


async def postings(store: MemoryStore, account: str = "2026-11-22") -> list[Posting]:
    return [posting async for posting in SpendingLog(store, "northbound", account).since(0)]


async def total(store: MemoryStore, account: str = "2026-11-22") -> float:
    return (await Treasury(store).book("northbound", account).now()).total_usd


async def test_many_treasuries_never_give_more_than_the_day_has() -> None:
    store = Yielding()
    answers = await asyncio.gather(*(Treasury(store).reserve(brief(number)) for number in range(20)))
    assert answers.count(None) == 6
    assert await total(store) == pytest.approx(3.0)
    assert [posting.number for posting in await postings(store)] == list(range(6))


async def test_the_same_brief_from_two_routers_is_reserved_once() -> None:
    store = Yielding()
    asked = [treasury.reserve(brief(1)) for treasury in (Treasury(store), Treasury(store), Treasury(store))]
    assert await asyncio.gather(*asked) == [None, None, None]
    assert len(await postings(store)) == 1


async def test_a_reservation_whose_router_was_lost_is_taken_up_again() -> None:
    store = Yielding()
    store.lost = {2}  # the account is opened, the posting is written, the answer does not come
    treasury = Treasury(store)
    with pytest.raises(StoreError):
        await treasury.reserve(brief(1))
    assert await treasury.reserve(brief(1)) is None
    assert await Treasury(store).reserve(brief(1)) is None
    assert len(await postings(store)) == 1


async def test_a_day_that_is_spent_says_what_would_help_and_gives_again_what_is_returned() -> None:
    store = Yielding()
    one, other = Treasury(store), Treasury(store)
    for number in range(6):
        assert await one.reserve(brief(number)) is None
    why = await other.reserve(brief(6))
    assert why is not None
    assert "the budget of the day is spent: $3.00 of $3.00" in why
    assert "raise per_day_usd to at least 3.50" in why
    assert "open briefs of 2026-11-22" in why
    await one.settle(brief(0), 0.1, 0.0)
    assert await other.reserve(brief(6, planned=0.4)) is None
    await other.settle(brief(0), 0.1, 0.0)
    assert await total(store) == pytest.approx(5 * 0.5 + 0.1 + 0.4)


async def test_a_claim_is_covered_within_the_day_and_what_is_spent_is_booked_anyway() -> None:
    store = Yielding()
    treasury = Treasury(store)
    assert await treasury.reserve(brief(1)) is None
    assert await treasury.cover(brief(1), 0.9, 0.5) is None
    assert await total(store) == pytest.approx(0.9)
    why = await treasury.cover(brief(1), 3.2, 3.1)
    assert why is not None
    assert await total(store) == pytest.approx(3.1), "the limit is passed by what is already paid, and no further"


async def test_a_claim_that_is_high_enough_costs_no_call() -> None:
    store = Yielding()
    treasury = Treasury(store)
    await treasury.reserve(brief(1))
    before = store.creates, store.reads
    assert await treasury.cover(brief(1), 0.4, 0.2) is None
    assert (store.creates, store.reads) == before


async def test_a_plan_above_its_own_budget_reserves_nothing() -> None:
    store = MemoryStore()
    assert await Treasury(store).reserve(brief(1, planned=1.5)) is None
    assert await postings(store) == []


async def test_days_and_campaigns_have_accounts_of_their_own() -> None:
    store = MemoryStore()
    treasury = Treasury(store)
    full = {"planned": 1.0, "budget": Budget(per_brief_usd=1.0, per_day_usd=1.0)}
    assert await treasury.reserve(brief(1, **full)) is None
    assert await treasury.reserve(brief(2, **full)) is not None
    assert await treasury.reserve(brief(2, **full, created_at=NOON + timedelta(days=1))) is None
    assert await treasury.reserve(brief(3, **full, campaign_id="another")) is None
    assert set(await accounts(store, "2026-11-22")) == {"northbound", "another"}


def test_a_day_is_one_of_utc() -> None:
    in_tokyo = datetime(2026, 11, 23, 8, 0, tzinfo=timezone(timedelta(hours=9)))
    assert day_of(brief(1, created_at=in_tokyo)) == "2026-11-22"


async def test_a_campaigns_whole_budget_holds_over_days_and_a_denial_leaves_the_day_as_it_was() -> None:
    store = Yielding()
    treasury = Treasury(store)
    whole = Budget(per_brief_usd=1.0, per_day_usd=3.0, total_usd=1.2)
    assert await treasury.reserve(brief(1, budget=whole)) is None
    tomorrow = NOON + timedelta(days=1)
    assert await treasury.reserve(brief(2, budget=whole, created_at=tomorrow)) is None
    why = await treasury.reserve(brief(3, budget=whole, created_at=tomorrow))
    assert why is not None
    assert "the budget of the campaign is spent" in why
    assert "raise total_usd to at least 1.50" in why
    assert await total(store, "2026-11-23") == pytest.approx(0.5)
    await treasury.settle(brief(1, budget=whole), 0.1, 0.0)
    assert await treasury.reserve(brief(3, budget=whole, created_at=tomorrow)) is None
    assert await total(store, TOTAL) == pytest.approx(1.1)


async def test_a_fresh_process_begins_with_the_last_balance() -> None:
    store = Yielding()
    treasury = Treasury(store)
    plenty = Budget(per_brief_usd=1.0, per_day_usd=1e6)
    for number in range(BALANCE_EVERY + 5):
        await treasury.reserve(brief(number, budget=plenty))
    store.reads = 0
    account = await Treasury(store).book("northbound", "2026-11-22").now()
    assert account.postings == BALANCE_EVERY + 5
    assert account.total_usd == pytest.approx(0.5 * (BALANCE_EVERY + 5))
    assert store.reads < 20


async def test_a_process_that_is_far_behind_catches_up() -> None:
    store = Yielding()
    late, busy = Treasury(store), Treasury(store)
    plenty = Budget(per_brief_usd=1.0, per_day_usd=1e6)
    await late.reserve(brief(0, budget=plenty))
    for number in range(1, 60):
        await busy.reserve(brief(number, budget=plenty))
    await late.reserve(brief(60, budget=plenty))
    assert await total(store) == pytest.approx(61 * 0.5)
    assert len(await postings(store)) == 61


async def test_second_calls_of_many_workers_stay_within_the_budget_of_their_brief():
    """The plan is 0.5 of 1.0: five second calls of 0.1 go out, however many ask at once."""
    store = Yielding()
    mine = brief(1, budget=Budget(per_brief_usd=1.0, per_day_usd=5.0, total_usd=5.0))
    assert await Treasury(store).reserve(mine) is None
    answers = await asyncio.gather(*(Treasury(store).add(mine, 0.1) for _ in range(12)))
    assert sum(answers) == 5
    assert await total(store) == pytest.approx(1.0)
    assert await total(store, "total") == pytest.approx(1.0)


@pytest.mark.parametrize(("day_usd", "life_usd"), [(1.0, None), (5.0, 1.0)])
async def test_a_second_call_beyond_the_day_or_the_campaign_is_not_sent_and_claims_nothing(day_usd, life_usd):
    store, limits = MemoryStore(), Budget(per_brief_usd=1.0, per_day_usd=day_usd, total_usd=life_usd)
    for number, planned in enumerate([0.5, 0.45]):
        assert await Treasury(store).reserve(brief(number, planned, budget=limits)) is None
    assert not await Treasury(store).add(brief(0, budget=limits), 0.1)
    assert await total(store) == pytest.approx(0.95)
    assert await Treasury(store).add(brief(0, budget=limits), 0.05)


async def test_a_brief_that_has_ended_sends_no_second_call():
    store = MemoryStore()
    await Treasury(store).reserve(brief(1))
    await Treasury(store).settle(brief(1), 0.3, 0.0)
    assert not await Treasury(store).add(brief(1), 0.1)
    assert await total(store) == pytest.approx(0.3)
