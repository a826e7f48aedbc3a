"""Refiner: refine-jobs -> refinements. Makes the flagship images of promoted candidates, each paid once."""

from __future__ import annotations

from infra import clock
from infra.storage.ledger import Ledger
from schemas.refinements import RefineJob, Refinement
from schemas.topics import REFINE_JOBS, REFINEMENTS, for_lane
from workers.generation.generator import FINAL, Generator, open_generator
from workers.refining.preparation import Preparation
from workers.runtime.failing import refinement_failed
from workers.runtime.worker import Context


async def set_up(context: Context) -> None:
    """Subscribe to the refine jobs of both kinds of lanes."""
    preparation = Preparation(context.store, Ledger(context.store, clock.now))
    refiner = Refiner(context, await open_generator(context), preparation)
    context.subscribe_lanes(REFINE_JOBS, refiner.refine, gave_up=refiner.give_up)


class Refiner:
    """Makes refinements."""

    def __init__(self, context: Context, generator: Generator, preparation: Preparation) -> None:
        self._context = context
        self._generator = generator
        self._preparation = preparation

    async def refine(self, job: RefineJob) -> None:
        """Make the image of `job`. A refused or impossible request is reported, not retried."""
        try:
            prepared = await self._preparation.prepare(job)
            request = prepared.request
            generated = await self._generator.generate_for(job.model_copy(update={"request": request}))
        except FINAL as error:
            await self.give_up(job, error)
            return
        record = generated.record
        done = job.model_copy(update={"request": request.model_copy(update={"parameters": {}})})
        located = record if record.regions else record.model_copy(update={"regions": prepared.regions})
        refinement = Refinement(job=done, generation=located)
        await self._context.bus.send(for_lane(REFINEMENTS, job.lane), job.job_id, refinement)
        await self._context.note(
            "refinement-made",
            job.job_id,
            brief=job.brief_id,
            parents=(job.candidate_id,),
            form=job.form.name,
            model=record.model,
            seed_sent=record.seed_sent,
            operation=record.operation,
            diagnosis=job.handover.diagnosis,
            strength=record.strength,
            edit=job.handover.edit,
            changes=list(record.changes),
            mask=record.mask.key if record.mask else None,
            image=record.image.key,
            price_usd=record.price_usd,
            repeated=generated.repeated,
            claim=generated.claim,
        )

    async def give_up(self, job: RefineJob, error: Exception) -> None:
        """Report a refinement that will not be made to its board, which then promotes the next-best candidate."""
        await refinement_failed(self._context, job, error)
