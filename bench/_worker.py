"""A real worker around a bench model or a bench meter: ``python -m bench._worker KIND FOLDER SECONDS``.

The drafter answers from `bench._models` after SECONDS; the scorer keeps the CPU time of each measurement.
Both write what they noted to FOLDER when they end.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

from pydantic import TypeAdapter

from bench._models import BenchProvider
from infra import clock
from infra import settings as settings_module
from infra.generation import Generator
from infra.providers.registry import Registry
from infra.storage.ledger import Ledger
from schemas.images import Region
from schemas.topics import DRAFT_JOBS, DRAFTS
from workers.drafter import Drafter
from workers.kinds import concurrency_of
from workers.runtime import Context, Setup, quiet_libraries, run_worker
from workers.scorer import Scorer
from workers.scoring.cards import prepare_process

P = ParamSpec("P")
T = TypeVar("T")
CALLS, SCORING = "calls.json", "scoring.json"
PICTURE, REGIONS = "picture.jpg", "regions.json"


class MeteredPool(ThreadPoolExecutor):
    """A thread pool that notes when each piece of work ended (epoch) and the CPU seconds of its thread."""

    def __init__(self, threads: int) -> None:
        super().__init__(threads, thread_name_prefix="scoring")
        self.spent: list[tuple[float, float]] = []

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Run `fn` under the meter."""

        def metered() -> T:
            began = time.thread_time()
            try:
                return fn(*args, **kwargs)
            finally:
                self.spent.append((time.time(), time.thread_time() - began))

        return super().submit(metered)


def drafter(folder: Path, seconds: float) -> Setup:
    """The drafter as `workers.drafter` builds it, its registry holding the bench model alone."""

    async def set_up(context: Context) -> None:
        regions = TypeAdapter(tuple[Region, ...]).validate_json((folder / REGIONS).read_bytes())
        provider = BenchProvider((folder / PICTURE).read_bytes(), regions, seconds, context.concurrency)
        ledger = Ledger(context.store, clock.now)
        generator = Generator(Registry([provider]), context.store, ledger, clock.now, slots=context.concurrency)
        worker = Drafter(context, generator)
        context.subscribe_lanes(DRAFT_JOBS, worker.draft, gave_up=worker.give_up)
        context.closing.callback(_write, folder / CALLS, provider.calls)

    return set_up


def scorer(folder: Path) -> Setup:
    """The scorer as `workers.scorer` builds it, its pool under the meter."""

    async def set_up(context: Context) -> None:
        prepare_process()
        pool = MeteredPool(context.concurrency)
        context.closing.callback(pool.shutdown)
        worker = Scorer(context, pool)
        context.subscribe_lanes(DRAFTS, worker.draft, gave_up=worker.give_up_draft)
        context.closing.callback(_write, folder / SCORING, pool.spent)

    return set_up


def _write(path: Path, value: Any) -> None:
    path.write_text(json.dumps(value), "utf-8")


def main(kind: str, folder: str, seconds: str) -> None:
    """Run the worker until it is told to stop."""
    quiet_libraries()
    settings = settings_module.load()
    match kind:
        case "drafter":
            set_up = drafter(Path(folder), float(seconds))
            asyncio.run(run_worker(kind, set_up, settings, concurrency_of(kind, settings)))
        case "scorer":
            asyncio.run(run_worker(kind, scorer(Path(folder)), settings, concurrency_of(kind, settings)))
        case _:
            raise SystemExit(f"there is no bench worker {kind!r}")


if __name__ == "__main__":
    main(*sys.argv[1:])
