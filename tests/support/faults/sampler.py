"""Committed offsets, sampled throughout a run, and judged afterwards by what had come of the messages below them.

A worker kind may commit an offset only when every message before it has come to something: a result, a failure, a
retry or a dead letter, each confirmed by the broker before. The messages' own timestamps tell when that was.
"""

from __future__ import annotations

import asyncio
import base64
import json
import time
from bisect import bisect_left
from collections import defaultdict
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from itertools import accumulate
from typing import Any

from aiokafka import AIOKafkaConsumer
from aiokafka.errors import KafkaError

from infra.kafka.security import client_options
from infra.settings import KafkaSettings
from schemas.topics import (
    ASSETS,
    DEAD_LETTERS,
    DRAFT_JOBS,
    DRAFTS,
    EXPRESS_OF,
    FAILURES,
    FINISH_JOBS,
    REFINE_JOBS,
    REFINEMENTS,
    RETRIES,
    SCORECARDS,
    Topic,
)
from tests.support.faults.journal import Entry, partitions_of

PERIOD_SECONDS = 0.5
ANSWER_SECONDS = 5.0


def _lanes(topic: Topic) -> tuple[Topic, ...]:
    return (topic, EXPRESS_OF[topic.name]) if topic.name in EXPRESS_OF else (topic,)


STAGES: Mapping[str, tuple[tuple[Topic, ...], tuple[Topic, ...]]] = {
    "drafter": (_lanes(DRAFT_JOBS), _lanes(DRAFTS)),
    "scorer": (_lanes(DRAFTS), (SCORECARDS,)),
    "refiner": (_lanes(REFINE_JOBS), _lanes(REFINEMENTS)),
    "finisher": (_lanes(FINISH_JOBS), (ASSETS,)),
}
"""What each of the sampled worker kinds reads, and where its results go."""

JUDGED = tuple({topic.name: topic for inputs, outputs in STAGES.values() for topic in (*inputs, *outputs)}.values())
"""The topics that a verdict needs, beside `ELSEWHERE`."""
ELSEWHERE = (FAILURES, *RETRIES, DEAD_LETTERS)

Place = tuple[str, int]
"""A topic and a partition of it."""


@dataclass(frozen=True, slots=True)
class Sample:
    """What a group had committed when the broker answered, at `at` in seconds of the epoch."""

    kind: str
    at: float
    committed: Mapping[Place, int]


@dataclass(slots=True)
class Samples:
    """All samples of a run, and how often the broker did not answer."""

    taken: list[Sample] = field(default_factory=list)
    unanswered: int = 0


@asynccontextmanager
async def sampling(kafka: KafkaSettings) -> AsyncIterator[Samples]:
    """Sample every group of `STAGES` for as long as the body runs."""
    samples = Samples()
    tasks = [asyncio.create_task(_sample(kafka, kind, samples)) for kind in STAGES]
    try:
        yield samples
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _sample(kafka: KafkaSettings, kind: str, samples: Samples) -> None:
    """Ask from outside the group: a consumer that is assigned and never subscribes does not join."""
    partitions = partitions_of(kafka, STAGES[kind][0])
    while True:
        consumer = AIOKafkaConsumer(**client_options(kafka), group_id=f"brushfire-{kind}", enable_auto_commit=False)
        try:
            with suppress(KafkaError, OSError):
                await consumer.start()
                consumer.assign(partitions)
                while True:
                    await asyncio.sleep(PERIOD_SECONDS)
                    async with asyncio.timeout(ANSWER_SECONDS):
                        answer = await consumer._coordinator.fetch_committed_offsets(partitions)
                    samples.taken.append(Sample(kind, time.time(), _offsets(answer)))
            samples.unanswered += 1
        finally:
            await consumer.stop()
        await asyncio.sleep(PERIOD_SECONDS)


