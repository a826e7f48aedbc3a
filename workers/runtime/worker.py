"""What every worker process has in common: its connections, its faust app, its start and its clean end."""

from __future__ import annotations

import asyncio
import gc
import logging
import os
import random
import signal
import sys
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final, NoReturn

import structlog

from infra import clock
from infra.kafka.app import consume, declare_tables, make_app
from infra.kafka.bus import Bus
from infra.kafka.guard import GaveUp, Guard, Handler
from infra.settings import Settings
from infra.storage.minio_store import MinioStore
from infra.storage.store import ObjectStore
from routing.pacing.retries import TryAgain, after_failure
from schemas.lineage import LineageEvent, Step
from schemas.topics import LINEAGE, RETRIES, Topic, for_lane

log = structlog.get_logger()

ATTEMPT_NEEDS: Final = timedelta(seconds=5)
"""What an attempt takes at the least: the fast models of the field answer within two to seven seconds."""
EXIT_CRASHED: Final = 1
STARTING_STOP_SECONDS: Final = 5.0
"""How long a worker that is still starting may take to stop."""
LEAST_OVERLAP: Final = 4
"""Messages in flight beyond `concurrency`, at the least: while they fetch, store and send, the slots go on working."""


def messages_in_flight(kind: str, concurrency: int) -> int:
    """Messages that a worker takes on at once so that `concurrency` slots (model calls, cores) stay busy.

    A quarter more: a message waits for a slot a quarter of a slot's time, well within the handler's limit. The
    drafter's models answer so fast that storing and sending take as long: it has as many again.
    """
    more = concurrency if kind == "drafter" else concurrency // 4
    return concurrency + max(LEAST_OVERLAP, more)


@dataclass(slots=True)
class Context:
    """What a worker works with. `concurrency` is what it may compute or ask of models at once."""

    kind: str
    settings: Settings
    concurrency: int
    bus: Bus
    store: ObjectStore
    app: Any
    closing: AsyncExitStack = field(default_factory=AsyncExitStack)

    def subscribe(
        self,
        topics: Mapping[Topic, Handler],
        *,
        concurrency: int | None = None,
        gave_up: GaveUp | None = None,
    ) -> None:
        """Run a handler over each of `topics`, as one stream with `concurrency` messages at once, or some to spare."""
        limit = self.settings.handler_limit_seconds
        guards = {
            topic.name: Guard(self.kind, topic, handler, self.bus, limit_seconds=limit, gave_up=gave_up, later=later)
            for topic, handler in topics.items()
        }
        consume(self.app, tuple(topics), guards, concurrency or messages_in_flight(self.kind, self.concurrency))

    def subscribe_lanes(self, topic: Topic, handler: Handler, gave_up: GaveUp | None = None) -> None:
        """Run `handler` over `topic` and over its express twin, each with slots of its own."""
        for lane_topic in (topic, for_lane(topic, "express")):
            self.subscribe({lane_topic: handler}, gave_up=gave_up)

    async def note(
        self,
        step: Step,
        subject: str,
        *,
        brief: str | None,
        parents: tuple[str, ...] = (),
        **facts: Any,
    ) -> None:
        """Write a step of the lineage."""
        event = LineageEvent(
            step=step,
            worker=self.kind,
            subject_id=subject,
            parent_ids=parents,
            brief_id=brief,
            facts=facts,
            at=clock.now(),
        )
        await self.bus.send(LINEAGE, brief or subject, event)


def later(event: Any, error: Exception, attempt: int) -> tuple[Topic, datetime, int] | None:
    """Where and when a failed job is retried, as `routing.pacing.retries` decides; None where it does not."""
    answer = after_failure(
        error,
        attempt=attempt,
        now=clock.now(),
        deadline_at=getattr(event, "deadline_at", None),
        needs=ATTEMPT_NEEDS,
        random=random.random(),  # noqa: S311 - spreads retries, guards nothing
    )
    return (RETRIES[answer.tier], answer.due_at, answer.attempt) if isinstance(answer, TryAgain) else None


Setup = Callable[[Context], Awaitable[None]]
"""Builds a worker's agents on its context, before the app starts.

Args: the context, whose `closing` takes what is to be closed with the worker. Raises: any `BrushfireError`, which ends
the process with its sentence.
"""


def stop_on_signals() -> asyncio.Event:
    """An event that SIGTERM and SIGINT set."""
    stopping = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stopping.set)
    return stopping


async def run_worker(kind: str, setup: Setup, settings: Settings, concurrency: int) -> None:
    """Run a worker until SIGTERM or SIGINT, then finish the jobs in flight."""
    stopping = stop_on_signals()
    async with AsyncExitStack() as stack:
        bus = await stack.enter_async_context(Bus(settings.kafka))
        store = await stack.enter_async_context(MinioStore(settings.store))
        app = make_app(kind, settings, messages_in_flight(kind, concurrency))
        context = Context(kind, settings, concurrency, bus, store, app, closing=stack)
        await setup(context)
        await declare_tables(app, settings.kafka)
        _spare_the_collector()
        await _run_app(app, stopping)
    log.info("worker stopped", worker=kind)


def _spare_the_collector() -> None:
    """Leave what lives as long as the process out of the collections, and collect the rest less often.

    Objects of one job are freed by their counts; 0.2 ms of a draft's 1.7 went into looking at all the others.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(5000, 20, 100)


async def _run_app(app: Any, stopping: asyncio.Event) -> None:
    stopped = asyncio.create_task(stopping.wait())
    started = asyncio.create_task(app.start())
    crashed = asyncio.create_task(_crash(app, started))
    try:
        await asyncio.wait({stopped, crashed}, return_when=asyncio.FIRST_COMPLETED)
        if app.crash_reason is not None:
            _end_crashed(app)
    finally:
        starting = not started.done()
        for task in (stopped, crashed, started):
            task.cancel()
        await asyncio.gather(stopped, crashed, started, return_exceptions=True)
        await (_stop_half_started(app) if starting else app.stop())
    if app.crash_reason is not None:
        _end_crashed(app)
    if not crashed.cancelled():
        crashed.result()


async def _stop_half_started(app: Any) -> None:
    """Stop an app that was starting, or end the process where that takes too long.

    A consumer thread of faust that is stopped before it has joined its group waits for a minute. Messages that were in
    flight by then are delivered again.
    """
    stop = asyncio.create_task(app.stop())
    done, _ = await asyncio.wait({stop}, timeout=STARTING_STOP_SECONDS)
    if not done:
        log.info("worker stopped while it was starting", app=app.conf.id)
        sys.stderr.flush()
        os._exit(0)
    stop.result()


def _end_crashed(app: Any) -> NoReturn:
    """End the process as it is.

    Its handlers still run. If their store or pool were closed now, they would report their jobs as failed. This way the
    jobs are delivered again.
    """
    log.error("worker crashed", app=app.conf.id, exc_info=app.crash_reason)
    sys.stderr.flush()
    os._exit(EXIT_CRASHED)


async def _crash(app: Any, started: asyncio.Task[None]) -> None:
    """Return when `app` has crashed; raise the error that kept it from starting."""
    await started
    log.info("worker started", app=app.conf.id)
    await app.wait_until_stopped()


def quiet_libraries() -> None:
    """Log warnings of the libraries alone, not their progress."""
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    for name in ("faust", "mode", "aiokafka", "urllib3"):
        logging.getLogger(name).setLevel(logging.WARNING)
