"""Slot utilisation: one drafter with 64 jobs in hand and a model that answers in 250 ms.

All jobs lie on their topic before the drafter starts. The first two rounds of slots warm it. The clock runs from the
start of the first model call after them to the last draft event on the topic; ideal is what 64 slots need for those
jobs if no time passes between one call and the next.
"""

from __future__ import annotations

import json
import math
import statistics
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bench._common import Figure, say
from bench._orders import jobs_of, sample_campaigns, send_jobs
from bench._picture import bench_brief, lay_down_picture
from bench._stack import SERVERS, Machine, machine
from bench._watch import watching
from bench._worker import CALLS
from infra.kafka.bus import Bus
from schemas.campaigns import Campaign
from schemas.topics import DRAFTS

SLOTS: Final = 64
SECONDS: Final = 0.25
JOBS: Final = 1920
WARMING: Final = 2 * SLOTS
JOBS_A_BRIEF: Final = 256
REPEATS: Final = 3
TARGET: Final = 0.97
PATIENCE_SECONDS: Final = 240.0


@dataclass(frozen=True, slots=True)
class Run:
    """Seconds of the ideal and of the real run, mean seconds of a model call, and CPU seconds by process."""

    ideal: float
    real: float
    call: float
    cpu: dict[str, float]

    @property
    def utilisation(self) -> float:
        """Ideal over real."""
        return self.ideal / self.real


async def measure() -> list[Figure]:
    """The figures of this part."""
    say(f"slots: {JOBS} jobs, {SLOTS} slots, a model that answers in {SECONDS * 1000:.0f} ms, {REPEATS} times")
    runs = []
    async with machine({"drafter": SLOTS}) as m, Bus(m.addresses) as bus:
        folder = Path(m.settings.data)
        campaign = (await sample_campaigns(m.store))[0]
        await lay_down_picture(m, campaign, folder)
        for _ in range(REPEATS):
            runs.append(await _run(m, bus, campaign, folder))
            say(f"  {runs[-1].real:.2f} s, ideal {runs[-1].ideal:.2f} s: {runs[-1].utilisation:.3f}")
    return _figures(runs)


async def _run(m: Machine, bus: Bus, campaign: Campaign, folder: Path) -> Run:
    count = JOBS + WARMING
    briefs = [bench_brief(campaign, JOBS_A_BRIEF) for _ in range(math.ceil(count / JOBS_A_BRIEF))]
    await send_jobs(bus, jobs_of(briefs)[:count])
    async with watching(m.addresses, DRAFTS) as watch:
        servers = m.cpu_seconds(SERVERS)
        await m.start("drafter", "bench._worker", "drafter", str(folder), str(SECONDS))
        drafts = await watch.take(count, PATIENCE_SECONDS)
    cpu = m.cpu_seconds(("drafter", *SERVERS))
    await m.stop("drafter")  # it writes its notes at its end
    calls = sorted(json.loads((folder / CALLS).read_text("utf-8")))
    real = max(record.timestamp for record in drafts) / 1000 - calls[WARMING][0]
    call = statistics.mean(end - start for start, end in calls[WARMING:])
    used = {name: seconds - servers.get(name, 0.0) for name, seconds in cpu.items()}
    return Run(JOBS / SLOTS * SECONDS, real, call, used)


def _figures(runs: list[Run]) -> list[Figure]:
    def median(values: list[float]) -> float:
        return statistics.median(values)

    what = f"{SLOTS} slots, {SECONDS * 1000:.0f} ms model"
    count = JOBS + WARMING
    return [
        Figure(f"{what}: utilisation (ideal over real time), {JOBS} drafts", median([run.utilisation for run in runs]),
               "ratio", f">= {TARGET}"),
        Figure(f"{what}: ideal time", runs[0].ideal, "s"),
        Figure(f"{what}: real time", median([run.real for run in runs]), "s"),
        Figure(f"{what}: time of a slot between two model calls",
               median([run.real * SLOTS / JOBS - run.call for run in runs]) * 1000, "ms a draft"),
        *(Figure(f"{what}: CPU of {name}{', its start included' if name == 'drafter' else ''}",
                 median([run.cpu[name] for run in runs]) / count * 1000, "CPU ms a draft") for name in runs[0].cpu),
    ]  # fmt: skip
