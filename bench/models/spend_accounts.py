"""Two processes that spend one campaign's day on the embedded store, one of them killed again and again."""

from __future__ import annotations

import asyncio
import random
import statistics
import sys
import time
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import Iterable
from datetime import UTC
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final
from uuid import uuid4

from bench.figures import Figure, say
from bench.machine import ROOT, Machine, worker_environment
from bench.models.spender import DAY, PLANNED_USD, REFINE_USD, Orders, Way, brief
from infra.storage.spending_log import SpendingLog
from schemas.money import Posting
from workers.accounts.account_book import AccountBook
from workers.accounts.treasury import Treasury

SPENDERS: Final = 2
BUDGET_USD: Final = 10.0
BRIEFS: Final = 220
KILLS: Final = 12
RESERVATIONS: Final = 200
DAY_OF_THOUSANDS: Final = 1000
"""Reservations of each process on a long day, the first and last `RESERVATIONS` of which are measured."""
OVER: Final = 1.1
CREATES: Final = 300
DAY_NAME: Final = DAY.astimezone(UTC).date().isoformat()
JOB_USD: Final = REFINE_USD
"""The most expensive job."""


async def account_figures(machine: Machine) -> list[Figure]:
    """Speed and safety of a shared account."""
    return [*await _speed(machine), *await _safety(machine), await _underestimated(machine), await _naive(machine)]


async def _speed(machine: Machine) -> list[Figure]:
    """Milliseconds a reservation, early and late in a day, beside a bare conditional create."""
    plain = await _plain_creates(machine)
    say(f"{SPENDERS} processes reserve {DAY_OF_THOUSANDS} times each")
    with TemporaryDirectory() as folder:
        orders = [
            _orders(
                mine, Path(folder), day_usd=1e6, briefs=SPENDERS * DAY_OF_THOUSANDS, way="reserve", campaign="speed"
            )
            for mine in range(SPENDERS)
        ]
        processes = [await _start(machine, each) for each in orders]
        said = [(await process.communicate())[0].decode().split() for process in processes]
    seconds = [[float(text) * 1000 for text in lines] for lines in said]
    early = [ms for each in seconds for ms in each[:RESERVATIONS]]
    late = [ms for each in seconds for ms in each[-RESERVATIONS:]]
    opened = time.perf_counter()
    book = AccountBook(SpendingLog(machine.store, "bench-speed", DAY_NAME))
    account = await book.now()
    fresh = (time.perf_counter() - opened) * 1000
    return [
        Figure("a conditional create of the store alone (floor): median", statistics.median(plain), "ms"),
        Figure(f"a reservation, {SPENDERS} processes x {RESERVATIONS} at once: median", statistics.median(early), "ms"),
        Figure(f"a reservation, {SPENDERS} processes x {RESERVATIONS} at once: p95", _p95(early), "ms"),
        Figure(f"the same, the last of {account.postings} of a day: median", statistics.median(late), "ms"),
        Figure(f"a fresh process learns an account of {account.postings} postings in", fresh, "ms"),
    ]


async def _plain_creates(machine: Machine) -> list[float]:
    found = []
    for _ in range(CREATES):
        started = time.perf_counter()
        await machine.store.create(f"tmp/bench/{uuid4().hex}", b"x" * 200)
        found.append((time.perf_counter() - started) * 1000)
    return found


async def _safety(machine: Machine) -> list[Figure]:
    demand = BRIEFS * PLANNED_USD
    say(f"{SPENDERS} processes want ${demand:.0f} of a day of ${BUDGET_USD:.0f}, {KILLS} times killed with -9")
    with TemporaryDirectory() as folder:
        orders = [_orders(mine, Path(folder), day_usd=BUDGET_USD, briefs=BRIEFS) for mine in range(SPENDERS)]
        kills = await _kill_and_restart(machine, orders)
        paid = sum(_billed(each.bill for each in orders).values())
    log = SpendingLog(machine.store, "bench-safety", DAY_NAME)
    postings = [posting async for posting in log.since(0)]
    again = [await Treasury(machine.store).reserve(brief(orders[0], number)) for number in range(BRIEFS)]
    held = {posting.brief_id for posting in postings}
    return [
        Figure("processes killed with -9 in the midst of it", kills, "kills", f">= {KILLS}"),
        Figure("paid above the budget of the day", max(0.0, paid - BUDGET_USD), "$", f"<= {JOB_USD}"),
        Figure("highest sum of claims above the budget, at any posting",
               max(0.0, max(posting.total_usd for posting in postings) - BUDGET_USD), "$", f"<= {JOB_USD}"),
        Figure("what briefs have of the account, against the running total", _adrift(postings), "$", "<= 0.000001"),
        Figure("paid, against what ended briefs gave as spent", abs(paid - _settled(postings)), "$", "<= 0.000001"),
        Figure("briefs without their end", sum(not _last(postings)[each].claim.settled for each in held), "briefs",
               "<= 0"),
        Figure("known briefs that a repeat would reserve again",
               sum(why is not None for number, why in enumerate(again) if f"brf-{number:08d}" in held), "briefs",
               "<= 0"),
        Figure("share of the budget that was spent, at a demand of it", paid / BUDGET_USD, "ratio", ">= 0.97"),
        Figure("demand over the budget", demand / BUDGET_USD, "ratio"),
    ]  # fmt: skip


