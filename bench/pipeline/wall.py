"""Fifty drafts of one brief on the composer: wall time from the brief to the last scorecard, and the floor."""

from __future__ import annotations

import asyncio
import json
import statistics
import sys
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from bench.figures import Figure, say
from bench.machine import CORES, ROOT, SERVERS, Machine, machine, worker_environment
from bench.pipeline.orders import brief_of, sample_campaigns, send_brief
from bench.watch import watching
from infra.kafka.bus import Bus
from schemas.briefs import Brief
from schemas.scorecards import Scorecard
from schemas.topics import SCORECARDS

DRAFTS: Final = 50
BRIEFS_EACH: Final = 2
"""Measured briefs of each sample campaign; the first brief of each, which warms the workers, is not measured."""
WORKERS: Final = ("drafter", "scorer", "promoter")
TARGET_SECONDS: Final = 4
PATIENCE_SECONDS: Final = 120.0


@dataclass(frozen=True, slots=True)
class Run:
    """One brief: seconds of wall, CPU seconds by process, and the floor's CPU seconds by part."""

    wall: float
    cpu: dict[str, float]
    floor: dict[str, float]

    @property
    def floor_wall(self) -> float:
        """The floor's CPU spread evenly over the cores."""
        return sum(self.floor.values()) / CORES


async def measure() -> list[Figure]:
    """The figures of this part."""
    say(f"wall time: {DRAFTS} drafts of one brief at 512 px on the composer")
    async with machine() as m, Bus(m.addresses) as bus:
        campaigns = await sample_campaigns(m.store)
        await asyncio.gather(*(m.start(kind, "workers.runtime.process", kind) for kind in WORKERS))
        for campaign in campaigns:
            await _wall(m, bus, brief_of(campaign, DRAFTS))
        runs = []
        for campaign in campaigns * BRIEFS_EACH:
            runs.append(await _run(m, bus, brief_of(campaign, DRAFTS)))
            say(f"  {campaign.campaign_id}: {runs[-1].wall:.2f} s, floor {runs[-1].floor_wall:.2f} s")
    return _figures(runs)


async def _run(m: Machine, bus: Bus, brief: Brief) -> Run:
    names = (*WORKERS, *SERVERS)
    before = m.cpu_seconds(names)
    wall = await _wall(m, bus, brief)
    after = m.cpu_seconds(names)
    return Run(wall, {name: after[name] - before[name] for name in after}, await _floor(m, brief))


async def _wall(m: Machine, bus: Bus, brief: Brief) -> float:
    async with watching(m.addresses, SCORECARDS) as watch:
        key = brief.brief_id.encode()
        began = time.perf_counter()
        waiting = asyncio.create_task(watch.take(DRAFTS, PATIENCE_SECONDS, lambda record: record.key == key))
        await send_brief(bus, brief)
        records = await waiting
        wall = time.perf_counter() - began
    _check_all_came(records)
    return wall


def _check_all_came(records: Iterable[Any]) -> None:
    cards = {Scorecard.model_validate_json(record.value).job_id for record in records}
    if len(cards) != DRAFTS:
        raise RuntimeError(f"{len(cards)} different scorecards instead of {DRAFTS}: some came twice")


async def _floor(m: Machine, brief: Brief) -> dict[str, float]:
    path = Path(m.settings.data) / "brief.json"
    path.write_text(brief.model_dump_json(), "utf-8")
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bench.pipeline.floor", str(path),
        env=worker_environment(m.settings), cwd=ROOT, stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    output, _ = await process.communicate()
    if process.returncode:
        raise RuntimeError(f"bench.pipeline.floor ended with exit code {process.returncode}")
    return dict(json.loads(output))


def _figures(runs: list[Run]) -> list[Figure]:
    def median(values: Iterable[float]) -> float:
        return statistics.median(list(values))

    what = f"{DRAFTS} drafts of a brief at 512 px"
    return [
        Figure(f"{what}: wall from brief to last scorecard, median of {len(runs)} briefs",
               median(run.wall for run in runs), "s", f"<= {TARGET_SECONDS}"),
        Figure(f"{what}: wall, the slowest of them", max(run.wall for run in runs), "s"),
        Figure(f"{what}: floor, CPU of composer and scoring alone over {CORES} cores",
               median(run.floor_wall for run in runs), "s"),
        Figure(f"{what}: wall over floor", median(run.wall / run.floor_wall for run in runs), "ratio"),
        *(Figure(f"{what}: floor, CPU of {part} alone", median(run.floor[part] for run in runs), "CPU s")
          for part in runs[0].floor),
        *(Figure(f"{what}: CPU of {name} in the run", median(run.cpu[name] for run in runs), "CPU s")
          for name in runs[0].cpu),
    ]  # fmt: skip
