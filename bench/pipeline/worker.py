"""A real worker around a bench model or a bench meter.

``python -m bench.pipeline.worker KIND FOLDER SECONDS [SLOTS [NAME]]``.

KIND is one of

    drafter    the drafter, whose model is that of `bench.pipeline.models` and answers after SECONDS
    relay      what is around every worker, and nothing else: jobs are consumed behind the guard, wait SECONDS in a slot
               and are sent on as drafts; neither ledger nor object store
    scorer     the scorer, which keeps the CPU time of each measurement

Each writes what it noted to FOLDER when it ends: start and end of each call, by NAME, or the scorer's times.
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

from bench.pipeline.models import BenchProvider
from infra import clock
from infra import settings as settings_module
from infra.providers.base import Generation
from infra.providers.registry import Registry
from infra.storage.ledger import Ledger
from schemas.drafts import Draft, DraftJob
from schemas.generations import GenerationRecord
from schemas.identifiers import content_key
from schemas.images import ImageRef, Region
from schemas.topics import DRAFT_JOBS, DRAFTS, for_lane
from workers.drafter import Drafter
from workers.generation.generator import Generator
from workers.generation.pacing.pacer import Pacer
from workers.runtime.worker import Context, Setup, quiet_libraries, run_worker
from workers.scorer import Scorer
from workers.scoring.cards import prepare_process

P = ParamSpec("P")
T = TypeVar("T")
SCORING = "scoring.json"
IMAGE, REGIONS = "image.jpg", "regions.json"


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


def calls_file(folder: Path, name: str) -> Path:
    """Where the process `name` notes its calls: a list of pairs of start and end, in seconds of the epoch."""
    return folder / f"calls-{name}.json"


def drafter(folder: Path, seconds: float, name: str) -> Setup:
    """The drafter as `workers.drafter` builds it, its registry holding the bench model alone."""

    async def set_up(context: Context) -> None:
        provider = _model(folder, seconds, context)
        ledger = Ledger(context.store, clock.now)
        generator = Generator(
            Registry([provider]), context.store, ledger, clock.now, slots=context.concurrency, pacer=Pacer()
        )
        worker = Drafter(context, generator)
        context.subscribe_lanes(DRAFT_JOBS, worker.draft, gave_up=worker.give_up)
        context.closing.callback(_write, calls_file(folder, name), provider.calls)

    return set_up


def relay(folder: Path, seconds: float, name: str) -> Setup:
    """A worker of consumer, guard, slots and sender alone. Its drafts name an image that it does not store."""

    async def set_up(context: Context) -> None:
        provider = _model(folder, seconds, context)

        async def pass_on(job: DraftJob) -> None:
            ticket = await provider.submit(job.request)
            record = _record(job, await provider.collect(ticket))
            await context.bus.send(for_lane(DRAFTS, job.lane), job.job_id, Draft(job=job, generation=record))

        context.subscribe_lanes(DRAFT_JOBS, pass_on)
        context.closing.callback(_write, calls_file(folder, name), provider.calls)

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


def _model(folder: Path, seconds: float, context: Context) -> BenchProvider:
    regions = TypeAdapter(tuple[Region, ...]).validate_json((folder / REGIONS).read_bytes())
    return BenchProvider((folder / IMAGE).read_bytes(), regions, seconds, context.concurrency)


def _record(job: DraftJob, made: Generation) -> GenerationRecord:
    key = content_key(b"", made.media_type)
    return GenerationRecord(
        job_id=job.job_id,
        operation=job.request.operation,
        model=job.request.model,
        model_version=made.model_version,
        provider="bench",
        provider_request_id=job.job_id,
        seed_sent=made.seed_sent,
        seed_returned=made.seed_returned,
        prompt_version=job.request.prompt.version,
        prompt_text=made.prompt_text,
        image=ImageRef(key=key, media_type=made.media_type, size=made.size, bytes=len(made.data)),
        price_usd=made.price_usd,
        started_at=clock.now(),
        seconds=0.0,
        regions=made.regions,
    )


def _write(path: Path, value: Any) -> None:
    path.write_text(json.dumps(value), "utf-8")


def main(kind: str, folder: str, seconds: str, slots: str = "", name: str = "") -> None:
    """Run the worker until it is told to stop. SLOTS unset: as the settings say; NAME unset: its kind."""
    quiet_libraries()
    settings = settings_module.load()
    match kind:
        case "drafter":
            set_up = drafter(Path(folder), float(seconds), name or kind)
        case "relay":
            set_up = relay(Path(folder), float(seconds), name or kind)
        case "scorer":
            set_up = scorer(Path(folder))
        case _:
            raise SystemExit(f"there is no bench worker {kind!r}")
    as_set = settings.concurrency.scorer if kind == "scorer" else settings.concurrency.drafter
    worker = "scorer" if kind == "scorer" else "drafter"  # a relay takes the place of a drafter in its group
    asyncio.run(run_worker(worker, set_up, settings, int(slots or as_set)))


if __name__ == "__main__":
    main(*sys.argv[1:])
