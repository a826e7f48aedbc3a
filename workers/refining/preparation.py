"""From a refine job to the request that its model gets: what the draft's model told, the regions, the mask."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np

from imaging.pixels import BgrImage
from infra.storage import records
from infra.storage.ledger import Ledger
from infra.storage.store import ObjectStore, save_blob
from schemas.errors import InvalidRequest, StoreError
from schemas.generations import Edit, EditTarget, GenerationRecord, GenerationRequest
from schemas.images import ImageRef, Region, Size
from schemas.refinements import RefineJob
from schemas.scorecards import Scorecard
from workers.refining.masks import background_mask, copy_mask, encode_mask
from workers.refining.reading import regions_of

_PNG: Final = "image/png"
_IN_PLACE: Final = frozenset({"upscale", "relight"})


@dataclass(frozen=True, slots=True)
class Prepared:
    """A request, and where things will stand in its image if the model does not tell: as in the one it starts from.

    `regions` is empty where the operation moves things.
    """

    request: GenerationRequest
    regions: tuple[Region, ...]


class Preparation:
    """Fills in what a job's message leaves to its workers; the same job gives the same request, however often."""

    def __init__(self, store: ObjectStore, ledger: Ledger) -> None:
        self._store = store
        self._ledger = ledger

    async def prepare(self, job: RefineJob) -> Prepared:
        """The request of `job`, with its source's parameters and, for an edit, regions and mask.

        Raises:
            StoreError: an image or record that the job names cannot be had.
            InvalidRequest: the image to edit cannot be read.
        """
        source = await self._ledger.done(job.source_id)
        request = job.request
        if source is not None:
            request = request.model_copy(update={"parameters": source.parameters})
        stays = source is not None and (request.operation in _IN_PLACE or job.handover.edit == "background")
        return Prepared(await self._edited(job, request, source), source.regions if source and stays else ())

    async def _edited(
        self, job: RefineJob, request: GenerationRequest, source: GenerationRecord | None
    ) -> GenerationRequest:
        target = job.handover.edit
        if target is None or not request.references:
            return request
        edit = Edit(target=target, regions=await self._regions(job, source))
        mask = None
        if request.operation == "masked-edit" and not _nothing_to_erase(edit):
            mask = await self._mask(request.references[0], edit)
        return request.model_copy(update={"edit": edit, "mask": mask})

    async def _regions(self, job: RefineJob, source: GenerationRecord | None) -> tuple[Region, ...]:
        """What the model told of its image, or else the lines that were read in it."""
        if source is not None and source.regions:
            return source.regions
        card = await records.read(self._store, records.scorecard_key(job.source_id), Scorecard)
        return regions_of(card.text_read, job.request.prompt) if card is not None else ()

    async def _mask(self, reference: ImageRef, edit: Edit) -> ImageRef:
        data = await self._store.get(reference.key)
        if data is None:
            raise StoreError(f"the image {reference.key} is not in the object store", retryable=False)
        png, size = await asyncio.to_thread(draw_mask, data, edit.target, edit.regions)
        key = await save_blob(self._store, png, _PNG)
        return ImageRef(key=key, media_type=_PNG, size=size, bytes=len(png))


def _nothing_to_erase(edit: Edit) -> bool:
    """Whether copy is to be set where none stands: no part of the image is in its way."""
    return edit.target == "copy" and not any(region.text for region in edit.regions)


def draw_mask(data: bytes, target: EditTarget, regions: tuple[Region, ...]) -> tuple[bytes, Size]:
    """The mask for an edit of the encoded image `data`: a PNG, and its size.

    Raises:
        InvalidRequest: `data` is no image.
    """
    bgr = cv2.imdecode(np.frombuffer(data, dtype=np.uint8), cv2.IMREAD_COLOR)
    if bgr is None:
        raise InvalidRequest("the image to edit cannot be read")
    height, width = bgr.shape[:2]
    pixels = BgrImage(np.asarray(bgr, dtype=np.uint8))
    kept = copy_mask(pixels, regions) if target == "copy" else background_mask(pixels, regions)
    return encode_mask(kept), Size(width=width, height=height)
