"""A refine job's request: what its source's record tells, and the mask of an edit."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np

from infra import clock
from infra.storage import records
from infra.storage.ledger import Lease, Ledger
from infra.storage.memory_store import MemoryStore
from infra.storage.store import save_blob
from schemas.generations import EditTarget, GenerationRecord
from schemas.images import Box, ImageRef, Region, Size
from schemas.refinements import Handover, RefineJob
from schemas.scorecards import ReadText
from tests.support.factories import make_draft, make_refine_job, make_scorecard
from workers.refining.preparation import Preparation

HEADLINE = Region(role="headline", box=Box(left=0.1, top=0.1, right=0.6, bottom=0.3), text="Fresh today")


async def stored(store: MemoryStore) -> ImageRef:
    done, data = cv2.imencode(".png", np.full((40, 60, 3), 90, np.uint8))
    assert done
    key = await save_blob(store, data.tobytes(), "image/png")
    return ImageRef(key=key, media_type="image/png", size=Size(width=60, height=40), bytes=len(data))


def edited(job: RefineJob, target: EditTarget, source: ImageRef, **changes: Any) -> RefineJob:
    handover = Handover(operation="masked-edit", strength=None, edit=target, reason="to be edited")
    request = job.request.model_copy(update={"operation": "masked-edit", "references": (source,), **changes})
    return job.model_copy(update={"handover": handover, "request": request})


async def enter(store: MemoryStore, record: GenerationRecord) -> Ledger:
    ledger = Ledger(store, clock.now)
    lease = await ledger.take(record.job_id)
    assert isinstance(lease, Lease)
    await ledger.finish(lease, record)
    return ledger


async def test_the_request_gets_the_parameters_of_its_source() -> None:
    store, draft, job = MemoryStore(), make_draft(), make_refine_job()
    record = draft.generation.model_copy(update={"job_id": job.source_id, "parameters": {"scene": 7}})
    request = (await Preparation(store, await enter(store, record)).prepare(job)).request
    assert request.parameters == {"scene": 7}
    assert request.mask is None
    assert request.edit is None


async def test_an_edit_of_copy_gets_the_regions_that_the_model_reported_and_a_mask() -> None:
    store = MemoryStore()
    source = await stored(store)
    job = edited(make_refine_job(), "copy", source)
    record = make_draft().generation.model_copy(update={"job_id": job.source_id, "regions": (HEADLINE,)})
    preparation = Preparation(store, await enter(store, record))
    request = (await preparation.prepare(job)).request
    assert request.edit is not None
    assert request.edit.regions == (HEADLINE,)
    assert request.mask is not None
    assert request.mask.size == source.size
    data = await store.get(request.mask.key)
    assert data is not None
    alpha = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED)[..., 3]
    assert alpha[8, 20] == 0
    assert alpha[30, 50] == 255
    assert (await preparation.prepare(job)).request == request, "the same job gave another request"


async def test_read_lines_replace_regions_that_no_model_reported() -> None:
    store = MemoryStore()
    source = await stored(store)
    draft = make_draft()
    job = edited(make_refine_job(draft=draft), "copy", source).model_copy(update={"source_id": draft.job.job_id})
    line = ReadText(box=HEADLINE.box, text="Fersh todya", confidence=0.7)
    await records.keep_scorecard(store, make_scorecard(draft, text_read=(line,)))
    request = (await Preparation(store, Ledger(store, clock.now)).prepare(job)).request
    assert request.edit is not None
    assert [(region.role, region.text) for region in request.edit.regions] == [("line", "Fersh todya")]
    assert request.mask is not None


async def test_copy_that_is_nowhere_yet_is_set_without_a_mask() -> None:
    store = MemoryStore()
    job = edited(make_refine_job(), "copy", await stored(store))
    request = (await Preparation(store, Ledger(store, clock.now)).prepare(job)).request
    assert request.edit is not None
    assert request.mask is None


async def test_a_background_gets_a_mask_without_any_region() -> None:
    store = MemoryStore()
    job = edited(make_refine_job(), "background", await stored(store))
    request = (await Preparation(store, Ledger(store, clock.now)).prepare(job)).request
    assert request.mask is not None


async def test_an_operation_in_place_keeps_the_regions_of_its_source() -> None:
    store, job = MemoryStore(), make_refine_job()
    record = make_draft().generation.model_copy(update={"job_id": job.source_id, "regions": (HEADLINE,)})
    preparation = Preparation(store, await enter(store, record))
    enlarged = job.model_copy(update={"request": job.request.model_copy(update={"operation": "upscale"})})
    assert (await preparation.prepare(enlarged)).regions == (HEADLINE,)
    assert (await preparation.prepare(job)).regions == ()
