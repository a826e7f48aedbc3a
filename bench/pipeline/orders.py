"""Work to measure with: briefs of the sample campaigns, each with a trend of its own, planned as the router does."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from bench.machine import ROOT
from infra import clock
from infra.campaigns.book import campaign_version
from infra.campaigns.reading import load_campaigns, upload_artwork
from infra.kafka.bus import Bus
from infra.providers.composer_models import cards
from infra.storage.store import ObjectStore
from routing.planning.plan import draft_jobs, plan_brief
from schemas.briefs import Brief
from schemas.campaigns import Budget, Campaign, Lane
from schemas.drafts import DraftJob
from schemas.identifiers import signal_id
from schemas.safety import Verdict
from schemas.signals import Headline, Signal
from schemas.topics import BRIEFS, DRAFT_JOBS, for_lane

LONG_SIDE: Final = 512
PLENTY: Final = Budget(per_brief_usd=1_000.0, per_day_usd=1_000_000.0)
HOUR: Final = 3600
_counter: Final = itertools.count(1)


async def sample_campaigns(store: ObjectStore) -> list[Campaign]:
    """The campaigns of `examples/`, their artwork uploaded, with money and time that never run out."""
    found = load_campaigns(ROOT / "examples" / "campaigns")
    if found.problems:
        raise found.problems[0]
    return [await _prepared(entry.campaign, store) for entry in found.loaded]


async def _prepared(campaign: Campaign, store: ObjectStore) -> Campaign:
    uploaded = await upload_artwork(campaign, ROOT / "examples" / "campaigns", store)
    return uploaded.model_copy(update={"budget": PLENTY, "deadline_seconds": HOUR})


def brief_of(campaign: Campaign, drafts: int, *, lane: Lane | None = None, model: str = "composer-draft") -> Brief:
    """A brief of `campaign` for `drafts` drafts at `LONG_SIDE` pixels; no two are the same."""
    plan = campaign.plan.model_copy(
        update={"drafts": drafts, "promote": 1, "draft_model": model, "draft_long_side": LONG_SIDE}
    )
    order = campaign.model_copy(update={"plan": plan, "lane": lane or campaign.lane})
    draft_card, refine_card = cards(usd_per_cpu_hour=0.0)
    return plan_brief(
        _signal(),
        order,
        campaign_version=campaign_version(order),
        copy_language="en",
        verdict=Verdict(decision="clear", reason="a bench's own signal", languages=("en",), lexicon_version="none"),
        draft_model=draft_card,
        refine_model=refine_card,
        now=clock.now(),
    )


def jobs_of(briefs: Iterator[Brief] | list[Brief]) -> list[DraftJob]:
    """The draft jobs of `briefs`."""
    return [job for brief in briefs for job in draft_jobs(brief)]


async def send_brief(bus: Bus, brief: Brief) -> None:
    """Send a brief and its draft jobs, as the router does."""
    await bus.send(BRIEFS, brief.brief_id, brief)
    await send_jobs(bus, list(draft_jobs(brief)))


async def send_jobs(bus: Bus, jobs: list[DraftJob]) -> None:
    """Send draft jobs to the topic of their lane."""
    await bus.send_all((for_lane(DRAFT_JOBS, job.lane), job.job_id, job) for job in jobs)


def _signal() -> Signal:
    now = clock.now()
    topic = f"autumn weekend {next(_counter)}"
    return Signal(
        signal_id=signal_id("bench", "GB", topic, now.isoformat()),
        source="bench",
        topic=topic,
        market="GB",
        language="en",
        volume=10_000,
        observed_at=now,
        expires_at=now + timedelta(days=1),
        headlines=(Headline(text="Everybody talks about the weekend", source="bench", language="en"),),
    )
