"""A drafter is cut off the network in mid-run, for longer than its session and its claims last, and comes back.

The others do its work meanwhile. When the link is there again its jobs in flight were done long since by others: it may
finish calls that were in the air, and must not begin any.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from infra.kafka.app import SESSION_SECONDS
from infra.storage.ledger import LEASE_DURATION
from infra.storage.store import ObjectStore
from schemas.drafts import DraftJob
from tests.faults.conftest import Tell
from tests.support.auditor import audit
from tests.support.faults import load as loading
from tests.support.faults.driver import Act
from tests.support.faults.fleet import Fleet
from tests.support.faults.ground import Ground, ground
from tests.support.faults.losses import account
from tests.support.faults.namespace import Namespace, NotAllowed, joined, namespace
from tests.support.faults.payments import Payments, balance, ledger_results
from tests.support.faults.progress import Progress, following
from tests.support.faults.sampler import Samples, judge, sampling
from tests.support.faults.trial import MIXED, read_everything
from tests.support.simulator.log import Call

pytestmark = [pytest.mark.faults, pytest.mark.timeout(900)]

CUT_OFF = "drafter-1"
CUT_SECONDS = 27.0
BRIEFS, DRAFTS = 8, 16
MORE_BRIEFS = 2
"""Sent when all is done, again and again until the drafter that was cut off has made one of their drafts."""
BEGIN_SHARE = 0.15
SLOTS, OPEN_CALLS = 8, 7
"""A drafter's slots, fewer than its jobs in flight, and how many calls it has in the air when the link is cut."""
LIMIT_SECONDS = 240.0


@dataclass(frozen=True, slots=True)
class Cut:
    """The link went between `asked` and `down`, until `restored` (seconds of the epoch).

    `entered` are the jobs that the ledger knew then as submitted or done: they must not be paid again.
    """

    asked: float
    down: float
    restored: float
    entered: frozenset[str]


@pytest.fixture
async def space() -> AsyncIterator[Namespace]:
    """A namespace; none of it is left after the test, however that ends."""
    try:
        async with namespace() as made:
            yield made
    except NotAllowed as reason:
        pytest.skip(f"no network namespace can be made here: {reason}")


async def test_a_drafter_cut_off_costs_its_calls_in_the_air(tmp_path: Path, space: Namespace, tell: Tell) -> None:
    assert max(SESSION_SECONDS, LEASE_DURATION.total_seconds()) + 10 < CUT_SECONDS
    async with ground("embedded", tmp_path, seed=3) as site, joined(space, _ports(site)):
        await site.simulator.set_weather(MIXED)
        await loading.put_in_force(site, DRAFTS)
        async with (
            Fleet(site, variables={"BRUSHFIRE_CONCURRENCY__DRAFTER": str(SLOTS)}, prefixes={CUT_OFF: space.prefix}),
            following(site.settings.kafka) as progress,
            sampling(site.settings.kafka) as samples,
        ):
            load = loading.make_load(BRIEFS, DRAFTS, name="partition")
            await loading.send(site, load)
            cut = await _cut(site, space, progress, tell)
            await _all_done(progress, len(load.ids))
            tell(f"all outcomes {time.time() - cut.restored:.1f} s after the link was back")
            more = await _until_it_takes_part(site, progress)
            tell(f"the drafter takes part again {time.time() - cut.restored:.1f} s after the link was back")
            await _judge(site, cut, [*load.ids, *more], samples, tell)


async def _cut(site: Ground, space: Namespace, progress: Progress, tell: Tell) -> Cut:
    """Cut the link while calls are in the air, and restore it."""
    begin = int(BEGIN_SHARE * BRIEFS * DRAFTS)
    assert await progress.wait(lambda: progress.reached(begin), LIMIT_SECONDS), f"{progress.settled} settled"
    async with asyncio.timeout(LIMIT_SECONDS):
        while (await site.simulator.open_calls()).get(CUT_OFF, 0) < OPEN_CALLS:  # noqa: ASYNC110 - a process
            await asyncio.sleep(0.01)
    asked = time.time()
    await space.cut()
    down = time.time()
    entered, before = await _entered(site.store), progress.settled
    await asyncio.sleep(max(0.0, down + CUT_SECONDS - time.time()))
    restored = time.time()
    await space.restore()
    tell(f"cut off after {before} of {BRIEFS * DRAFTS} jobs, back after {progress.settled}")
    return Cut(asked, down, restored, entered)


