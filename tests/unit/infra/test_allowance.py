"""A campaign's day: slots that are taken once, however often and by whomever they are asked for."""

from __future__ import annotations

import asyncio
from datetime import date

from infra.storage.allowance import slots_of, take_slot
from infra.storage.memory_store import MemoryStore
from schemas.campaigns import Budget

DAY = date(2026, 11, 22)
BUDGET = Budget(per_brief_usd=0.5, per_day_usd=1.7)


def test_a_day_pays_for_whole_briefs() -> None:
    assert slots_of(BUDGET) == 3
    assert slots_of(Budget(per_brief_usd=0.1, per_day_usd=0.3)) == 3
    assert slots_of(Budget(per_brief_usd=0.0, per_day_usd=0.0)) is None


async def test_the_day_never_gives_more_than_it_has() -> None:
    store = MemoryStore()
    asked = [take_slot(store, "c", DAY, f"brf-{number}", BUDGET) for number in range(10)]
    assert sum(await asyncio.gather(*asked)) == 3


async def test_a_brief_that_asks_again_has_its_slot() -> None:
    store = MemoryStore()
    for _ in range(5):
        assert await take_slot(store, "c", DAY, "brf-1", BUDGET)
    assert await take_slot(store, "c", DAY, "brf-2", BUDGET)
    assert await take_slot(store, "c", DAY, "brf-3", BUDGET)
    assert not await take_slot(store, "c", DAY, "brf-4", BUDGET)


async def test_days_and_campaigns_are_apart() -> None:
    store = MemoryStore()
    one = Budget(per_brief_usd=1.0, per_day_usd=1.0)
    assert await take_slot(store, "a", DAY, "brf-1", one)
    assert await take_slot(store, "b", DAY, "brf-2", one)
    assert await take_slot(store, "a", date(2026, 11, 23), "brf-3", one)
    assert not await take_slot(store, "a", DAY, "brf-4", one)
