"""Finisher: finish-jobs -> assets. Labels the renditions, writes the manifest, publishes the asset once."""

from __future__ import annotations

from infra import clock
from infra.storage import records
from infra.storage.ledger import Ledger
from infra.storage.published import remember
from schemas.assets import Manifest
from schemas.refinements import FinishJob
from schemas.topics import ASSETS, FINISH_JOBS, FINISHED
from workers.finishing.assembly import assemble
from workers.runtime.failing import finish_failed
from workers.runtime.worker import Context


async def set_up(context: Context) -> None:
    """Subscribe to the finish jobs of both kinds of lanes."""
    finisher = Finisher(context, Ledger(context.store, clock.now))
    context.subscribe_lanes(FINISH_JOBS, finisher.finish, gave_up=finisher.give_up)


class Finisher:
    """Publishes assets."""

    def __init__(self, context: Context, ledger: Ledger) -> None:
        self._context = context
        self._ledger = ledger

    async def finish(self, job: FinishJob) -> None:
        """Publish the asset of `job`. A redelivered job publishes the manifest that was written first."""
        store, bus = self._context.store, self._context.bus
        manifest = await records.read(store, records.manifest_key(job.job_id), Manifest)
        if manifest is None:
            manifest = await records.keep_manifest(store, await assemble(store, self._ledger, job))
        asset = manifest.asset
        await remember(store, asset, manifest.draft_scorecard.signature)
        await bus.send(ASSETS, asset.campaign_id, asset)
        await bus.send(FINISHED, asset.brief_id, asset)
        await self._context.note(
            "asset-published",
            asset.asset_id,
            brief=asset.brief_id,
            parents=job.refinements,
            manifest=asset.manifest_key,
            renditions=[rendition.image.key for rendition in asset.renditions],
        )

    async def give_up(self, job: FinishJob, error: Exception) -> None:
        """Report an asset that will not be published to the board of its brief."""
        await finish_failed(self._context, job, error)
