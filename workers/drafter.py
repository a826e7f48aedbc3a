"""Drafter: draft-jobs -> drafts. Makes the cheap images, each paid once."""

from __future__ import annotations

import asyncio
from typing import Final

from infra.storage import records
from routing.planning.plan import following_draft_job
from schemas.briefs import Brief
from schemas.drafts import Draft, DraftJob
from schemas.topics import DRAFT_JOBS, DRAFTS, for_lane
from workers.generation.generator import FINAL, Generator, open_generator
from workers.runtime.failing import draft_failed
from workers.runtime.worker import Context

BRIEFS_KEPT: Final = 64
"""Briefs kept in memory: so many batches may be in the queue at once without a read for each job."""


async def set_up(context: Context) -> None:
    """Subscribe to the draft jobs of both kinds of lanes."""
    drafter = Drafter(context, await open_generator(context))
    context.subscribe_lanes(DRAFT_JOBS, drafter.draft, gave_up=drafter.give_up)


class Drafter:
    """Makes drafts."""

    def __init__(self, context: Context, generator: Generator) -> None:
        self._context = context
        self._generator = generator
        self._briefs: dict[str, Brief] = {}

    async def draft(self, job: DraftJob) -> None:
        """Make the image of `job`. A refused or impossible request is reported, not retried."""
        try:
            generated = await self._generator.generate_for(job)
        except FINAL as error:
            await self.give_up(job, error)
            return
        record = generated.record
        await asyncio.gather(
            self._context.bus.send(for_lane(DRAFTS, job.lane), job.job_id, Draft(job=job, generation=record)),
            self._context.note(
                "draft-made",
                job.job_id,
                brief=job.brief_id,
                parents=(job.brief_id,),
                model=record.model,
                asked=job.request.model,
                seed_sent=record.seed_sent,
                image=record.image.key,
                price_usd=record.price_usd,
                repeated=generated.repeated,
                claim=generated.claim,
            ),
            self._send_following(job),
        )

    async def give_up(self, job: DraftJob, error: Exception) -> None:
        """Report a draft that will not be made to its board, so that all drafts are accounted for."""
        await draft_failed(self._context, job, error)
        await self._send_following(job)

    async def _send_following(self, job: DraftJob) -> None:
        """Send the job that follows `job` to the end of the queue, behind newer briefs."""
        if job.next_variant is None:
            return
        brief = await self._brief(job.brief_id)
        if brief is not None:
            following = following_draft_job(brief, job.next_variant)
            await self._context.bus.send(for_lane(DRAFT_JOBS, job.lane), following.job_id, following)

    async def _brief(self, brief_id: str) -> Brief | None:
        """The brief; it never changes, so it is read once."""
        if brief_id not in self._briefs:
            brief = await records.read(self._context.store, records.brief_key(brief_id), Brief)
            if brief is None:
                return None
            if len(self._briefs) >= BRIEFS_KEPT:
                del self._briefs[next(iter(self._briefs))]
            self._briefs[brief_id] = brief
        return self._briefs[brief_id]
