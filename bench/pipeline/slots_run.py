"""One run of slots: jobs lie on a topic, worker processes with slots take them, a model answers in 250 ms.

The first two rounds of slots warm the processes. The clock runs from the start of the first model call after them to
the last draft event on the topic; ideal is what the slots need for those jobs if no time passes between two calls.
"""

from __future__ import annotations

import asyncio
import json
import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

import psutil

from bench.machine import SERVERS, Machine
from bench.pipeline import chain
from bench.pipeline.image import bench_brief
from bench.pipeline.orders import jobs_of, send_jobs
from bench.pipeline.worker import calls_file
from bench.watch import watching
from infra.kafka.bus import Bus, encode
from schemas.campaigns import Campaign
from schemas.topics import DRAFTS

SECONDS: Final = 0.25
WARMING_ROUNDS: Final = 2
JOBS_A_BRIEF: Final = 256
PATIENCE_SECONDS: Final = 120.0
MARGIN_SHARE: Final = 0.15
"""Share of a run left out at each end where a rate is taken: until every process has its partitions and is warm."""

Calls = list[tuple[float, float]]
"""Start and end of each model call of a process, in seconds of the epoch."""
Kind = Literal["drafter", "relay", "bare-drafter", "bare-relay"]


@dataclass(frozen=True, slots=True)
class Load:
    """What runs: `processes` of `kind` with `slots` each, over `rounds` of jobs for every slot."""

    kind: Kind
    slots: int
    rounds: int
    processes: int = 1

    @property
    def bare(self) -> bool:
        """Is it the rival?"""
        return self.kind in {"bare-drafter", "bare-relay"}

    @property
    def jobs(self) -> int:
        """Jobs on the clock."""
        return self.slots * self.processes * self.rounds

    @property
    def warming(self) -> int:
        """Jobs before them."""
        return self.slots * self.processes * WARMING_ROUNDS

    @property
    def ideal(self) -> float:
        """Seconds that the slots need for `jobs`."""
        return self.rounds * SECONDS


@dataclass(frozen=True, slots=True)
class Run:
    """What a run took.

    Attributes:
        load: What ran.
        real: Seconds on the clock.
        call: Mean seconds of a model call.
        rate: Jobs a second while all processes worked.
        cpu: CPU milliseconds a job of `workers`, `broker`, `store` and the `bench` itself.
    """

    load: Load
    real: float
    call: float
    rate: float
    cpu: dict[str, float]

    @property
    def utilisation(self) -> float:
        """Ideal over real."""
        return self.load.ideal / self.real

    @property
    def between(self) -> float:
        """Mean seconds of a slot between two calls."""
        return self.real / self.load.rounds - self.call


async def run(m: Machine, bus: Bus, campaign: Campaign, load: Load) -> Run:
    """Run `load` once. The processes are stopped at the end."""
    folder, names = Path(m.settings.data), [f"{load.kind}-{number}" for number in range(load.processes)]
    waiting = await _lay_out(bus, campaign, load)

    def wanted(record: Any) -> bool:
        """Whether it is a draft of this run, and the first of its job: a watch may begin before the topic's end."""
        waited_for = record.key in waiting
        waiting.discard(record.key)
        return waited_for

    module = "bench.pipeline.slots_bare" if load.bare else "bench.pipeline.worker"
    async with watching(m.addresses, chain.DRAFTS if load.bare else DRAFTS) as watch:
        for name in names:
            await m.start(name, module, load.kind, str(folder), str(SECONDS), str(load.slots), name)
        drafts = await watch.take(load.warming, PATIENCE_SECONDS, wanted)
        before, counted = _cpu(m, names), len(drafts)
        drafts += await watch.take(load.warming + load.jobs - counted, PATIENCE_SECONDS, wanted)
        after = _cpu(m, names)
    await m.stop(*names)  # they write their notes at their end
    calls = [json.loads(calls_file(folder, name).read_text("utf-8")) for name in names]
    spent = {name: (after[name] - before[name]) / (len(drafts) - counted) * 1000 for name in after}
    return _result(load, calls, max(record.timestamp for record in drafts) / 1000, spent)


async def _lay_out(bus: Bus, campaign: Campaign, load: Load) -> set[bytes]:
    """Send the jobs; their ids."""
    count = load.jobs + load.warming
    briefs = [bench_brief(campaign, JOBS_A_BRIEF) for _ in range(math.ceil(count / JOBS_A_BRIEF))]
    jobs = {job.job_id.encode(): job for job in jobs_of(briefs)[:count]}
    if load.bare:
        await asyncio.gather(*(bus.send_bytes(chain.JOBS.name, key, encode(job)) for key, job in jobs.items()))
    else:
        await send_jobs(bus, list(jobs.values()))
    return set(jobs)


def _cpu(m: Machine, names: Sequence[str]) -> dict[str, float]:
    """CPU seconds so far of the workers together, of each server, and of this process."""
    seconds = m.cpu_seconds((*names, *SERVERS))
    own = psutil.Process().cpu_times()
    servers = {name: seconds[name] for name in SERVERS}
    return {"workers": sum(seconds[name] for name in names), **servers, "bench": own.user + own.system}


def _result(load: Load, by_process: list[Calls], end: float, cpu: dict[str, float]) -> Run:
    calls = sorted(call for calls in by_process for call in calls)
    after_warming = calls[load.warming :]
    call = statistics.mean(end - start for start, end in after_warming)
    return Run(load, end - after_warming[0][0], call, _rate(by_process), cpu)


def _rate(by_process: list[Calls]) -> float:
    """Calls a second, between the moments at which the last process was warm and the first one ran dry."""
    first = max(min(start for start, _ in calls) for calls in by_process)
    last = min(max(start for start, _ in calls) for calls in by_process)
    margin = (last - first) * MARGIN_SHARE
    begin, end = first + margin, last - margin
    began = sum(begin <= start < end for calls in by_process for start, _ in calls)
    return began / (end - begin)
