"""Scoring many drafts as the scorer does it: threads beside an event loop; and the rival, processes."""

from __future__ import annotations

import asyncio
import multiprocessing
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Final

from workers.scoring.cards import load_models, prepare_process

_TICK: Final = 0.001
"""Seconds between two looks at the clock of the event loop."""


@dataclass(frozen=True)
class Load:
    """The result of many jobs: jobs a second, processor seconds a second, and the loop's longest pause in seconds."""

    rate: float
    cores: float
    longest_pause: float


def by_threads(job: Callable[[], object], count: int, threads: int) -> Load:
    """Run `job` `count` times in `threads` threads, while an event loop ticks."""
    return asyncio.run(_by_threads(job, count, threads))


async def _by_threads(job: Callable[[], object], count: int, threads: int) -> Load:
    loop = asyncio.get_running_loop()
    with ThreadPoolExecutor(threads) as pool:
        await asyncio.gather(*(loop.run_in_executor(pool, job) for _ in range(2 * threads)))
        ticking = asyncio.create_task(_longest_pause())
        start, spent = time.perf_counter(), time.process_time()
        await asyncio.gather(*(loop.run_in_executor(pool, job) for _ in range(count)))
        seconds, spent = time.perf_counter() - start, time.process_time() - spent
        ticking.cancel()
        return Load(count / seconds, spent / seconds, await ticking)


async def _longest_pause() -> float:
    longest = 0.0
    try:
        while True:
            before = time.perf_counter()
            await asyncio.sleep(_TICK)
            longest = max(longest, time.perf_counter() - before - _TICK)
    except asyncio.CancelledError:
        return longest


def by_processes(job: Callable[[int], object], count: int, processes: int) -> float:
    """Jobs a second of as many fresh processes, each with its own copy of the models; `job` gets a number."""
    with multiprocessing.get_context("spawn").Pool(processes, initializer=prepare) as pool:
        pool.map(job, range(4 * processes), chunksize=1)
        start = time.perf_counter()
        pool.map(job, range(count), chunksize=count // (4 * processes))
        return count / (time.perf_counter() - start)


def prepare() -> None:
    """Get a fresh process ready to score."""
    prepare_process()
    load_models()
