"""A run under kills: load, acts drawn from a seed, samples throughout, and the account afterwards."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from pathlib import Path

from schemas.topics import DEAD_LETTERS, FAILURES
from tests.support.auditor import Audit, audit
from tests.support.faults import driver as driving
from tests.support.faults import load as loading
from tests.support.faults.driver import Act, Driver
from tests.support.faults.fleet import Fleet
from tests.support.faults.ground import Ground, StackKind, ground
from tests.support.faults.journal import Entry, read_entries
from tests.support.faults.losses import READ, Losses, account
from tests.support.faults.payments import MADE, Payments, balance, ledger_results
from tests.support.faults.progress import following
from tests.support.faults.sampler import ELSEWHERE, JUDGED, Samples, Verdict, judge, sampling
from tests.support.simulator.weather import Uniform, Weather
from workers.runtime.kinds import WorkerKind

MIXED = Weather(latency=Uniform(low=0.05, high=4.0))
"""The latency of every call in a run under kills, in seconds."""
QUIET_SECONDS = 60.0
"""A run in which nothing has come for so long is at its end: a group that lost a member rejoins within 15 s."""
LIMIT_SECONDS = 1800.0

Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Plan:
    """What a run is made of. `stock` are the worker kinds that run on faust's own consumer."""

    seed: int
    briefs: int = 25
    drafts: int = loading.DRAFTS_A_BRIEF
    kills: int = 20
    pauses: int = 4
    stock: Collection[WorkerKind] = ()
    weather: Weather = MIXED
    quiet_seconds: float = QUIET_SECONDS
    more: Collection[driving.Planned] = ()


@dataclass(slots=True)
class Findings:
    """What a run came to."""

    complete: bool
    seconds: float
    jobs: int
    acts: list[Act]
    losses: Losses
    payments: Payments
    verdict: Verdict
    audit: Audit
    fatal: list[str] = field(default_factory=list)

    @property
    def lost_jobs(self) -> int:
        """Jobs without a result, those too that were never sent because the job that they follow was lost."""
        return len(self.losses.lost_jobs) + self.jobs - len(self.losses.draft_jobs)

    @property
    def kills(self) -> int:
        """Processes that were ended."""
        return sum(act.what in {"kill", "terminate"} for act in self.acts)


async def under_kills(kind: StackKind, folder: Path, plan: Plan, tell: Tell = lambda _: None) -> Findings:
    """Run `plan` on a stack of its own in `folder`."""
    async with ground(kind, folder, plan.seed) as site:
        await site.simulator.set_weather(plan.weather)
        await loading.put_in_force(site, plan.drafts)
        async with Fleet(site, stock=plan.stock) as fleet:
            return await _run(site, fleet, plan, tell)


async def _run(site: Ground, fleet: Fleet, plan: Plan, tell: Tell) -> Findings:
    load = loading.make_load(plan.briefs, plan.drafts, name=f"seed {plan.seed}")
    driver = Driver(site, fleet, tell)
    acts = driving.plan(plan.seed, load.jobs, plan.kills, plan.pauses, fleet.kind_of)
    acts = sorted([*acts, *plan.more], key=lambda act: act.settled)
    async with following(site.settings.kafka) as progress, sampling(site.settings.kafka) as samples:
        began = time.monotonic()
        await loading.send(site, load)
        await driver.drive(acts, progress, plan.quiet_seconds)
        complete = await progress.wait(
            lambda: len(progress.briefs) >= len(load.signals), LIMIT_SECONDS, quiet=plan.quiet_seconds
        )
        seconds = time.monotonic() - began
        tell(f"{'complete' if complete else 'INCOMPLETE'} after {seconds:.0f} s: {progress.settled} of {load.jobs} "
             f"jobs, {len(progress.briefs)} of {len(load.signals)} briefs")  # fmt: skip
        return await _examine(site, load, driver.acts, samples, complete, seconds)


async def _examine(
    site: Ground, load: loading.Load, acts: list[Act], samples: Samples, complete: bool, seconds: float
) -> Findings:
    entries = await read_everything(site)
    results = await ledger_results(site.store)
    losses = account(entries, results, load.ids)
    return Findings(
        complete=complete,
        seconds=seconds,
        jobs=load.jobs,
        acts=acts,
        losses=losses,
        payments=balance(await site.simulator.calls(), results, entries, acts, losses.draft_jobs.values()),
        verdict=judge(samples, entries),
        audit=await audit(site.settings, load.ids),
    )


async def read_everything(site: Ground) -> list[Entry]:
    """All messages that an account looks at."""
    topics = {topic.name: topic for topic in (*READ, *MADE, *JUDGED, *ELSEWHERE, FAILURES, DEAD_LETTERS)}
    return await read_entries(site.settings.kafka, tuple(topics.values()))
