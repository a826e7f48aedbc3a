"""A worker with a table, as a process of its own: counts the signals of each topic and tells the count.

Its settings come from the environment; it runs until SIGTERM. Its answers are lineage events, one a signal.
"""

from __future__ import annotations

import asyncio
import signal
from typing import Any

from infra import clock
from infra.kafka.app import consume, make_app
from infra.kafka.bus import Bus
from infra.kafka.guard import Guard
from infra.settings import load
from schemas.lineage import LineageEvent
from schemas.signals import Signal
from schemas.topics import LINEAGE, SIGNALS

KIND = "counting"


def count_signals(app: Any, bus: Bus, partitions: int) -> None:
    """Count in a table that its changelog topic restores."""
    counts = app.Table("counts", key_type=bytes, value_type=bytes, partitions=partitions)

    async def count(event: Any) -> None:
        assert isinstance(event, Signal)
        number = int(counts.get(event.topic.encode()) or b"0") + 1
        counts[event.topic.encode()] = str(number).encode()
        facts = {"topic": event.topic, "count": number}
        told = LineageEvent(step="signal-judged", worker=KIND, subject_id=event.signal_id, facts=facts, at=clock.now())
        await bus.send(LINEAGE, event.topic, told)

    consume(app, (SIGNALS,), {SIGNALS.name: Guard(KIND, SIGNALS, count, bus, limit_seconds=30)}, 1)


async def main() -> None:
    settings, stopping = load(), asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stopping.set)
    async with Bus(settings.kafka) as bus:
        app = make_app(KIND, settings, 1)
        count_signals(app, bus, settings.kafka.partitions)
        await app.start()
        await stopping.wait()
        await app.stop()


if __name__ == "__main__":
    asyncio.run(main())
