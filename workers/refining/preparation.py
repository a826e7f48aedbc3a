"""From a refine job to the request of its model: the source's parameters, the regions of its image, and the mask."""

from __future__ import annotations

import asyncio
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Final

import cv2
import numpy as np

from imaging.pixels import BgrImage
from infra.storage import records
from infra.storage.ledger import Ledger
from infra.storage.store import ObjectStore, save_blob
from schemas.errors import InvalidRequest, StoreError
from schemas.generations import Edit, EditTarget, GenerationRecord, GenerationRequest, Prompt
from schemas.images import ImageRef, Region, Role, Size
from schemas.refinements import RefineJob
from schemas.scorecards import ReadText, Scorecard
from workers.refining.masks import background_mask, copy_mask, encode_mask

_PNG: Final = "image/png"
_IN_PLACE: Final = frozenset({"upscale", "relight"})
_MEANT: Final = 0.6
"""A read line is a line of the copy if this share of its letters is in that line, in order; it may be misspelt."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """A request, and the regions of its image where the model does not report any.

    They are those of the image it starts from; empty where the operation moves things.
    """

    request: GenerationRequest
    regions: tuple[Region, ...]


class Preparation:
    """Completes the request of a refine job. The same job always gives the same request."""

    def __init__(self, store: ObjectStore, ledger: Ledger) -> None:
        self._store = store
        self._ledger = ledger

    async def prepare(self, job: RefineJob) -> Prepared:
        """Complete the request of `job` with its source's parameters and, for an edit, regions and mask.

        Raises:
            StoreError: an image or record that the job names cannot be read.
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
        """The regions that the model reported, or else the lines that were read in its image."""
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
    """Whether copy is to be set where there is none, so that nothing has to be erased."""
    return edit.target == "copy" and not any(region.text for region in edit.regions)


def draw_mask(data: bytes, target: EditTarget, regions: tuple[Region, ...]) -> tuple[bytes, Size]:
    """The mask for an edit of the encoded image `data`: a PNG, and its size in pixels.

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


def regions_of(lines: Iterable[ReadText], prompt: Prompt) -> tuple[Region, ...]:
    """`lines` as regions, each with the role of the copy that it was meant to be, or of the brand's name.

    What is neither gets the role of a line: no ad asked for it.
    """
    wanted = _wanted(prompt)
    return tuple(Region(role=_role(_plain(line.text), wanted), box=line.box, text=line.text) for line in lines)


def _wanted(prompt: Prompt) -> dict[Role, str]:
    words = prompt.wording
    texts: dict[Role, str] = {
        "headline": words.headline,
        "line": words.line,
        "call_to_action": words.call_to_action,
        "legal": words.legal,
        "logo": prompt.brand.name,
    }
    return {role: _plain(text) for role, text in texts.items() if _plain(text)}


def _role(read: str, wanted: dict[Role, str]) -> Role:
    likeness = {role: _likeness(read, text) for role, text in wanted.items()}
    best = max(likeness, key=lambda role: likeness[role], default=None)
    return best if best is not None and likeness[best] >= _MEANT else "line"


def _likeness(read: str, wanted: str) -> float:
    """The share of `read` that is in `wanted`; a short line of copy inside a long one counts for less."""
    matched = sum(block.size for block in SequenceMatcher(None, read, wanted, autojunk=False).get_matching_blocks())
    return matched / max(len(read), min(len(wanted), 2 * len(read)), 1)


def _plain(text: str) -> str:
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(character for character in folded if character.isalnum())
