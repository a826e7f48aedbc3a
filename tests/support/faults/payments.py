"""What was paid and what came of it: the simulator's bills against the ledger, and against the kills.

A paid call whose image is in no ledger entry is lost money. It is a crash's fair price only where it was in the air
when its process ended: asked for by then, and not yet reported as a draft or a refinement.
"""

from __future__ import annotations

import asyncio
import json
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from infra.storage.store import ObjectStore
from schemas.drafts import DraftJob
from schemas.generations import GenerationRecord
from schemas.topics import DRAFTS, EXPRESS_OF, REFINEMENTS, Topic
from tests.support.faults.driver import Act
from tests.support.faults.journal import Entry
from tests.support.simulator.log import Call

MADE: tuple[Topic, ...] = (DRAFTS, EXPRESS_OF[DRAFTS.name], REFINEMENTS, EXPRESS_OF[REFINEMENTS.name])
ENDINGS = frozenset({"kill", "terminate"})
STORING_SECONDS = 10.0
"""From a provider's answer to its draft on the topic, at the most: a second, and more on a machine that is busy."""
READERS = 16


LOCAL = "composer"
"""How models of this machine are called, which no one sends a bill for."""


@dataclass(frozen=True, slots=True)
class Payments:
    """`done` are the images of models that are paid, by the ledger.

    `unused` are paid calls that no ledger entry names; `in_air` those that any kill may have cost.

    `unexplained` are unused and were not in the air of a process that was killed. `paid_twice` are the jobs with more
    than one paid call, as far as calls tell their job (by seed).
    """

    paid: int
    dollars: float
    done: int
    in_air: frozenset[str]
    in_air_of_all: frozenset[str]
    unused: tuple[Call, ...]
    paid_twice: tuple[str, ...]

    @property
    def unexplained(self) -> tuple[Call, ...]:
        """Money that no kill explains."""
        return tuple(call for call in self.unused if call.id not in self.in_air)

    @property
    def unexplained_by_all(self) -> tuple[Call, ...]:
        """Money of calls that were in the air of no process at all at any kill."""
        return tuple(call for call in self.unused if call.id not in self.in_air_of_all)


async def ledger_results(store: ObjectStore) -> dict[str, GenerationRecord]:
    """Every `done` entry of the ledger, by job."""
    keys = [key async for key in store.keys("ledger/") if key.endswith("/done")]
    limit = asyncio.Semaphore(READERS)

    async def read(key: str) -> GenerationRecord | None:
        async with limit:
            data = await store.get(key)
        return GenerationRecord.model_validate_json(data) if data is not None else None

    records = await asyncio.gather(*(read(key) for key in keys))
    return {record.job_id: record for record in records if record is not None}


def balance(
    calls: Iterable[Call],
    results: dict[str, GenerationRecord],
    entries: Iterable[Entry],
    acts: Iterable[Act],
    jobs: Iterable[DraftJob] = (),
) -> Payments:
    """Hold the bills against ledger and kills. `entries` are those of `MADE`."""
    all_calls = list(calls)
    used = {record.provider_request_id for record in results.values()}
    told = _told(entries)
    endings = [act for act in acts if act.what in ENDINGS]
    paid = [call for call in all_calls if call.billed_usd > 0]
    return Payments(
        paid=len(paid),
        dollars=sum(call.billed_usd for call in paid),
        done=sum(not record.model.startswith(LOCAL) for record in results.values()),
        in_air=frozenset(call.id for act in endings for call in all_calls if _in_air(call, act, told, act.target)),
        in_air_of_all=frozenset(call.id for act in endings for call in all_calls if _in_air(call, act, told, None)),
        unused=tuple(call for call in paid if call.id not in used),
        paid_twice=_paid_twice(paid, results, jobs),
    )


def _in_air(call: Call, act: Act, told: dict[str, float], key: str | None) -> bool:
    """Whether a call of `key` (None: of anybody) was under way when the act's victim ended."""
    asked = call.received_at <= act.ended and key in {None, call.key}
    open_still = call.answered_at == 0.0 or call.answered_at > act.at - STORING_SECONDS
    return asked and open_still and told.get(call.id, float("inf")) > act.at


def _told(entries: Iterable[Entry]) -> dict[str, float]:
    """When the image of each request was first reported."""
    names = {topic.name for topic in MADE}
    told: dict[str, float] = {}
    for entry in entries:
        if entry.topic in names:
            try:
                request = json.loads(entry.value)["generation"]["provider_request_id"]
            except (ValueError, KeyError, TypeError, RecursionError):
                continue
            told[request] = min(entry.at, told.get(request, entry.at))
    return told


def _paid_twice(
    paid: Iterable[Call], results: dict[str, GenerationRecord], jobs: Iterable[DraftJob]
) -> tuple[str, ...]:
    """Jobs with two paid calls: by the request id in the ledger, else by the seed, which each draft has for itself."""
    by_request = {record.provider_request_id: job for job, record in results.items()}
    by_seed: defaultdict[int | None, set[str]] = defaultdict(set)
    for job in jobs:
        by_seed[job.request.seed].add(job.job_id)
    counts: Counter[str] = Counter()
    for call in paid:
        owners = {by_request[call.id]} if call.id in by_request else by_seed.get(call.seed, set())
        if call.seed is not None or call.id in by_request:
            counts.update(owners if len(owners) == 1 else ())
    return tuple(sorted(job for job, count in counts.items() if count > 1))
