"""Slot utilisation as a part of the main line's bench: one drafter, 64 slots.

`bench.pipeline.slots` measures more of it.
"""

from __future__ import annotations

import statistics
from pathlib import Path
from typing import Final

from bench.figures import Figure, say
from bench.machine import machine
from bench.pipeline.image import lay_down_image
from bench.pipeline.orders import sample_campaigns
from bench.pipeline.slots_run import SECONDS, Load, Run, run
from infra.kafka.bus import Bus

LOAD: Final = Load("drafter", slots=64, rounds=30)
REPEATS: Final = 3
TARGET: Final = 0.97


async def measure() -> list[Figure]:
    """The figures of this part."""
    say(f"slots: {LOAD.jobs} jobs, {LOAD.slots} slots, a model that answers in {SECONDS * 1000:.0f} ms")
    runs = []
    async with machine() as m, Bus(m.settings.kafka) as bus:
        campaign = (await sample_campaigns(m.store))[0]
        await lay_down_image(m, campaign, Path(m.settings.data))
        for _ in range(REPEATS):
            runs.append(await run(m, bus, campaign, LOAD))
            say(f"  {runs[-1].real:.2f} s, ideal {LOAD.ideal:.2f} s: {runs[-1].utilisation:.3f}")
    return _figures(runs)


def _figures(runs: list[Run]) -> list[Figure]:
    what = f"{LOAD.slots} slots, {SECONDS * 1000:.0f} ms model"
    return [
        Figure(f"{what}: utilisation (ideal over real time), {LOAD.jobs} drafts",
               statistics.median(r.utilisation for r in runs), "ratio", f">= {TARGET}"),
        Figure(f"{what}: ideal time", LOAD.ideal, "s"),
        Figure(f"{what}: real time", statistics.median(r.real for r in runs), "s"),
        Figure(f"{what}: time of a slot between two model calls",
               statistics.median(r.between for r in runs) * 1000, "ms a draft"),
        *(Figure(f"{what}: CPU of {name}", statistics.median(r.cpu[name] for r in runs), "CPU ms a draft")
          for name in ("workers", "broker", "store")),
    ]  # fmt: skip
