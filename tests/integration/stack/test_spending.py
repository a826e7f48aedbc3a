"""One account on a real store, shared by two connections; and `brushfire spend` on what came of it."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

from infra import clock
from infra.settings import Settings
from infra.storage import records
from infra.storage.minio_store import MinioStore
from schemas.briefs import Brief
from schemas.campaigns import Budget
from tests.support.command import called
from tests.support.factories import make_brief
from workers.accounts.treasury import Treasury, day_of

pytestmark = pytest.mark.stack
CAMPAIGN = "spending-on-a-real-store"
BUDGET = Budget(per_brief_usd=1.0, per_day_usd=5.0)


def brief(number: int, **changes: Any) -> Brief:
    fields = {"campaign_id": CAMPAIGN, "budget": BUDGET, "created_at": clock.now(), "planned_usd": 0.5}
    return make_brief(brief_id=f"brf-real-{number}", **{**fields, **changes})


async def spend_a_day(settings: Settings) -> list[Brief]:
    """Forty briefs on two connections, of which ten have money; the first is settled, the others stay open."""
    briefs = [brief(number) for number in range(40)]
    async with MinioStore(settings.store) as one, MinioStore(settings.store) as other:
        treasuries = Treasury(one), Treasury(other)
        asked = [treasuries[place % 2].reserve(each) for place, each in enumerate(briefs)]
        denied = await asyncio.gather(*asked)
        paid = [each for each, why in zip(briefs, denied, strict=True) if why is None]
        for each in paid:
            await records.the_brief(one, each)
        await treasuries[0].settle(paid[0], 0.2, 0.0)
        account = await treasuries[1].book(CAMPAIGN, day_of(paid[0])).now()
        assert account.total_usd == pytest.approx(4.7)
        assert account.postings == 11
    return paid


def test_a_day_on_a_real_store_and_what_the_command_says_of_it(running_stack: Settings) -> None:
    paid = asyncio.run(spend_a_day(running_stack))
    assert len(paid) == 10
    said = called("spend", "--data", running_stack.data, "--campaign", CAMPAIGN, "--by", "brief", "--json")
    assert said.exit_code == 0, said.output
    lines = [json.loads(line) for line in said.stdout.splitlines()]
    assert {line["name"] for line in lines[:-1]} == {each.brief_id for each in paid}
    total = lines[-1]
    assert (total["name"], total["briefs"]) == ("total", 10)
    assert (total["estimate_usd"], total["held_usd"], total["spent_usd"]) == pytest.approx((5.0, 4.5, 0.2))
    shown = called("spend", "--data", running_stack.data, "--campaign", CAMPAIGN)
    assert "$5.00 (94%)" in shown.output
    unknown = called("spend", "--data", running_stack.data, "--campaign", "unknown", "--day", "2026-01-01")
    assert "nothing was reserved or spent" in unknown.output
