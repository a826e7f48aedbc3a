"""Good work in a flood of hostile messages: who is served, what is buried, and what the workers' memory does."""

from __future__ import annotations

import asyncio
import time
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from hashlib import sha256
from itertools import chain
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
from aiokafka import AIOKafkaProducer

from infra.decoding import decode_message
from infra.kafka.bus import BATCH_BYTES, LINGER_MS, MAX_LETTER_BYTES
from infra.kafka.security import client_options
from schemas.errors import MalformedMessage
from schemas.topics import DRAFT_JOBS
from tests.support.faults import load as loading
from tests.support.faults.fleet import Fleet
from tests.support.faults.ground import Ground, StackKind, ground
from tests.support.faults.hostile import TARGETS, Message, malformed
from tests.support.faults.journal import POLL_MS, Entry, entries_of, read_entries, reader
from tests.support.faults.losses import account
from tests.support.faults.payments import Payments, balance, ledger_results
from tests.support.faults.progress import Progress, following
from tests.support.faults.trial import LIMIT_SECONDS, QUIET_SECONDS, Tell, read_everything
from tests.support.simulator.weather import Uniform, Weather

QUICK = Weather(latency=Uniform(low=0.05, high=1.0))
"""The flood is on trial and not the waiting."""
MEMORY_SECONDS = 1.0
BATCHES = {"linger_ms": LINGER_MS, "max_batch_size": BATCH_BYTES}
Place = tuple[str, int, int]
"""Topic, partition, offset."""


@dataclass(frozen=True, slots=True)
class Flood:
    """How much of what is sent. `duplicates` are good draft jobs sent again."""

    briefs: int = 25
    drafts: int = loading.DRAFTS_A_BRIEF
    malformed: int = 9_000
    duplicates: int = 1_000
    huge: int = 30
    seed: int = 1


@dataclass(frozen=True, slots=True)
class _Poured:
    """The malformed messages, and how many good ones were sent again."""

    malformed: list[Message]
    duplicates: int


@dataclass(slots=True)
class Aftermath:
    """What a flood came to. `slopes` are in megabytes a minute over the last half."""

    complete: bool
    seconds: float
    good: int
    served: int
    undelivered: int
    malformed: int
    buried_once: int
    unburied: Counter[str]
    buried_again: int
    unexpected: list[str]
    without_reason: int
    duplicates: int
    two_objects: int
    payments: Payments
    memory_before: Mapping[str, float]
    memory_after: Mapping[str, float]
    slopes: Mapping[str, float]
    restarts: int


