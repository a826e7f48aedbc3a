"""Reads the cost of briefs from the store: accounts, briefs, outcomes, the ledger, unused payments."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from datetime import date, timedelta
from itertools import product
from typing import Final

from infra import clock
from infra.storage import records
from infra.storage.ledger import Ledger
from infra.storage.spending_log import accounts
from infra.storage.store import ObjectStore
from infra.storage.unused_payments import briefs_with_unused_payments, unused_payments
from routing.planning.plan import draft_jobs
from schemas import identifiers
from schemas.briefs import Brief
from schemas.generations import GenerationRecord
from schemas.money import Claim
from schemas.outcomes import BriefOutcome
from workers.accounts.treasury import Treasury
from workers.reporting.spending import BriefSpending, ImageCost

AT_ONCE: Final = 8
"""Briefs that are read concurrently."""


def days_between(first: date, last: date) -> tuple[date, ...]:
    """Every day from `first` to `last`, both included."""
    return tuple(first + timedelta(days=number) for number in range((last - first).days + 1))


class SpendingReader:
    """Reads the spending of briefs. With `images`, the ledger is read for ended briefs too."""

    def __init__(self, store: ObjectStore, *, images: bool) -> None:
        self._store = store
        self._images = images
        self._treasury = Treasury(store)
        self._ledger = Ledger(store, clock.now)
        self._slots = asyncio.Semaphore(AT_ONCE)
        self._wasteful: frozenset[str] = frozenset()

    async def read(self, days: Iterable[date], campaign_id: str | None) -> list[BriefSpending]:
        """The spending of every brief with a reservation on one of `days`, of one campaign or of all."""
        self._wasteful = await briefs_with_unused_payments(self._store)
        found: list[BriefSpending] = []
        for day in days:
            for campaign in await accounts(self._store, day.isoformat()):
                if campaign_id in {None, campaign}:
                    found.extend(await self._of_day(campaign, day))
        return found

    async def _of_day(self, campaign_id: str, day: date) -> list[BriefSpending]:
        account = await self._treasury.book(campaign_id, day.isoformat()).now()
        read = (self._of_brief(campaign_id, brief_id, day, claim) for brief_id, claim in account.claims.items())
        return await asyncio.gather(*read)

    async def _of_brief(self, campaign_id: str, brief_id: str, day: date, claim: Claim) -> BriefSpending:
        async with self._slots:
            brief = await records.read(self._store, records.brief_key(brief_id), Brief)
            if brief is None:  # its router crashed before it stored the brief, and the signal was not repeated
                return BriefSpending(brief_id, campaign_id, day, "", "never sent", claim.usd, claim.usd, 0.0)
            outcome = await records.read(self._store, f"outcomes/briefs/{brief_id}.json", BriefOutcome)
            unused = await unused_payments(self._store, brief_id) if brief_id in self._wasteful else ()
            images = await self._paid(brief, outcome) if self._images or not claim.settled else ()
        if claim.settled:
            spent, held = claim.usd - claim.in_flight_usd, claim.in_flight_usd
        else:
            spent = sum(image.usd for image in images) + sum(payment.usd for payment in unused)
            held = max(0.0, claim.usd - spent)
        return BriefSpending(
            brief_id,
            campaign_id,
            day,
            brief.signal.topic,
            outcome.name if outcome else "open",
            brief.planned_usd,
            held,
            spent,
            brief.budget.per_day_usd,
            images,
            unused,
        )

    async def _paid(self, brief: Brief, outcome: BriefOutcome | None) -> tuple[ImageCost, ...]:
        """The images of a brief in the ledger. Refinements are found by the ids that they would have."""
        drafts = [job.job_id for job in draft_jobs(brief)]
        made = await self._done(drafts)
        images = [ImageCost(each.model, each.price_usd, brief.draft_usd) for each in made.values()]
        if outcome is None or outcome.promoted:
            refined = await self._refined(brief, drafts)
            images += [ImageCost(each.model, each.price_usd, brief.refine_usd) for each in refined]
        return tuple(images)

    async def _refined(self, brief: Brief, drafts: list[str]) -> list[GenerationRecord]:
        """The refinements in the ledger: first attempts of any draft, second ones where there was a first."""
        ways = list(product(sorted({brief.plan.refine_model, brief.plan.type_model}), brief.formats))
        ids = {identifiers.refinement_id(draft, model, form.name, 1): draft for draft in drafts for model, form in ways}
        first = await self._done(ids)
        promoted = {ids[job_id] for job_id in first}
        second = await self._done(
            identifiers.refinement_id(draft, model, form.name, 2) for draft in promoted for model, form in ways
        )
        return [*first.values(), *second.values()]

    async def _done(self, job_ids: Iterable[str]) -> dict[str, GenerationRecord]:
        wanted = list(job_ids)
        found = await asyncio.gather(*(self._ledger.done(job_id) for job_id in wanted))
        return {job_id: record for job_id, record in zip(wanted, found, strict=True) if record is not None}
