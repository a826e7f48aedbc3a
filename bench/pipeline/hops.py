"""CPU a draft over all hops with a model that answers at once, beside a chain of bare clients in the same run.

A hop's way: draft job -> claim, image, result -> draft, note -> image, scorecard -> scorecard, note -> board.
"""

from __future__ import annotations

import asyncio
import json
import statistics
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from bench.figures import Figure, say
from bench.machine import SERVERS, Machine, machine
from bench.pipeline import chain
from bench.pipeline.image import bench_brief, lay_down_image
from bench.pipeline.orders import sample_campaigns, send_brief
from bench.pipeline.worker import SCORING
from bench.watch import watching
from infra.kafka.admin import create_topics
from infra.kafka.bus import Bus
from routing.planning.plan import draft_jobs
from schemas.base import Event
from schemas.briefs import Brief
from schemas.campaigns import Campaign
from schemas.topics import DRAFTS, LINEAGE, REFINE_JOBS, SCORECARDS, Topic
from workers.runtime.kinds import concurrency_of

BRIEFS: Final = 12
DRAFTS_EACH: Final = 50
REPEATS: Final = 3
STAGES: Final = ("drafter", "scorer", "promoter")
BARE: Final = {stage: f"bare-{stage}" for stage in STAGES}
CHANGELOG: Final = Topic("brushfire-promoter-boards-changelog", Event, "none", "the boards of the promoter")
PATIENCE_SECONDS: Final = 240.0


@dataclass(frozen=True, slots=True)
class Spent:
    """CPU seconds of one repeat: those of the workers and of the servers, and the moments between which they fell."""

    workers: dict[str, float]
    servers: float
    began: float
    ended: float

    @property
    def total(self) -> float:
        """CPU seconds of all workers."""
        return sum(self.workers.values())


async def measure() -> list[Figure]:
    """The figures of this part."""
    drafts = BRIEFS * DRAFTS_EACH
    say(f"CPU over all hops: {drafts} drafts, {REPEATS} times, each beside the bare chain")
    async with machine() as m, Bus(m.addresses) as bus:
        folder = Path(m.settings.data)
        campaign = (await sample_campaigns(m.store))[0]
        await lay_down_image(m, campaign, folder)
        await m.start("drafter", "bench.pipeline.worker", "drafter", str(folder), "0")
        await m.start("scorer", "bench.pipeline.worker", "scorer", str(folder), "0")
        await m.start("promoter", "workers.runtime.process", "promoter")
        await _collect_payloads(m, bus, campaign, folder)
        await _start_bare(m, folder)
        pairs = []
        for _ in range(REPEATS):
            pairs.append((await _brushfire(m, bus, campaign), await _bare(m, bus, campaign)))
            ours, bare = (
                f"{spent.total / drafts * 1000:.2f} ms in {spent.ended - spent.began:.1f} s" for spent in pairs[-1]
            )
            say(f"  a draft: Brushfire with scoring {ours}, bare chain {bare}")
        await m.stop("scorer")  # it writes its notes at its end
        scoring = json.loads((folder / SCORING).read_text("utf-8"))
    return _figures(pairs, scoring, drafts)


async def _brushfire(m: Machine, bus: Bus, campaign: Campaign) -> Spent:
    briefs = [bench_brief(campaign, DRAFTS_EACH) for _ in range(BRIEFS)]
    async with watching(m.addresses, REFINE_JOBS) as watch:
        before, servers, began = m.cpu_seconds(STAGES), sum(m.cpu_seconds(SERVERS).values()), time.time()
        for brief in briefs:
            await send_brief(bus, brief)
        await watch.take(len(briefs) * len(campaign.formats), PATIENCE_SECONDS)  # a board promotes with its last card
        return _spent(m, STAGES, before, servers, began)


async def _bare(m: Machine, bus: Bus, campaign: Campaign) -> Spent:
    jobs = [job for _ in range(BRIEFS) for job in draft_jobs(bench_brief(campaign, DRAFTS_EACH))]
    messages = [(job.job_id.encode(), job.model_dump_json().encode()) for job in jobs]
    names = list(BARE.values())
    async with watching(m.addresses, chain.BOARDS) as watch:
        before, servers, began = m.cpu_seconds(names), sum(m.cpu_seconds(SERVERS).values()), time.time()
        await asyncio.gather(*(bus.send_bytes(chain.JOBS.name, key, value) for key, value in messages))
        await watch.take(len(jobs), PATIENCE_SECONDS)
        return _spent(m, names, before, servers, began)