class Memory:
    """Resident megabytes of each worker over time."""

    def __init__(self) -> None:
        self.rows: defaultdict[str, list[tuple[float, float]]] = defaultdict(list)

    def slopes(self) -> dict[str, float]:
        """Megabytes a minute over the last half of the time, by least squares."""
        return {name: _slope(rows[len(rows) // 2 :]) for name, rows in self.rows.items()}


async def flooded(kind: StackKind, folder: Path, flood: Flood, tell: Tell = lambda _: None) -> Aftermath:
    """Run `flood` on a stack of its own."""
    async with ground(kind, folder, flood.seed) as site:
        await site.simulator.set_weather(QUICK)
        await loading.put_in_force(site, flood.drafts)
        async with Fleet(site) as fleet:
            sample = await _warmed_up(site, flood)
            tell("warmed up")
            return await _flood(site, fleet, flood, sample, tell)


async def _warmed_up(site: Ground, flood: Flood) -> bytes:
    """Two briefs through the whole line, so that every worker has loaded what it uses; one good draft job of them."""
    load = loading.make_load(2, flood.drafts, name="warm-up")
    async with following(site.settings.kafka) as progress:
        await loading.send(site, load)
        assert await progress.wait(lambda: len(progress.briefs) >= len(load.signals), LIMIT_SECONDS, QUIET_SECONDS)
    return (await read_entries(site.settings.kafka, (DRAFT_JOBS,)))[0].value


async def _flood(site: Ground, fleet: Fleet, flood: Flood, sample: bytes, tell: Tell) -> Aftermath:
    load = loading.make_load(flood.briefs, flood.drafts, name="rush")
    random = Random(flood.seed)
    before, pids = fleet.memory(), {name: fleet.pid(name) for name in fleet.kind_of}
    began = time.monotonic()
    async with following(site.settings.kafka) as progress, _measuring(fleet) as memory:
        sent = await _pour(site, load, flood, random, sample)
        tell(f"{len(sent.malformed)} malformed messages sent in {time.monotonic() - began:.0f} s")
        complete = await _over(progress, load, len(sent.malformed))
        seconds = time.monotonic() - began
        tell(f"{'complete' if complete else 'INCOMPLETE'} after {seconds:.0f} s: {progress.settled} jobs, "
             f"{len(progress.briefs)} briefs, {progress.dead_letters} dead letters")  # fmt: skip
    restarts = sum(fleet.pid(name) != pid for name, pid in pids.items())
    found = await _examine(site, load, sent, complete=complete, seconds=seconds)
    found.memory_before, found.memory_after = before, fleet.memory()
    found.slopes, found.restarts = memory.slopes(), restarts
    return found


async def _over(progress: Progress, load: loading.Load, letters: int) -> bool:
    def over() -> bool:
        return len(progress.briefs) >= len(load.signals) and progress.dead_letters >= letters

    return await progress.wait(over, LIMIT_SECONDS, quiet=QUIET_SECONDS)


async def _pour(site: Ground, load: loading.Load, flood: Flood, random: Random, sample: bytes) -> _Poured:
    """A signal, then its share of the flood, and so on."""
    messages = list(malformed(random, flood.malformed, flood.huge, sample))
    portion, again = -(-len(messages) // len(load.signals)), -(-flood.duplicates // len(load.signals))
    duplicates, good = 0, list[Entry]()
    async with _sender(site) as producer, reader(site.settings.kafka, (DRAFT_JOBS,)) as jobs:
        for number, signal in enumerate(load.signals):
            await loading.send(site, loading.Load((signal,), load.drafts))
            polled = chain.from_iterable((await jobs.getmany(timeout_ms=POLL_MS)).values())
            good += [entry for entry in entries_of(polled) if _is_good(entry)]
            copies = random.choices(good, k=again) if good else []
            duplicates += len(copies)
            mixed = [(m.topic.name, m.key, m.value) for m in messages[number * portion : (number + 1) * portion]]
            mixed += [(entry.topic, entry.key, entry.value) for entry in copies]
            random.shuffle(mixed)
            await asyncio.gather(*(producer.send_and_wait(topic, key=k, value=v) for topic, k, v in mixed))
    return _Poured(messages, duplicates)


@asynccontextmanager
async def _sender(site: Ground) -> AsyncIterator[Any]:
    """A producer that keeps to no limits but the broker's."""
    producer = AIOKafkaProducer(**client_options(site.settings.kafka), max_request_size=MAX_LETTER_BYTES, **BATCHES)
    await producer.start()
    try:
        yield producer
    finally:
        await producer.stop()


def _is_good(entry: Entry) -> bool:
    try:
        decode_message(DRAFT_JOBS, entry.value)
    except MalformedMessage:
        return False
    return True


async def _examine(site: Ground, load: loading.Load, sent: _Poured, *, complete: bool, seconds: float) -> Aftermath:
    entries = await read_everything(site)
    results = await ledger_results(site.store)
    losses = account(entries, results, load.ids)
    kinds = {_print(message.topic.name, message.value): message.kind for message in sent.malformed}
    places = await _places(site, kinds)
    letters: Counter[Place] = Counter(_place(letter) for letter in losses.dead_letters)
    mine = {id_ for id_, o in losses.brief_outcomes.items() if o.signal_id in set(load.ids)}
    jobs = [job.job_id for job in losses.draft_jobs.values() if job.brief_id in mine]
    delivered = sum(losses.brief_outcomes[id_].name == "delivered" for id_ in mine)
    return Aftermath(
        complete=complete,
        seconds=seconds,
        good=load.jobs,
        served=sum(job in results for job in jobs),
        undelivered=len(load.signals) - delivered,
        malformed=len(places),
        buried_once=sum(letters[place] == 1 for place in places),
        unburied=Counter(f"{kind} on {place[0]}" for place, kind in places.items() if letters[place] == 0),
        buried_again=sum(letters[place] > 1 for place in places),
        unexpected=[_said(letter) for letter in losses.dead_letters if _place(letter) not in places],
        without_reason=sum(not letter["reason"].strip() for letter in losses.dead_letters),
        duplicates=sent.duplicates,
        two_objects=len(losses.two_objects),
        payments=balance(await site.simulator.calls(), results, entries, (), losses.draft_jobs.values()),
        memory_before={}, memory_after={}, slopes={}, restarts=0,
    )  # fmt: skip


async def _places(site: Ground, kinds: Mapping[str, str]) -> dict[Place, str]:
    """Where the malformed messages are, and of what kind each is."""
    topics = tuple({topic.name: topic for topic in (DRAFT_JOBS, *TARGETS)}.values())
    entries = await read_entries(site.settings.kafka, topics)
    printed = {(e.topic, e.partition, e.offset): _print(e.topic, e.value) for e in entries}
    return {place: kinds[print_] for place, print_ in printed.items() if print_ in kinds}


def _print(topic: str, value: bytes) -> str:
    return f"{topic} {sha256(value).hexdigest()}"


def _place(letter: Mapping[str, Any]) -> Place:
    return letter["topic"], letter["partition"], letter["offset"]


def _said(letter: Mapping[str, Any]) -> str:
    return f"{letter['worker']} on {letter['topic']}: {letter['error']}: {letter['reason'][:200]}"


@asynccontextmanager
async def _measuring(fleet: Fleet) -> AsyncIterator[Memory]:
    memory = Memory()

    async def measure() -> None:
        while True:
            for name, megabytes in fleet.memory().items():
                memory.rows[name].append((time.monotonic(), megabytes))
            await asyncio.sleep(MEMORY_SECONDS)

    task = asyncio.create_task(measure())
    try:
        yield memory
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


def _slope(rows: list[tuple[float, float]]) -> float:
    if len(rows) < 2:
        return 0.0
    minutes, megabytes = zip(*rows, strict=True)
    return float(np.polyfit(np.array(minutes) / 60, np.array(megabytes), 1)[0])
