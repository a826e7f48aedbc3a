"""A process that spends a campaign's day: ``python -m bench.models.spender ORDERS``, with the store in its environment.

It takes briefs through the treasury as routers and promoters do, and "pays" their jobs by lines in a file, the bill,
which outlives the process. A job on the bill is not paid again, like real jobs in the ledger.
"""

from __future__ import annotations

import asyncio
import hashlib
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Final, Literal

from pydantic import Field

from infra import settings as settings_module
from infra.storage.minio_store import MinioStore
from infra.storage.store import ObjectStore
from schemas.base import Model
from schemas.briefs import Brief
from schemas.campaigns import Budget
from tests.support.factories import make_brief
from workers.accounts.treasury import Treasury

DRAFT_USD: Final = 0.003
REFINE_USD: Final = 0.053
DRAFTS: Final = 12
PLANNED_USD: Final = DRAFTS * DRAFT_USD + REFINE_USD
DAY: Final = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
JOB_SECONDS: Final = 0.004
REFUSED: Final = 0.1
"""Share of drafts that are refused and cost nothing."""
NAIVE_KEY: Final = "tmp/bench/naive-total"

Way = Literal["spend", "reserve", "naive"]
"""Spend briefs to their end; only reserve, and print how long each took; or reserve by a plain number in an object."""


class Orders(Model):
    """The orders of a spender. Of the briefs below `briefs` it takes those whose number modulo `spenders` is `mine`."""

    campaign_id: str
    day_usd: float
    briefs: int
    first: int = 0
    mine: Annotated[int, Field(ge=0)]
    spenders: Annotated[int, Field(ge=1)]
    bill: Path
    way: Way = "spend"
    price_factor: float = 1.0
    """What an image costs, as a multiple of its estimate."""

    def numbers(self) -> Iterator[int]:
        """The briefs to take; every tenth goes to all spenders, as a signal that is delivered twice."""
        return (n for n in range(self.first, self.briefs) if n % self.spenders == self.mine or n % 10 == 0)

    def owns(self, number: int) -> bool:
        """Whether it is this spender that does the jobs of the brief."""
        return number % self.spenders == self.mine


def brief(orders: Orders, number: int) -> Brief:
    """The brief of that number: the same in every process."""
    return make_brief(
        brief_id=f"brf-{number:08d}",
        campaign_id=orders.campaign_id,
        budget=Budget(per_brief_usd=min(2.0, orders.day_usd), per_day_usd=orders.day_usd),
        draft_usd=DRAFT_USD,
        refine_usd=REFINE_USD,
        planned_usd=PLANNED_USD,
        created_at=DAY,
    )


def draw(number: int, what: str) -> float:
    """A fixed number from 0 to 1 for each question about a brief."""
    return int.from_bytes(hashlib.sha256(f"{number} {what}".encode()).digest()[:4]) / 2**32


class Bill:
    """The lines of this spender's file: what a provider would have charged."""

    def __init__(self, path: Path) -> None:
        lines = path.read_text().splitlines() if path.exists() else []
        self._paid = {line.rpartition(" ")[0] for line in lines}
        self._file = path.open("a", buffering=1)

    def pay(self, job: str, usd: float) -> float:
        """Pay `job` once. Returns what it costs."""
        if job not in self._paid:
            self._file.write(f"{job} {usd}\n")
            self._paid.add(job)
        return usd

    def is_closed(self, number: int) -> bool:
        """Whether the brief ended in an earlier run of this process."""
        return f"end {number}" in self._paid


async def spend(treasury: Treasury, orders: Orders, number: int, bill: Bill) -> None:
    """A brief from its reservation to its end. Some drafts fail, every third brief has its refinement made twice."""
    order = brief(orders, number)
    if bill.is_closed(number) or await treasury.reserve(order) is not None or not orders.owns(number):
        return
    spent = 0.0
    for draft in range(DRAFTS):
        if draw(number, f"draft {draft}") > REFUSED:
            spent += bill.pay(f"{number} draft-{draft}", DRAFT_USD * orders.price_factor)
            await asyncio.sleep(JOB_SECONDS)
    for attempt in range(1 + (number % 3 == 0)):
        if await treasury.cover(order, spent + REFINE_USD, spent) is None:
            spent += bill.pay(f"{number} refinement-{attempt}", REFINE_USD * orders.price_factor)
            await asyncio.sleep(JOB_SECONDS)
    await treasury.settle(order, spent, 0.0)
    bill.pay(f"end {number}", 0.0)


async def spend_naively(store: ObjectStore, orders: Orders, number: int, bill: Bill) -> None:
    """A brief's plan, paid where a total that is read, compared and written back has room for it."""
    total = float(await store.get(NAIVE_KEY) or b"0")
    if total + PLANNED_USD <= orders.day_usd:
        await store.put(NAIVE_KEY, str(total + PLANNED_USD).encode())
        bill.pay(f"{number} all", PLANNED_USD)


async def main(orders: Orders) -> None:
    """Take all briefs."""
    async with MinioStore(settings_module.load().store) as store:
        treasury, bill = Treasury(store), Bill(orders.bill)
        for number in orders.numbers():
            match orders.way:
                case "spend":
                    await spend(treasury, orders, number, bill)
                case "naive":
                    await spend_naively(store, orders, number, bill)
                case "reserve":
                    started = time.perf_counter()
                    await treasury.reserve(brief(orders, number))
                    sys.stdout.write(f"{time.perf_counter() - started:.6f}\n")


if __name__ == "__main__":
    asyncio.run(main(Orders.model_validate_json(sys.argv[1])))