def _offsets(answer: Mapping[Any, Any]) -> dict[Place, int]:
    return {(tp.topic, tp.partition): meta.offset for tp, meta in answer.items() if meta.offset >= 0}


@dataclass(slots=True)
class Verdict:
    """`violations` are samples that were above unfinished work, with the message that was not finished then."""

    samples: int
    with_commits: int
    violations: list[str]


def judge(samples: Samples, entries: Iterable[Entry]) -> Verdict:
    """Hold every sample against what had come of the messages below it. `entries`: of `JUDGED` and `ELSEWHERE`."""
    known = list(entries)
    found = Verdict(len(samples.taken), sum(bool(sample.committed) for sample in samples.taken), [])
    for kind, (inputs, outputs) in STAGES.items():
        finished = _finished(known, {topic.name for topic in inputs}, {topic.name for topic in outputs})
        for sample in samples.taken:
            if sample.kind == kind:
                found.violations += _violations(sample, finished)
    return found


def _violations(sample: Sample, finished: Mapping[Place, list[tuple[int, float]]]) -> list[str]:
    problems = []
    for place, committed in sample.committed.items():
        below = [times for offset, times in finished.get(place, ()) if offset < committed]
        if below and below[-1] > sample.at:
            problems.append(f"{sample.kind} {place} committed {committed} at {sample.at:.1f}, unfinished below it")
    return problems


def _finished(entries: list[Entry], inputs: set[str], outputs: set[str]) -> dict[Place, list[tuple[int, float]]]:
    """For each offset of each partition, when it and all before it were finished (infinity: never)."""
    told, buried = _told(entries, outputs), _buried(entries)
    by_place: defaultdict[Place, list[tuple[int, float]]] = defaultdict(list)
    for entry in sorted(entries, key=lambda entry: entry.offset):
        if entry.topic in inputs:
            at = buried.get((entry.topic, entry.partition, entry.offset))
            by_place[entry.topic, entry.partition].append((entry.offset, _first(told, entry) if at is None else at))
    return {
        place: list(zip((o for o, _ in rows), accumulate((t for _, t in rows), max), strict=True))
        for place, rows in by_place.items()
    }


def _first(told: Mapping[str, list[float]], entry: Entry) -> float:
    """When something came of a message: each delivery of a job reports its result again, never before it was sent."""
    times = told.get((entry.key or b"").decode(errors="replace"), [])
    place = bisect_left(times, entry.at)
    return times[place] if place < len(times) else float("inf")


def _told(entries: list[Entry], outputs: set[str]) -> dict[str, list[float]]:
    """When each job was reported, in order."""
    retries = {topic.name for topic in RETRIES}
    times: defaultdict[str, list[float]] = defaultdict(list)
    for entry in entries:
        if entry.topic in outputs or entry.topic in retries or entry.topic == FAILURES.name:
            job = _job_of(entry, retries)
            if job is not None:
                times[job].append(entry.at)
    return {job: sorted(all_times) for job, all_times in times.items()}


def _job_of(entry: Entry, retries: set[str]) -> str | None:
    """The job that a result, failure or retry is about; None where the message is malformed."""
    try:
        value = json.loads(entry.value)
        if entry.topic in retries:
            return base64.b64decode(value["key"]).decode()
        if entry.topic == ASSETS.name:
            return str(value["asset_id"])
        if entry.topic in {SCORECARDS.name, FAILURES.name}:
            return str(value["job_id"])
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    return (entry.key or b"").decode(errors="replace")


def _buried(entries: list[Entry]) -> dict[tuple[str, int, int], float]:
    """When the dead letter of a message was sent, by the message's place."""
    found: dict[tuple[str, int, int], float] = {}
    for entry in entries:
        if entry.topic == DEAD_LETTERS.name:
            letter = json.loads(entry.value)
            place = (letter["topic"], letter["partition"], letter["offset"])
            found[place] = min(entry.at, found.get(place, entry.at))
    return found
