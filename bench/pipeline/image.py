"""The fixed image of the bench model: one real draft of the composer, and the regions of its text."""

from __future__ import annotations

from pathlib import Path

from pydantic import TypeAdapter

from bench.machine import Machine
from bench.pipeline.models import MODEL
from bench.pipeline.orders import brief_of
from bench.pipeline.worker import IMAGE, REGIONS
from infra.providers.catalogue import open_registry
from routing.planning.plan import draft_jobs
from schemas.briefs import Brief
from schemas.campaigns import Campaign
from schemas.images import Region


async def lay_down_image(m: Machine, campaign: Campaign, folder: Path) -> None:
    """Draw a draft of `campaign` and put image and regions into `folder`."""
    (job,) = draft_jobs(brief_of(campaign, 1))
    registry = open_registry(m.settings, m.store)
    try:
        provider = registry.provider(job.request.model)
        drawn = await provider.collect(await provider.submit(job.request))
    finally:
        await registry.close()
    (folder / IMAGE).write_bytes(drawn.data)
    (folder / REGIONS).write_bytes(TypeAdapter(tuple[Region, ...]).dump_json(drawn.regions))


def bench_brief(campaign: Campaign, drafts: int) -> Brief:
    """A brief in the standard lane, for the bench model."""
    return brief_of(campaign, drafts, lane="standard", model=MODEL)
