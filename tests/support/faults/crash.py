"""Crashes in the middle of a two-phase call: after `submitted` is in the ledger and before `done` is.

A single drafter takes a handful of jobs of the two-phase model, each of which takes the provider seconds. Once the
drafter polls them it is killed, and the ledger, which no process writes now, shows which jobs were caught in between.
Its successor has to poll on and pay nothing.
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from infra.campaigns.book import campaign_version
from infra.campaigns.reading import load_campaigns, upload_artwork
from infra.kafka.bus import Bus
from infra.storage.ledger import Submission
from infra.storage.store import ObjectStore
from routing.planning.plan import draft_jobs, plan_brief
from schemas.drafts import DraftJob
from schemas.generations import ModelCard
from schemas.safety import Verdict
from schemas.topics import DRAFT_JOBS
from tests.support.faults import load as loading
from tests.support.faults.driver import Driver
from tests.support.faults.fleet import Fleet
from tests.support.faults.ground import Ground, StackKind, ground
from tests.support.faults.payments import ledger_results
from tests.support.faults.progress import following
from tests.support.simulator.log import Call
from tests.support.simulator.weather import Uniform, Weather

SLOW = Weather(latency=Uniform(low=5.0, high=7.0))
"""Longer than all submissions of a round take together: then all of them are caught."""
SLOTS = 16
ROUND_SECONDS = 180.0


@dataclass(slots=True)
class Crashes:
    """`caught` jobs were between `submitted` and `done` at a kill; `too_early` had been asked for, not submitted."""

    kills: int = 0
    caught: set[str] = field(default_factory=set)
    too_early: set[str] = field(default_factory=set)
    jobs: int = 0
    done: int = 0
    caught_paid_twice: set[str] = field(default_factory=set)
    others_paid_twice: set[str] = field(default_factory=set)
    dollars: float = 0.0
    recoveries: list[float] = field(default_factory=list)
    job_of_seed: dict[int | None, str] = field(default_factory=dict)


async def between_submitted_and_done(
    kind: StackKind, folder: Path, wanted: int, tell: Callable[[str], None] = lambda _: None
) -> Crashes:
    """Kill until `wanted` jobs have been caught."""
    found = Crashes()
    variables = {"BRUSHFIRE_CONCURRENCY__DRAFTER": str(SLOTS)}
    async with ground(kind, folder) as site:
        await site.simulator.set_weather(SLOW)
        await loading.put_in_force(site, SLOTS)
        async with Fleet(site, {"drafter": 1}, variables=variables) as fleet:
            while len(found.caught) < wanted:
                await _round(site, fleet, found)
                tell(f"kill {found.kills}: {len(found.caught)} jobs caught, recovered in {found.recoveries[-1]:.1f} s")
        await _settle(site, found)
    return found


async def _round(site: Ground, fleet: Fleet, found: Crashes) -> None:
    """One batch of jobs, one kill, and everything done afterwards."""
    jobs = await _orders(site, found.kills)
    seeds = {job.request.seed: job.job_id for job in jobs}
    found.job_of_seed |= seeds
    async with following(site.settings.kafka) as progress, Bus(site.settings.kafka) as bus:
        await bus.send_all((DRAFT_JOBS, job.job_id, job) for job in jobs)
        await _until_polled(site, seeds)
        await Driver(site, fleet).kill("drafter-1")
        killed = time.monotonic()
        await _look(site, seeds, found)
        wanted = {job.job_id for job in jobs}
        assert await progress.wait(lambda: wanted <= progress.drafted, ROUND_SECONDS), fleet.log("drafter-1")[-4000:]
        found.recoveries.append(time.monotonic() - killed)
    found.kills += 1
    found.jobs += len(jobs)


async def _orders(site: Ground, number: int) -> list[DraftJob]:
    """The draft jobs of a new brief of the campaign whose model has two phases."""
    entry = next(c for c in load_campaigns(site.folder / "campaigns").loaded if "lapland" in c.campaign.answers.topics)
    campaign = await upload_artwork(entry.campaign, entry.path.parent, site.store)
    signal = loading.make_load(1, name=f"crash {number}").signals[0]
    card = ModelCard(
        name=campaign.plan.draft_model, version="any", provider="any", tier="fast", operations=("text-to-image",),
        seed="best_effort", price_usd=0.01, seconds=1.0, source="this bench", as_of="",
    )  # fmt: skip
    brief = plan_brief(
        signal, campaign, campaign_version=campaign_version(campaign), copy_language="en",
        verdict=Verdict(decision="clear", reason="a bench's own signal", languages=("en",), lexicon_version="none"),
        draft_model=card, refine_model=card, now=signal.observed_at,
    )  # fmt: skip
    return list(draft_jobs(brief))


async def _until_polled(site: Ground, seeds: dict[int | None, str]) -> None:
    """Return once every job has been polled, or the first is nearly made: a poll comes after `submitted`."""
    assert isinstance(SLOW.latency, Uniform)
    async with asyncio.timeout(ROUND_SECONDS):
        while True:
            mine = _mine(await site.simulator.calls(), seeds)
            oldest = min((call.received_at for call in mine), default=time.time())
            if len([call for call in mine if call.polls]) >= len(seeds) or time.time() - oldest > SLOW.latency.low / 2:
                return
            await asyncio.sleep(0.05)


async def _look(site: Ground, seeds: dict[int | None, str], found: Crashes) -> None:
    """Which jobs are submitted and not done, now that no worker has them."""
    for call in _mine(await site.simulator.calls(), seeds):
        job = seeds[call.seed]
        submission = await _submission(site.store, job)
        done = await site.store.get(f"ledger/{job}/done")
        if submission is not None and done is None:
            found.caught.add(job)
        elif submission is None and done is None:
            found.too_early.add(job)


async def _submission(store: ObjectStore, job: str) -> Submission | None:
    data = await store.get(f"ledger/{job}/submitted")
    return Submission.model_validate_json(data) if data is not None else None


async def _settle(site: Ground, found: Crashes) -> None:
    """The bills of all rounds: the seed of a call tells its job."""
    found.done = len(await ledger_results(site.store))
    paid = [call for call in await site.simulator.calls() if call.billed_usd > 0]
    bills = Counter(found.job_of_seed[call.seed] for call in paid)
    twice = {job for job, count in bills.items() if count > 1}
    found.caught_paid_twice = twice & found.caught
    found.others_paid_twice = twice - found.caught
    found.dollars = sum(call.billed_usd for call in paid)


def _mine(calls: list[Call], seeds: dict[int | None, str]) -> list[Call]:
    return [call for call in calls if call.seed in seeds]