async def _underestimated(machine: Machine) -> Figure:
    """The effect of estimates that are too low on a budget."""
    say(f"the same with images that cost {OVER - 1:.0%} more than was estimated")
    with TemporaryDirectory() as folder:
        orders = [
            _orders(
                mine,
                Path(folder),
                day_usd=BUDGET_USD,
                briefs=BRIEFS,
                campaign="underestimated",
                price_factor=OVER,
            )
            for mine in range(SPENDERS)
        ]
        paid = await _run(machine, orders)
    return Figure(f"paid above the budget where images cost {OVER - 1:.0%} more than was estimated",
                  max(0.0, paid - BUDGET_USD), "$", f"<= {JOB_USD}")  # fmt: skip


async def _naive(machine: Machine) -> Figure:
    """The effect of the same demand on a budget that is a number in an object."""
    with TemporaryDirectory() as folder:
        orders = [
            _orders(mine, Path(folder), day_usd=BUDGET_USD, briefs=4 * BRIEFS, way="naive") for mine in range(SPENDERS)
        ]
        paid = await _run(machine, orders)
    return Figure("paid above the budget with a total that is read, compared and written back (rival)",
                  max(0.0, paid - BUDGET_USD), "$")  # fmt: skip


async def _run(machine: Machine, orders: list[Orders]) -> float:
    """Run the spenders to their end. Returns what they paid in all, double payments included."""
    for process in [await _start(machine, each) for each in orders]:
        await process.communicate()
    return sum(sum(_billed([each.bill]).values()) for each in orders)


async def _kill_and_restart(machine: Machine, orders: list[Orders]) -> int:
    """Run the spenders to their end and kill one of them again and again during its work. Returns how often."""
    chance, kills = random.Random(7), 0
    processes = [await _start(machine, each) for each in orders]
    while kills < KILLS:
        victim = kills % SPENDERS
        if not await _has_paid(processes[victim], orders[victim].bill, chance.randint(1, 60)):
            break
        await asyncio.sleep(chance.uniform(0.0, 0.02))
        processes[victim].kill()
        await processes[victim].wait()
        processes[victim] = await _start(machine, orders[victim])
        kills += 1
    ends = [await process.wait() for process in processes]
    if any(ends):
        raise RuntimeError(f"spenders ended with {ends}")
    return kills


async def _has_paid(process: Process, bill: Path, jobs: int) -> bool:
    """Wait until `jobs` more are on the bill. Returns False if the process ends first."""
    wanted = _lines(bill) + jobs
    while _lines(bill) < wanted:
        if process.returncode is not None:
            return False
        await asyncio.sleep(0.002)
    return True


def _lines(bill: Path) -> int:
    return bill.read_bytes().count(b"\n") if bill.exists() else 0


async def _start(machine: Machine, orders: Orders) -> Process:
    return await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bench.models.spender", orders.model_dump_json(),
        env=worker_environment(machine.settings), cwd=ROOT, stdin=DEVNULL, stdout=PIPE,
    )  # fmt: skip


def _orders(
    mine: int,
    folder: Path,
    *,
    day_usd: float,
    briefs: int,
    way: Way = "spend",
    campaign: str = "safety",
    price_factor: float = 1.0,
) -> Orders:
    return Orders(
        campaign_id=f"bench-{campaign}",
        day_usd=day_usd,
        briefs=briefs,
        mine=mine,
        spenders=SPENDERS,
        bill=folder / f"{mine}.bill",
        way=way,
        price_factor=price_factor,
    )


def _billed(files: Iterable[Path]) -> dict[str, float]:
    """The lines of all bills. A job on two of them would count once, but each brief has one spender."""
    lines = [line.rpartition(" ") for file in files for line in file.read_text().splitlines()]
    return {job: float(usd) for job, _, usd in lines}


def _last(postings: list[Posting]) -> dict[str, Posting]:
    return {posting.brief_id: posting for posting in postings}


def _settled(postings: list[Posting]) -> float:
    return sum(posting.claim.usd for posting in _last(postings).values() if posting.claim.settled)


def _adrift(postings: list[Posting]) -> float:
    """The largest difference between the running total and the claims that make it up."""
    claims: dict[str, float] = {}
    worst = 0.0
    for posting in postings:
        claims[posting.brief_id] = posting.claim.usd
        worst = max(worst, abs(sum(claims.values()) - posting.total_usd))
    return worst


def _p95(values: list[float]) -> float:
    return statistics.quantiles(values, n=20)[-1]
