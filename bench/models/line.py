"""Drafters that call simulated providers on the network: what the benches of models have in common.

Everything but the providers is real: broker, store, the drafters and the retrier as processes of their own. The
providers speak their APIs as documented, and record each request.
"""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from itertools import islice
from typing import Final

from bench.machine import Machine, machine
from bench.models.providers import Provider, provider
from bench.pipeline.orders import brief_of, sample_campaigns, send_jobs
from infra.kafka.bus import Bus
from infra.storage import records
from infra.storage.pace import PaceReports
from routing.planning.plan import draft_jobs, first_draft_jobs
from schemas.briefs import Brief
from schemas.campaigns import Campaign
from schemas.topics import BRIEFS

FAST: Final = "fast-queued"
"""A fast model behind fal's queue."""
SPARE: Final = "fast-single-call"
"""A fast model behind OpenAI's images API."""
_LISTED: Final = {
    "FAL": {"name": FAST, "path": "fal-ai/flux/schnell", "tier": "fast", "price_usd": 0.003, "seconds": 2},
    "OPENAI": {"name": SPARE, "path": "gpt-image-1-mini", "tier": "fast", "price_usd": 0.005, "seconds": 2},
}
PROCESSES: Final = 2
SAMPLED_SECONDS: Final = 0.5


@dataclass(frozen=True, slots=True)
class Line:
    """The running machine with its drafters, and the providers of `FAST` and `SPARE`."""

    machine: Machine
    bus: Bus
    campaign: Campaign
    fast: Provider
    spare: Provider

    @property
    def providers(self) -> dict[str, Provider]:
        """The provider of each model."""
        return {FAST: self.fast, SPARE: self.spare}

    def brief(self, drafts: int, model: str, *fallbacks: str) -> Brief:
        """A new brief in the standard lane."""
        brief = brief_of(self.campaign, drafts, lane="standard", model=model)
        return brief.model_copy(update={"plan": brief.plan.model_copy(update={"draft_fallbacks": fallbacks})})

    async def order(self, *briefs: Brief) -> set[bytes]:
        """Send `briefs` with their first draft jobs, as the router does; returns the ids of all their jobs."""
        for brief in briefs:
            await records.the_brief(self.machine.store, brief)
            await self.bus.send(BRIEFS, brief.brief_id, brief)
            await send_jobs(self.bus, list(first_draft_jobs(brief)))
        return {job.job_id.encode() for brief in briefs for job in draft_jobs(brief)}


@asynccontextmanager
async def line(slots: int, **settings: str) -> AsyncIterator[Line]:
    """A line with `PROCESSES` drafters of `slots` each; `settings` are more environment variables."""
    async with AsyncExitStack() as stack:
        fast = await stack.enter_async_context(provider())
        spare = await stack.enter_async_context(provider())
        stack.enter_context(_environment({**_providers(fast, spare), **settings}))
        m = await stack.enter_async_context(machine({"drafter": slots}))
        bus = await stack.enter_async_context(Bus(m.addresses))
        campaign = next(islice(await sample_campaigns(m.store), 1))
        await m.start("retrier", "workers.runtime.process", "retrier")
        for number in range(1, PROCESSES + 1):
            await m.start(f"drafter-{number}", "workers.runtime.process", "drafter")
        yield Line(m, bus, campaign, fast, spare)


async def breakers_open(running: Line, seen: list[str]) -> None:
    """Add to `seen` each report of a drafter whose breaker is open, until cancelled."""
    reports = PaceReports(running.machine.store)
    known: set[tuple[str, int]] = set()
    while True:
        for report in await reports.others("the bench"):
            if (report.member, report.number) not in known:
                known.add((report.member, report.number))
                seen += [model.model for model in report.models if model.away_since]
        await asyncio.sleep(SAMPLED_SECONDS)


def _providers(fast: Provider, spare: Provider) -> dict[str, str]:
    variables: dict[str, str] = {}
    for service, client in (("FAL", fast), ("OPENAI", spare)):
        variables |= {
            f"BRUSHFIRE_PROVIDERS__{service}__KEY": "bench",
            f"BRUSHFIRE_PROVIDERS__{service}__BASE_URL": client.address,
            f"BRUSHFIRE_PROVIDERS__{service}__MODELS": json.dumps([_LISTED[service]]),
        }
    return variables


class _environment:  # noqa: N801 - read as a verb
    """Environment variables while the body runs."""

    def __init__(self, variables: Mapping[str, str]) -> None:
        self._variables = variables
        self._before: dict[str, str | None] = {}

    def __enter__(self) -> None:
        self._before = {name: os.environ.get(name) for name in self._variables}
        os.environ.update(self._variables)

    def __exit__(self, *_: object) -> None:
        for name, value in self._before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
