"""A fast model unavailable for a minute, with a fallback: ``python -m bench.models.failover``.

The same 300 drafts are made twice: once undisturbed, once while the fast model's provider answers 503 to every request
for 60 s. The bench counts the drafts that arrive, their time, and every request to the unavailable provider.
"""

from __future__ import annotations

import asyncio
import math
import time
from collections import Counter
from dataclasses import dataclass
from typing import Any, Final

from bench.figures import Figure, report, say
from bench.models.line import FAST, PROCESSES, SPARE, Line, line
from bench.models.providers import Received
from bench.watch import watching
from routing.pacing.circuit_breaker import FAILURES_TO_OPEN, LONGEST_PAUSE
from schemas.drafts import Draft
from schemas.topics import DRAFTS
from tests.support.simulator.weather import Uniform, Weather
from workers.runtime.worker import quiet_libraries

DRAFTS_EACH: Final = 100
BRIEFS: Final = 3
SLOTS: Final = 8
LATENCY: Final = Uniform(low=2.5, high=3.5)
"""Sixteen slots of nearly four seconds are four drafts a second: the run takes a good deal longer than the outage."""
OUTAGE_SECONDS: Final = 60.0
OUTAGE_BEGINS: Final = 0.1
"""Share of the drafts that are there when the outage begins."""
PATIENCE_SECONDS: Final = 240.0
SLOWER: Final = 1.15
DOWN: Final = 503


@dataclass(frozen=True, slots=True)
class Run:
    """The seconds of a run, and its distinct drafts, `by_fast` of them from the fast model."""

    seconds: float
    by_fast: int
    drafts: int


@dataclass(frozen=True, slots=True)
class Outage:
    """Start and end of the outage, in seconds of the epoch."""

    began: float
    ended: float


async def measure() -> list[Figure]:
    """The figures."""
    async with line(SLOTS) as running:
        for provider in (running.fast, running.spare):
            provider.desk.weather = Weather(latency=LATENCY)
        say(f"failover: {BRIEFS * DRAFTS_EACH} drafts, undisturbed")
        calm, _ = await _run(running, outage=False)
        say(f"  {calm.seconds:.1f} s; now with the fast model unavailable for {OUTAGE_SECONDS:.0f} s")
        rough, outage = await _run(running, outage=True)
        assert outage is not None
        return _figures(calm, rough, outage, running.fast.received)


async def _run(running: Line, *, outage: bool) -> tuple[Run, Outage | None]:
    async with watching(running.machine.addresses, DRAFTS) as watch:
        began = time.monotonic()
        waiting = await running.order(*(running.brief(DRAFTS_EACH, FAST, SPARE) for _ in range(BRIEFS)))
        count = len(waiting)

        def is_new(record: Any) -> bool:
            """Whether it is the first draft of a job of this run."""
            found = record.key in waiting
            waiting.discard(record.key)
            return found

        records = await watch.take(int(OUTAGE_BEGINS * count), PATIENCE_SECONDS, is_new)
        outage_task = asyncio.create_task(_outage(running)) if outage else None
        records += await watch.take(count - len(records), PATIENCE_SECONDS, is_new)
        seconds = time.monotonic() - began
        by = Counter(Draft.model_validate_json(record.value).generation.model for record in records)
        return Run(seconds, by[FAST], len(records)), await outage_task if outage_task is not None else None


async def _outage(running: Line) -> Outage:
    desk = running.fast.desk
    before, began = desk.weather, time.time()
    desk.weather = before.model_copy(update={"down": "refuses"})
    await asyncio.sleep(OUTAGE_SECONDS)
    desk.weather = before
    return Outage(began, time.time())


def _figures(calm: Run, rough: Run, outage: Outage, received: list[Received]) -> list[Figure]:
    dead = [request for request in received if outage.began <= request.at < outage.ended and request.status == DOWN]
    opened = _opened(dead)
    after = [request for request in dead if request.at > opened]
    probes = PROCESSES * (1 + math.ceil(math.log2(LONGEST_PAUSE)) + math.ceil(OUTAGE_SECONDS / LONGEST_PAUSE))
    detection = opened - outage.began
    return [
        Figure("drafts that arrived", rough.drafts, "drafts", f">= {BRIEFS * DRAFTS_EACH}"),
        Figure("drafts by the fallback", rough.drafts - rough.by_fast, "drafts"),
        Figure("time undisturbed", calm.seconds, "s"),
        Figure("time with the outage", rough.seconds, "s"),
        Figure("time until all breakers were open", detection, "s"),
        Figure("time with the outage, less detection, against undisturbed", (rough.seconds - detection) / calm.seconds,
               "ratio", f"<= {SLOWER}"),
        Figure("requests to the dead model before its breakers were open", len(dead) - len(after), "requests"),
        Figure("requests to the dead model while they were open", len(after), "requests", f"<= {probes}"),
        Figure("most of these in a second", _most_in_a_second(after), "requests", f"<= {PROCESSES}"),
    ]  # fmt: skip


def _opened(dead: list[Received]) -> float:
    """The latest moment at which the last breaker opened: each process needs so many failures in a row."""
    moments = sorted(request.at for request in dead)
    return moments[min(PROCESSES * FAILURES_TO_OPEN, len(moments)) - 1]


def _most_in_a_second(requests: list[Received]) -> int:
    moments = sorted(request.at for request in requests)
    return max((sum(at <= other < at + 1.0 for other in moments) for at in moments), default=0)


def main() -> None:
    """Measure and report."""
    quiet_libraries()
    report("failover", asyncio.run(measure()))


if __name__ == "__main__":
    main()