async def _entered(store: ObjectStore) -> frozenset[str]:
    keys = [key.split("/") async for key in store.keys("ledger/")]
    return frozenset(job for _, job, entry in keys if entry in {"submitted", "done"})


async def _all_done(progress: Progress, briefs: int) -> None:
    came = await progress.wait(lambda: len(progress.briefs) >= briefs, LIMIT_SECONDS)
    assert came, f"{len(progress.briefs)} of {briefs} briefs have an outcome, {progress.settled} jobs are settled"


async def _until_it_takes_part(site: Ground, progress: Progress) -> list[str]:
    """Send work until a draft of it is one of `CUT_OFF`; the signals that it took."""
    signals: list[str] = []
    async with asyncio.timeout(LIMIT_SECONDS):
        while True:
            load, sent_at = loading.make_load(MORE_BRIEFS, DRAFTS, name=f"after {len(signals)}"), time.time()
            signals += load.ids
            await loading.send(site, load)
            await _all_done(progress, BRIEFS + len(signals))
            used = {record.provider_request_id for record in (await ledger_results(site.store)).values()}
            calls = await site.simulator.calls()
            if any(call.key == CUT_OFF and call.received_at > sent_at and call.id in used for call in calls):
                return signals


async def _judge(site: Ground, cut: Cut, signals: list[str], samples: Samples, tell: Tell) -> None:
    entries, results = await read_everything(site), await ledger_results(site.store)
    losses, verdict = account(entries, results, signals), judge(samples, entries)
    found = await audit(site.settings, signals)
    assert (losses.lost, len(losses.draft_jobs)) == (0, len(signals) * DRAFTS)
    assert (losses.two_outcomes, losses.two_objects, losses.dead_letters) == (set(), set(), [])
    assert found.problems == []
    assert found.names_of_briefs() == {"delivered": len(signals)}
    assert verdict.with_commits > 0
    assert verdict.violations == []
    calls, jobs = await site.simulator.calls(), losses.draft_jobs
    ending = Act("kill", CUT_OFF, cut.asked, cut.restored)  # in the air is what was when the drafter was lost
    payments = balance(calls, results, entries, [ending], jobs.values())
    _judge_payments(cut, payments, calls, jobs, tell)


def _judge_payments(cut: Cut, payments: Payments, calls: list[Call], jobs: dict[str, DraftJob], tell: Tell) -> None:
    """A slot has one call: it was with the provider when the link went, or else is delivered when that is back."""
    in_air = [call for call in calls if call.id in payments.in_air]
    on_their_way = max(0, SLOTS - sum(not 0 < call.answered_at <= cut.down for call in in_air))
    begun_late = [call for call in payments.unused if call.key == CUT_OFF and call.received_at > cut.restored]
    seeds = {call.seed for call in in_air}
    paid_twice = [job for job in payments.paid_twice if jobs[job].request.seed not in seeds]
    entered_twice = cut.entered & set(payments.paid_twice)
    tell(f"{payments.paid} calls paid; {len(in_air)} were in the air, {on_their_way} may have been on their way; "
         f"{len(payments.unused)} unused, {len(begun_late)} of them begun after the link was back")  # fmt: skip
    tell(f"{len(payments.paid_twice)} jobs of two phases paid twice: {len(entered_twice)} of {len(cut.entered)} that "
         f"were in the ledger, {len(paid_twice)} others whose call was not in the air")  # fmt: skip
    assert entered_twice == set()
    assert len(paid_twice) <= on_their_way
    assert len(begun_late) <= on_their_way
    assert len(payments.unused) <= len(in_air) + on_their_way


def _ports(site: Ground) -> list[int]:
    """Of everything that a drafter talks to."""
    settings = site.settings
    addresses = (*(settings.kafka.addresses or ()), settings.store.endpoint, urlsplit(site.simulator.address).netloc)
    return [int(address.rpartition(":")[2]) for address in addresses if address]
