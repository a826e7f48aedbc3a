"""The scorer: drafts and refinements -> scorecards. The meaning of the numbers is set in `routing.scoring`."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from imaging.measures.check import Check
from infra import clock
from infra.programs.own_clip import alignment_checks
from infra.storage import records
from infra.storage.published import PublishedBefore
from schemas.drafts import Draft
from schemas.errors import BadOutput
from schemas.refinements import Refinement
from schemas.scorecards import Scorecard
from schemas.topics import DRAFTS, REFINEMENTS, SCORECARDS
from workers.runtime.failing import draft_failed, refinement_failed
from workers.runtime.worker import Context
from workers.scoring.cards import Surroundings, load_models, prepare_process, score_draft, score_refinement
from workers.scoring.stored import Logos, stored_image


async def set_up(context: Context) -> None:
    """Subscribe to drafts and refinements of both kinds of lanes. Raises `InvalidSettings`: a user's model is none."""
    prepare_process()
    pool = ThreadPoolExecutor(context.concurrency, thread_name_prefix="scoring")
    context.closing.callback(pool.shutdown)
    pool.submit(load_models)
    checks = await asyncio.get_running_loop().run_in_executor(pool, alignment_checks, context.settings.alignment)
    scorer = Scorer(context, pool, checks)
    context.subscribe_lanes(DRAFTS, scorer.draft, gave_up=scorer.give_up_draft)
    context.subscribe_lanes(REFINEMENTS, scorer.refinement, gave_up=scorer.give_up_refinement)


class Scorer:
    """Measures images off the event loop; OpenCV and numpy release the interpreter while they compute."""

    def __init__(self, context: Context, pool: ThreadPoolExecutor, checks: tuple[Check, ...] = ()) -> None:
        self._context = context
        self._pool = pool
        self._checks = checks
        self._published = PublishedBefore(context.store, time.monotonic)
        self._logos = Logos(context.store)

    async def draft(self, draft: Draft) -> None:
        """Measure a draft."""
        data = await stored_image(self._context.store, draft.generation.image.key)
        around = Surroundings(
            await self._logos.of(draft.job.request.prompt.brand),
            await self._published.of(draft.job.campaign_id),
            checks=self._checks,
        )
        try:
            card = await self._measure(lambda: score_draft(draft, data, now=clock.now(), around=around))
        except BadOutput as error:
            await self.give_up_draft(draft, error)
            return
        await self._send(card)

    async def refinement(self, refinement: Refinement) -> None:
        """Measure a refinement, and how far it left its candidate."""
        store, job = self._context.store, refinement.job
        data, candidate = await asyncio.gather(
            stored_image(store, refinement.generation.image.key), stored_image(store, job.candidate_image.key)
        )
        around = Surroundings(
            await self._logos.of(job.request.prompt.brand),
            mask=await stored_image(store, job.request.mask.key) if job.request.mask else None,
            checks=self._checks,
        )
        try:
            card = await self._measure(
                lambda: score_refinement(refinement, data, candidate, now=clock.now(), around=around)
            )
        except BadOutput as error:
            await self.give_up_refinement(refinement, error)
            return
        await self._send(card)

    async def give_up_draft(self, draft: Draft, error: Exception) -> None:
        """Report a draft that could not be measured to the board."""
        await draft_failed(self._context, draft.job, error, draft.generation.price_usd)

    async def give_up_refinement(self, refinement: Refinement, error: Exception) -> None:
        """Report a refinement that could not be measured to the board."""
        await refinement_failed(self._context, refinement.job, error, refinement.generation.price_usd)

    async def _measure(self, work: Callable[[], Scorecard]) -> Scorecard:
        def timed() -> Scorecard:
            start = time.perf_counter()
            card = work()
            return card.model_copy(update={"seconds": time.perf_counter() - start})

        return await asyncio.get_running_loop().run_in_executor(self._pool, timed)

    async def _send(self, card: Scorecard) -> None:
        kept = await records.keep_scorecard(self._context.store, card)
        await self._context.bus.send(SCORECARDS, kept.brief_id, kept)
        await self._context.note(
            "draft-scored" if kept.subject == "draft" else "refinement-scored",
            kept.job_id,
            brief=kept.brief_id,
            parents=(kept.candidate_id,),
            record=records.scorecard_key(kept.job_id),
        )
