"""Hidden limits, found and kept: ``python -m bench.models.pace``.

Two drafters share one account of a simulated provider, which takes 20 calls at once and 5 a second, answers 429
beyond that, and does not report its limits. Jobs always wait. The bench counts the provider's own records of its calls.
"""

from __future__ import annotations

import asyncio
from typing import Final

from bench.figures import Figure, report, say
from bench.models.line import SPARE, line
from bench.watch import watching
from schemas.topics import DRAFTS
from tests.support.simulator.log import Call
from tests.support.simulator.weather import Uniform, Weather
from workers.runtime.worker import quiet_libraries

AT_ONCE: Final = 20
A_SECOND: Final = 5
LATENCY: Final = Uniform(low=1.5, high=2.5)
"""Five a second of two seconds each are ten at once: the limit on calls a second is the lower one."""
SLOTS: Final = 16
LEARNING_SECONDS: Final = 30.0
MEASURED_SECONDS: Final = 90.0
BRIEFS: Final = 7
DRAFTS_EACH: Final = 100


async def measure() -> list[Figure]:
    """The figures."""
    say(f"pace: {AT_ONCE} at once, {A_SECOND} a second, two drafters with {SLOTS} slots each")
    async with line(SLOTS) as running:
        running.spare.desk.weather = Weather(latency=LATENCY, most_open=AT_ONCE, most_per_second=A_SECOND)
        async with watching(running.machine.addresses, DRAFTS) as watch:
            await running.order(*(running.brief(DRAFTS_EACH, SPARE) for _ in range(BRIEFS)))
            await watch.take(1, 60.0)
            say("  the first draft is there")
            await asyncio.sleep(LEARNING_SECONDS + MEASURED_SECONDS)
        return _figures(running.spare.desk.log.calls)


def _figures(calls: list[Call]) -> list[Figure]:
    began = min(call.received_at for call in calls) + LEARNING_SECONDS
    learning = [call for call in calls if call.received_at < began]
    measured = [call for call in calls if began <= call.received_at < began + MEASURED_SECONDS]
    throttled = sum(call.outcome == "throttled" for call in measured)
    taken = len(measured) - throttled
    served = [call for call in measured if call.outcome == "served"]
    latency = sum(call.answered_at - call.received_at for call in served) / len(served)
    limit = min(A_SECOND, AT_ONCE / latency)
    first = [call for call in learning if call.outcome == "throttled"]
    return [
        Figure("share of 429s after the first 30 s", throttled / len(measured), "ratio", "<= 0.02"),
        Figure("throughput against the hidden limit", taken / MEASURED_SECONDS / limit, "ratio", ">= 0.9"),
        Figure("calls taken a second", taken / MEASURED_SECONDS, "calls/s"),
        Figure("the hidden limit", limit, "calls/s"),
        Figure("429s after the first 30 s", throttled, "calls"),
        Figure("429s in the first 30 s", len(first), "calls"),
        Figure("mean seconds of a call", latency, "s"),
    ]


def main() -> None:
    """Measure and report."""
    quiet_libraries()
    report("pace", asyncio.run(measure()))


if __name__ == "__main__":
    main()
