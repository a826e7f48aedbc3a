"""The main line, measured: ``python -m bench.pipeline.pipeline [wall] [hops] [slots]`` (all three by default)."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable, Callable
from typing import Final

from bench.figures import Figure, report, say
from bench.machine import CORES, stay_on_cores
from bench.pipeline import hops, slot_figures, wall
from workers.runtime.worker import quiet_libraries

PARTS: Final[dict[str, Callable[[], Awaitable[list[Figure]]]]] = {
    "wall": wall.measure,
    "hops": hops.measure,
    "slots": slot_figures.measure,
}


async def measure(parts: list[str]) -> list[Figure]:
    """The figures of `parts`, one after another, each on a machine of its own."""
    figures: list[Figure] = []
    for part in parts:
        figures += await PARTS[part]()
    return figures


def main(parts: list[str]) -> None:
    """Measure and report. Exit code 2 where `parts` names something else."""
    unknown = [part for part in parts if part not in PARTS]
    if unknown:
        raise SystemExit(f"there is no part {', '.join(unknown)}; there are {', '.join(PARTS)}")
    quiet_libraries()
    cores = stay_on_cores()
    if cores != CORES:
        say(f"this machine gives the bench {cores} cores instead of {CORES}: the wall times are those of {cores}")
    report("pipeline", asyncio.run(measure(parts or list(PARTS))))


if __name__ == "__main__":
    main(sys.argv[1:])
