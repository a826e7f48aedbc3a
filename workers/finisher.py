"""finishing: finish-jobs -> assets. Labels the renditions, closes the chain in a manifest, publishes once."""

from __future__ import annotations

import asyncio
from importlib.metadata import version

from infra import clock
from infra.kafka.guard import GaveUp, Handler
from infra.storage import records
from infra.storage.ledger import Ledger
from infra.storage.published import remember
from infra.storage.store import ObjectStore, save_blob
from schemas.assets import Asset, Manifest, RefinedStep, Rendition
from schemas.errors import StoreError
from schemas.generations import GenerationRecord
from schemas.refinements import DriftVerdict, FinishJob
from schemas.scorecards import Scorecard
from schemas.topics import ASSETS, FINISH_JOBS, FINISHED
from workers.finishing.labelling import label_jpeg, xmp
from workers.runtime.failing import finish_failed
from workers.runtime.worker import Context

SOFTWARE = f"Brushfire {version('brushfire')}"


async def set_up(context: Context) -> None:
    """Subscribe to the finish jobs of both kinds of lanes."""
    ledger = Ledger(context.store, clock.now)
    context.subscribe_lanes(FINISH_JOBS, finisher(context, ledger), gave_up=give_up(context))


def finisher(context: Context, ledger: Ledger) -> Handler:
    """The handler of a finish job."""

    async def finish(job: FinishJob) -> None:
        manifest = await records.read(context.store, records.manifest_key(job.job_id), Manifest)
        if manifest is None:
            manifest = await records.keep_manifest(context.store, await _assemble(context.store, ledger, job))
        asset = manifest.asset
        await remember(context.store, asset, manifest.draft_scorecard.signature)
        await context.bus.send(ASSETS, asset.campaign_id, asset)
        await context.bus.send(FINISHED, asset.brief_id, asset)
        await context.note(
            "asset-published",
            asset.asset_id,
            brief=asset.brief_id,
            parents=job.refinements,
            manifest=asset.manifest_key,
            renditions=[rendition.image.key for rendition in asset.renditions],
        )

    return finish


async def _assemble(store: ObjectStore, ledger: Ledger, job: FinishJob) -> Manifest:
    draft = await _record(ledger, job.candidate_id)
    verdicts = {verdict.job_id: verdict for verdict in job.drift}
    steps = [await _step(store, ledger, job_id, verdicts[job_id]) for job_id in job.refinements]
    renditions = await asyncio.gather(*(_rendition(store, job, step) for step in steps))
    asset = Asset(
        asset_id=job.job_id,
        brief_id=job.brief.brief_id,
        campaign_id=job.brief.campaign_id,
        signal_id=job.brief.signal.signal_id,
        candidate_id=job.candidate_id,
        topic=job.brief.signal.topic,
        renditions=tuple(renditions),
        manifest_key=records.manifest_key(job.job_id),
        price_usd=draft.price_usd + sum(step.generation.price_usd for step in steps),
        published_at=clock.now(),
    )
    return Manifest(
        asset=asset,
        brief=job.brief,
        draft=draft,
        draft_scorecard=await _scorecard(store, job.candidate_id),
        promotion=job.promotion,
        refinements=tuple(steps),
        software=SOFTWARE,
    )


async def _step(store: ObjectStore, ledger: Ledger, job_id: str, verdict: DriftVerdict) -> RefinedStep:
    return RefinedStep(
        generation=await _record(ledger, job_id), scorecard=await _scorecard(store, job_id), drift=verdict
    )


async def _rendition(store: ObjectStore, job: FinishJob, step: RefinedStep) -> Rendition:
    """The refined image, labelled. Only JPEG is labelled here; other types keep their makers' own credentials."""
    image = step.generation.image
    if image.media_type == "image/jpeg":
        data = await store.get(image.key)
        if data is None:
            raise StoreError(f"the refined image {image.key} is not in the object store", retryable=False)
        labelled = label_jpeg(data, xmp(step.generation.provider, job.job_id, SOFTWARE))
        key = await save_blob(store, labelled, image.media_type)
        image = image.model_copy(update={"key": key, "bytes": len(labelled)})
    return Rendition(form_name=step.scorecard.form_name, image=image, refinement_id=step.generation.job_id)


async def _record(ledger: Ledger, job_id: str) -> GenerationRecord:
    record = await ledger.done(job_id)
    if record is None:
        raise StoreError(f"the ledger has no result of {job_id}", retryable=False)
    return record


async def _scorecard(store: ObjectStore, job_id: str) -> Scorecard:
    card = await records.read(store, records.scorecard_key(job_id), Scorecard)
    if card is None:
        raise StoreError(f"there is no scorecard of {job_id}", retryable=False)
    return card


def give_up(context: Context) -> GaveUp:
    """Tell the board of an asset that will not come."""

    async def tell(job: FinishJob, error: Exception) -> None:
        await finish_failed(context, job, error)

    return tell
