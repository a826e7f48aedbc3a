"""Gossip between processes: each reports its calls to the others once a second while models are called.

So processes that share an account share its limits, and an outage that one has found stops them all.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from typing import Final
from uuid import uuid4

import structlog

from infra.providers.registry import Catalogue
from infra.settings import Settings
from infra.settings.providers import HttpProviderSettings
from infra.storage.pace import PaceReports
from infra.storage.store import ObjectStore
from routing.pacing.gossip import (
    STALE_SECONDS,
    Members,
    by_member,
    follow_breakers,
    merge_limits,
    report_of,
    take_share,
    to_own_clock,
)
from schemas.errors import StoreError
from schemas.paces import PaceReport
from workers.generation.pacing.model import PacedModel
from workers.generation.pacing.pacer import Pacer

IDLE_ROUNDS: Final = 5
"""Reports without a call before the reports end; the last of them says that nothing is needed."""
LEAST_SECONDS: Final = 0.2
"""The least time between two reports, however much there is to report."""

log = structlog.get_logger()


class Gossip:
    """Reports the models of `pacer` as `member`, at least every `seconds`, and gives each model its share."""

    def __init__(self, pacer: Pacer, reports: PaceReports, member: str, seconds: float) -> None:
        self._pacer = pacer
        self._shared = reports
        self._member = member
        self._seconds = seconds
        self._members = Members()
        self._reports: list[PaceReport] = []
        self._living: list[PaceReport] = []
        self._number = 0

    async def run(self) -> None:
        """Report and read until cancelled; neither while no model is called."""
        while True:
            await self._pacer.used.wait()
            self._pacer.used.clear()
            idle = 0
            while idle < IDLE_ROUNDS:
                await self.round()
                idle = 0 if self._is_busy() else idle + 1
                with suppress(TimeoutError):
                    async with asyncio.timeout(self._seconds):
                        await self._pacer.news.wait()
                self._pacer.news.clear()
                await asyncio.sleep(LEAST_SECONDS)

    async def round(self) -> None:
        """Report and read once. While the store is unavailable every process keeps its share."""
        try:
            await asyncio.gather(self._report(), self.read())
        except StoreError as error:
            log.warning("processes cannot share their pace", error=str(error))

    async def read(self) -> None:
        """Read the reports of all others and apply them. Remove those of processes that ended long ago."""
        reports = await self._shared.others(self._member)
        now = self._pacer.clock()
        self._living = [to_own_clock(report, now) for report in self._members.living(reports, now)]
        alive = {report.member for report in self._living}
        gone = [report for report in reports if report.member not in alive]
        self._reports = [*self._living, *(report for report in gone if abs(now - report.at) < STALE_SECONDS)]
        for model in self._pacer.network_models():
            self.introduce(model)
        for report in gone:
            if abs(now - report.at) >= STALE_SECONDS:
                await self._shared.forget(report.member)

    def introduce(self, model: PacedModel) -> None:
        """Apply to `model` what others have reported of it."""
        if model.key is None:
            return
        now = self._pacer.clock()
        living = by_member(model.key, self._living)
        merge_limits(model.limiter, by_member(model.key, self._reports).values(), now)
        take_share(model.limiter, self._member, living, now)
        follow_breakers(model.limiter, living.values(), now, model.unavailable_since)
        model.notice(now, "another process found it so")

    async def _report(self) -> None:
        now = self._pacer.clock()
        paces = tuple(
            report_of(model.key, model.limiter, now, model.unavailable_since)
            for model in self._pacer.network_models()
            if model.key is not None
        )
        self._number += 1
        await self._shared.put(PaceReport(member=self._member, number=self._number, at=now, models=paces))

    def _is_busy(self) -> bool:
        now = self._pacer.clock()
        return any(model.limiter.demand(now).wanted for model in self._pacer.network_models())


@asynccontextmanager
async def open_pacer(
    catalogue: Catalogue, settings: Settings, store: ObjectStore, member: str, slots: int
) -> AsyncIterator[Pacer]:
    """A pacer of the models of `catalogue`, for `slots` calls in flight.

    Where the settings say so it gossips with other processes through `store`, as one of the kind `member`.
    """
    pacer = Pacer(accounts=accounts_of(catalogue, settings), slots=slots, settings=settings.pace)
    if not settings.pace.shared:
        yield pacer
        return
    async with gossiping(pacer, PaceReports(store), f"{member}-{uuid4().hex}", settings.pace.report_seconds):
        yield pacer


@asynccontextmanager
async def gossiping(pacer: Pacer, reports: PaceReports, member: str, seconds: float) -> AsyncIterator[None]:
    """Share the limits of the models of `pacer` with other processes while the body runs."""
    gossip = Gossip(pacer, reports, member, seconds)
    with suppress(StoreError):
        await gossip.read()
    pacer.introduce = gossip.introduce
    task = asyncio.create_task(gossip.run())
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


def accounts_of(catalogue: Catalogue, settings: Settings) -> Callable[[str], str | None]:
    """The account that a model is called with: its provider and a hash of the key; None on this machine."""

    def account(model: str) -> str | None:
        provider = catalogue.card(model).provider
        configured = getattr(settings.providers, provider.replace("-", "_"), None)
        if not isinstance(configured, HttpProviderSettings):
            return None
        secret = "" if configured.key is None else configured.key.get_secret_value()
        trace = hashlib.sha256(f"{configured.base_url} {secret}".encode()).hexdigest()[:12]
        return f"{provider}:{trace}"

    return account
