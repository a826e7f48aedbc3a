"""Things that are down for a while: the broker restarts, the store and the provider go, the provider throttles."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.support.faults import load as loading
from tests.support.faults.driver import Driver
from tests.support.faults.fleet import Fleet
from tests.support.faults.ground import Ground, StackKind, ground
from tests.support.faults.losses import Losses, account
from tests.support.faults.payments import ledger_results
from tests.support.faults.progress import Progress, following
from tests.support.faults.trial import LIMIT_SECONDS, MIXED, QUIET_SECONDS, Tell, read_everything

STORE_SECONDS = 30.0
PROVIDER_SECONDS = 60.0
STORM_SECONDS = 60.0
BEGIN_SHARE = 0.2
"""The outage begins once this share of the draft jobs is settled."""
LONG_QUIET_SECONDS = 300.0
"""The last delay tier of retries is 180 s and a quarter: a run that is quiet for less may still go on."""

Outage = Callable[[Ground, Driver], Awaitable[None]]


async def _broker(site: Ground, driver: Driver) -> None:
    await driver.restart_broker()


async def _store(site: Ground, driver: Driver) -> None:
    await driver.take_away(site.store_name, STORE_SECONDS)


async def _provider(site: Ground, driver: Driver) -> None:
    await driver.bad_weather(PROVIDER_SECONDS, down="refuses")


async def _storm(site: Ground, driver: Driver) -> None:
    await driver.bad_weather(STORM_SECONDS, storm=True)


OUTAGES: Mapping[str, Outage] = {
    "broker restarted": _broker,
    f"object store down for {STORE_SECONDS:.0f} s": _store,
    f"provider down for {PROVIDER_SECONDS:.0f} s": _provider,
    f"429 for everything for {STORM_SECONDS:.0f} s": _storm,
}
"""What can be down, by its name in reports."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an outage came to. `resumed` is how long after its end the next draft came, in seconds."""

    name: str
    complete: bool
    jobs: int
    lost: int
    dead_letters: tuple[str, ...]
    failed_jobs: int
    undelivered: int
    resumed: float
    finished: float


async def each(
    kind: StackKind,
    folder: Path,
    names: Collection[str],
    *,
    briefs: int = 5,
    drafts: int = loading.DRAFTS_A_BRIEF,
    tell: Tell = lambda _: None,
) -> list[Outcome]:
    """Each of the outages `names`, one after the other on one stack, each in a run of `briefs` x `drafts` jobs."""
    async with ground(kind, folder) as site:
        await site.simulator.set_weather(MIXED)
        await loading.put_in_force(site, drafts)
        async with Fleet(site) as fleet:
            driver = Driver(site, fleet)
            outcomes = []
            for number, name in enumerate(names):
                load = loading.make_load(briefs, drafts, name=f"outage {number}")
                outcomes.append(await _one(site, driver, name, load))
                tell(f"{name}: {outcomes[-1]}")
            return outcomes


async def _one(site: Ground, driver: Driver, name: str, load: loading.Load) -> Outcome:
    async with following(site.settings.kafka) as progress:
        await loading.send(site, load)
        begin = int(BEGIN_SHARE * load.jobs)
        assert await progress.wait(lambda: progress.settled >= begin, LIMIT_SECONDS, quiet=QUIET_SECONDS), name
        await OUTAGES[name](site, driver)
        ended = time.monotonic()
        resumed = await _seconds_to_next(progress, ended)
        complete = await progress.wait(
            lambda: len(progress.briefs) >= len(load.signals), LIMIT_SECONDS, quiet=LONG_QUIET_SECONDS
        )
        return await _account(site, name, load, (complete, resumed, time.monotonic() - ended))


async def _seconds_to_next(progress: Progress, ended: float) -> float:
    """Seconds from `ended` (monotonic) until another draft job is settled; infinity where none is."""
    known = progress.settled
    came = await progress.wait(lambda: progress.settled > known, LONG_QUIET_SECONDS)
    return progress.settled_at - ended if came else float("inf")


async def _account(site: Ground, name: str, load: loading.Load, timing: tuple[bool, float, float]) -> Outcome:
    complete, resumed, finished = timing
    signals = set(load.ids)
    losses = account(await read_everything(site), await ledger_results(site.store), signals)
    mine = {job.job_id for job in losses.draft_jobs.values() if _belongs(losses, job.brief_id, signals)}
    outcomes = [outcome for outcome in losses.brief_outcomes.values() if outcome.signal_id in signals]
    return Outcome(
        name=name,
        complete=complete,
        jobs=len(mine),
        lost=losses.lost + load.jobs - len(mine),
        dead_letters=tuple(f"{letter['error']}: {letter['reason']}" for letter in losses.dead_letters),
        failed_jobs=len(losses.failed_jobs & mine),
        undelivered=len(signals) - sum(outcome.name == "delivered" for outcome in outcomes),
        resumed=resumed,
        finished=finished,
    )


def _belongs(losses: Losses, brief_id: str, signals: set[str]) -> bool:
    outcome = losses.brief_outcomes.get(brief_id)
    return outcome is not None and outcome.signal_id in signals