def _spent(m: Machine, names: Any, before: dict[str, float], servers: float, began: float) -> Spent:
    after = m.cpu_seconds(names)
    return Spent(
        workers={name: after[name] - before[name] for name in names},
        servers=sum(m.cpu_seconds(SERVERS).values()) - servers,
        began=began,
        ended=time.time(),
    )


async def _collect_payloads(m: Machine, bus: Bus, campaign: Campaign, folder: Path) -> None:
    """Send one brief through the workers, which warms them, and keep what they wrote for the bare chain."""
    brief = bench_brief(campaign, DRAFTS_EACH)
    async with (
        watching(m.addresses, DRAFTS, SCORECARDS, LINEAGE) as events,
        watching(m.addresses, REFINE_JOBS) as promoted,
    ):
        await send_brief(bus, brief)
        await promoted.take(len(campaign.formats), PATIENCE_SECONDS)
        seen = await events.take(4 * DRAFTS_EACH, PATIENCE_SECONDS)
    job_id = draft_jobs(brief)[0].job_id
    payloads = {
        "claim": await m.store.get(f"ledger/{job_id}/claim-1"),
        "done": await m.store.get(f"ledger/{job_id}/done"),
        "image": (folder / "image.jpg").read_bytes(),
        "draft": _first(seen, DRAFTS, b""),
        "card": _first(seen, SCORECARDS, b""),
        "draft-note": _first(seen, LINEAGE, b'"draft-made"'),
        "card-note": _first(seen, LINEAGE, b'"draft-scored"'),
        "board": await _board(m, brief),
    }
    for name, data in payloads.items():
        assert data
        (folder / name).write_bytes(data)


def _first(records: list[Any], topic: Topic, words: bytes) -> bytes:
    return next(bytes(r.value) for r in records if r.topic == topic.name and words in r.value)


async def _board(m: Machine, brief: Brief) -> bytes:
    """A board's state of mean size: it grows with each scorecard."""
    async with watching(m.addresses, CHANGELOG) as watch:
        await watch.rewind()
        key = brief.brief_id.encode()
        states = [bytes(r.value) for r in await watch.take(DRAFTS_EACH, PATIENCE_SECONDS, lambda r: r.key == key)]
    return max(states, key=len)[: round(statistics.mean(len(state) for state in states))]


async def _start_bare(m: Machine, folder: Path) -> None:
    kafka = m.settings.kafka
    await create_topics(m.addresses, kafka.partitions, kafka.replication_factor, topics=chain.TOPICS)
    for stage, name in BARE.items():
        concurrency = concurrency_of(stage, m.settings)  # type: ignore[arg-type]
        await m.start(name, "bench.pipeline.chain", stage, str(folder), str(concurrency))


def _figures(pairs: list[tuple[Spent, Spent]], scoring: list[tuple[float, float]], drafts: int) -> list[Figure]:
    def milliseconds(seconds: list[float]) -> float:
        return statistics.median(seconds) / drafts * 1000

    measured = [sum(cpu for at, cpu in scoring if ours.began <= at <= ours.ended) for ours, _ in pairs]
    hops = [ours.total - spent for (ours, _), spent in zip(pairs, measured, strict=True)]
    ratios = [alone / bare.total for alone, (_, bare) in zip(hops, pairs, strict=True)]
    what = "model that answers at once"
    return [
        Figure(f"{what}: all hops with real scoring", milliseconds([ours.total for ours, _ in pairs]),
               "CPU ms a draft"),
        Figure(f"{what}: scoring alone", milliseconds(measured), "CPU ms a draft"),
        Figure(f"{what}: all hops without scoring", milliseconds(hops), "CPU ms a draft"),
        Figure("bare aiokafka and S3 client: the same hops", milliseconds([bare.total for _, bare in pairs]),
               "CPU ms a draft"),
        Figure(f"{what}: hops without scoring over the bare chain", statistics.median(ratios), "ratio"),
        *(Figure(f"{what}: {stage}{', scoring included' if stage == 'scorer' else ''}",
                 milliseconds([ours.workers[stage] for ours, _ in pairs]), "CPU ms a draft") for stage in STAGES),
        *(Figure(f"bare chain: {stage}", milliseconds([bare.workers[name] for _, bare in pairs]), "CPU ms a draft")
          for stage, name in BARE.items()),
        Figure(f"{what}: broker and store", milliseconds([ours.servers for ours, _ in pairs]), "CPU ms a draft"),
        Figure("bare chain: broker and store", milliseconds([bare.servers for _, bare in pairs]), "CPU ms a draft"),
    ]  # fmt: skip
