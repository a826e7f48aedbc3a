"""Refusals are no outages: ``python -m bench.models.refusals``.

A simulated provider refuses 30 % of its requests on content policy, and there is a fallback. The bench counts the
providers' own records of their calls, the drafters' reports on their breakers, and the end of each job.
"""

from __future__ import annotations

import asyncio
from typing import Any, Final

from bench.figures import Figure, report, say
from bench.models.line import FAST, SPARE, Line, breakers_open, line
from bench.watch import watching
from schemas.failures import JobFailure
from schemas.topics import DRAFTS, FAILURES
from tests.support.simulator.weather import Uniform, Weather
from workers.runtime.worker import quiet_libraries

SHARE: Final = 0.3
DRAFTS_EACH: Final = 100
BRIEFS: Final = 2
SLOTS: Final = 16
PATIENCE_SECONDS: Final = 120.0
QUIET_SECONDS: Final = 15.0
"""Longer than the first two delays of retries: any retry happens in this time."""


async def measure() -> list[Figure]:
    """The figures."""
    say(f"refusals: {BRIEFS * DRAFTS_EACH} drafts by each of two APIs, {SHARE:.0%} of them refused")
    async with line(SLOTS) as running:
        weather = Weather(latency=Uniform(low=0.2, high=0.6), rates={"refusal": SHARE})
        running.fast.desk.weather = running.spare.desk.weather = weather
        return [*await _by(running, FAST, SPARE), *await _by(running, SPARE, FAST)]


async def _by(running: Line, model: str, other: str) -> list[Figure]:
    """Drafts by `model`, with `other` as the fallback."""
    provider, fallback = running.providers[model].desk.log, running.providers[other].desk.log
    asked_before, other_before = len(provider.calls), len(fallback.calls)
    opened: list[str] = []
    sampling = asyncio.create_task(breakers_open(running, opened))
    async with watching(running.machine.addresses, DRAFTS, FAILURES) as watch:
        jobs = await running.order(*(running.brief(DRAFTS_EACH, model, other) for _ in range(BRIEFS)))
        waiting = set(jobs)
        records = await watch.take(len(jobs), PATIENCE_SECONDS, lambda record: _is_first_of(record, waiting))
        await asyncio.sleep(QUIET_SECONDS)
    sampling.cancel()
    calls = provider.calls[asked_before:]
    refused = sum(call.outcome == "refused" for call in calls)
    failures = [JobFailure.model_validate_json(record.value) for record in records if record.topic == FAILURES.name]
    explained = {failure.job_id for failure in failures if failure.error == "Refused" and failure.reason}
    return [
        Figure(f"{model}: jobs", len(jobs), "jobs"),
        Figure(f"{model}: refused", refused, "calls"),
        Figure(f"{model}: calls beyond one a job", len(calls) - len(jobs), "calls", "<= 0"),
        Figure(f"{model}: calls to the fallback", len(fallback.calls) - other_before, "calls", "<= 0"),
        Figure(f"{model}: reports of an open breaker", len(opened), "reports", "<= 0"),
        Figure(f"{model}: jobs whose outcome says refused, and why", len(explained), "jobs", f">= {refused}"),
    ]


def _is_first_of(record: Any, waiting: set[bytes]) -> bool:
    """Whether it is the first draft or failure of a waiting job; the job is removed from `waiting`."""
    failed = record.topic == FAILURES.name
    job = JobFailure.model_validate_json(record.value).job_id.encode() if failed else record.key
    is_first = job in waiting
    waiting.discard(job)
    return is_first


def main() -> None:
    """Measure and report."""
    quiet_libraries()
    report("refusals", asyncio.run(measure()))


if __name__ == "__main__":
    main()
