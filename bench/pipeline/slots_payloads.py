"""What the bare rival sends and stores: the very bytes of one draft of the real drafter."""

from __future__ import annotations

from pathlib import Path

from bench.machine import Machine
from bench.pipeline import chain
from bench.pipeline.image import bench_brief, lay_down_image
from bench.pipeline.orders import send_jobs
from bench.pipeline.slots_bare import PARTS
from bench.pipeline.worker import IMAGE
from bench.watch import watching
from infra.kafka.admin import create_topics
from infra.kafka.bus import Bus
from routing.planning.plan import draft_jobs
from schemas.campaigns import Campaign
from schemas.topics import DRAFTS, LINEAGE

PATIENCE_SECONDS = 60.0


async def lay_down_payloads(m: Machine, bus: Bus, campaign: Campaign) -> None:
    """Make one draft with the bench model, and write its parts into the machine's folder; create the rival's topics."""
    kafka, folder = m.settings.kafka, Path(m.settings.data)
    await create_topics(kafka, kafka.partitions, kafka.replication_factor, topics=chain.TOPICS)
    await lay_down_image(m, campaign, folder)
    (job,) = draft_jobs(bench_brief(campaign, 1))
    async with watching(m.addresses, DRAFTS, LINEAGE) as watch:
        await m.start("drafter", "bench.pipeline.worker", "drafter", str(folder), "0", "1")
        await send_jobs(bus, [job])
        records = await watch.take(2, PATIENCE_SECONDS)
    await m.stop("drafter")
    events = {record.topic: bytes(record.value) for record in records}
    parts = {
        "claim": await m.store.get(f"ledger/{job.job_id}/claim-1"),
        "done": await m.store.get(f"ledger/{job.job_id}/done"),
        "image": (folder / IMAGE).read_bytes(),
        "draft": events[DRAFTS.name],
        "draft-note": events[LINEAGE.name],
    }
    for part in PARTS:
        data = parts[part]
        assert data
        (folder / part).write_bytes(data)
