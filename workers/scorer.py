"""scores: drafts and refinements -> scorecards. Measures; what the numbers mean is routing's business."""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Final

from imaging.measures.brand.logo_artwork import decode_logo
from imaging.measures.cards import Surroundings, load_models, prepare_process, score_draft, score_refinement
from imaging.measures.check import Check
from imaging.measures.content.alignment import alignment_checks
from imaging.pixels import BgraImage
from infra import clock
from infra.storage import records
from infra.storage.published import PublishedBefore
from schemas.brands import BrandKit
from schemas.drafts import Draft
from schemas.errors import BadOutput, StoreError
from schemas.images import ImageRef
from schemas.refinements import Refinement
from schemas.scorecards import Scorecard
from schemas.topics import DRAFTS, REFINEMENTS, SCORECARDS
from workers.runtime.failing import draft_failed, refinement_failed
from workers.runtime.worker import Context

LOGOS_KEPT: Final = 32
"""At most 0.6 MB each."""


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
    """Measures images off the event loop; OpenCV and numpy let go of the interpreter while they compute."""

    def __init__(self, context: Context, pool: ThreadPoolExecutor, checks: tuple[Check, ...] = ()) -> None:
        self._context = context
        self._pool = pool
        self._checks = checks
        self._published = PublishedBefore(context.store, time.monotonic)
        self._logos: OrderedDict[str, BgraImage | None] = OrderedDict()

    async def draft(self, draft: Draft) -> None:
        """Measure a draft."""
        data = await self._image(draft.generation.image)
        around = Surroundings(
            await self._logo(draft.job.request.prompt.brand),
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
        data, candidate = await asyncio.gather(
            self._image(refinement.generation.image), self._image(refinement.job.candidate_image)
        )
        request = refinement.job.request
        around = Surroundings(
            await self._logo(request.prompt.brand),
            mask=await self._image(request.mask) if request.mask else None,
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
        """Tell the board of a draft that could not be measured."""
        await draft_failed(self._context, draft.job, error, draft.generation.price_usd)

    async def give_up_refinement(self, refinement: Refinement, error: Exception) -> None:
        """Tell the board of a refinement that could not be measured."""
        await refinement_failed(self._context, refinement.job, error, refinement.generation.price_usd)

    async def _image(self, image: ImageRef) -> bytes:
        data = await self._context.store.get(image.key)
        if data is None:
            raise StoreError(f"the image {image.key} is not in the object store", retryable=False)
        return data

    async def _logo(self, brand: BrandKit) -> BgraImage | None:
        """The brand's logo, decoded once for many images; None where it cannot be had or read."""
        image = brand.logo.image
        if image is None:
            return None
        if image.key not in self._logos:
            data = await self._context.store.get(image.key)
            self._logos[image.key] = decode_logo(data) if data is not None else None
            if len(self._logos) > LOGOS_KEPT:
                self._logos.popitem(last=False)
        return self._logos[image.key]

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
