"""What a campaign may still start today, as slots that are taken one by one with conditional creates.

A day has ``per_day_usd / per_brief_usd`` slots, each good for one brief at its full budget. A slot is taken once,
by one brief, whoever asks and however often: no counter to lose in a crash.
"""

from __future__ import annotations

import math
from datetime import date

from infra.storage.store import ObjectStore
from schemas.campaigns import Budget


def slots_of(budget: Budget) -> int | None:
    """Briefs that a day pays for; None where a brief costs nothing by the budget's own word."""
    if budget.per_brief_usd <= 0:
        return None
    return math.floor(budget.per_day_usd / budget.per_brief_usd + 1e-9)


async def take_slot(store: ObjectStore, campaign_id: str, day: date, brief_id: str, budget: Budget) -> bool:
    """Whether `brief_id` has a slot of `day`: taken now, or by an earlier delivery of the same signal."""
    slots = slots_of(budget)
    if slots is None:
        return True
    for number in range(slots):
        key = f"allowances/{campaign_id}/{day.isoformat()}/{number}"
        if await store.create(key, brief_id.encode()) or await store.get(key) == brief_id.encode():
            return True
    return False
