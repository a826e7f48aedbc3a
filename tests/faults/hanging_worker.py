"""A worker, as a process of its own, whose handler never ends for signals whose topic begins with "hang".

It reports each signal that it begins by a lineage event. Its settings come from the environment.
"""

from __future__ import annotations

import asyncio
import os

from infra import clock
from infra.settings import load
from schemas.lineage import LineageEvent
from schemas.signals import Signal
from schemas.topics import LINEAGE, SIGNALS
from workers.runtime.worker import Context, quiet_libraries, run_worker

KIND = "hanging"
HANGS = "hang"


async def set_up(context: Context) -> None:
    """Subscribe to the signals."""

    async def handle(signal: Signal) -> None:
        told = LineageEvent(
            step="signal-judged", worker=KIND, subject_id=signal.signal_id, facts={"pid": os.getpid()}, at=clock.now()
        )
        await context.bus.send(LINEAGE, signal.topic, told)
        if signal.topic.startswith(HANGS):
            await asyncio.Event().wait()

    context.subscribe({SIGNALS: handle})


if __name__ == "__main__":
    quiet_libraries()
    asyncio.run(run_worker(KIND, set_up, load(), 4))
