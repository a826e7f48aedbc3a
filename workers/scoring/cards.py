"""The scorecard of a draft and of a refinement: from bytes to numbers, without I/O, for a thread or a process pool."""

from __future__ import annotations

import gc
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

import cv2

from imaging.decode import decode
from imaging.measures import registry
from imaging.measures.brand.logo import FOUND
from imaging.measures.brand.logo_search import find_logo
from imaging.measures.check import Check
from imaging.measures.content import network
from imaging.measures.content.novelty import signature, sketch
from imaging.measures.drift.kept import kept_part
from imaging.measures.registry import measure, measure_drift
from imaging.measures.subject import Subject
from imaging.measures.text import reader
from imaging.pixels import BgraImage
from infra.programs.tesseract import TesseractReaders
from routing.prompting.parts import caption_of
from routing.scoring.novelty import novelty
from routing.scoring.score import broken_gates
from schemas.drafts import Draft, DraftJob
from schemas.generations import GenerationRecord
from schemas.images import Region
from schemas.refinements import RefineJob, Refinement
from schemas.scorecards import Scorecard, Signature

CHECKS: Final = registry.checks(novelty)
"""They measure every image, in this order."""
COSTLY_CHECKS: Final = registry.costly_checks(TesseractReaders())
"""They measure refinements, and drafts that can still win and whose model did not report its text."""


def prepare_process() -> None:
    """Call once in each process of a pool: one thread a process, for the pool already fills the cores."""
    cv2.setNumThreads(1)


def load_models() -> None:
    """Load all weights now and not at the first image.

    What is loaded by then lives as long as the process. Without the freeze the garbage collector walks through all of
    it again and again, which takes a millisecond of the average draft.
    """
    network.load()
    reader.load()
    gc.collect()
    gc.freeze()


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What an image is measured against beyond its job.

    `published` are the signatures of what the campaign published before, None where no one looked. `mask` is the PNG
    of an edit, whose transparent pixels were to be drawn again. `checks` are those by the user's own models: they are
    expensive, and measure refinements and drafts that can still win.
    """

    logo: BgraImage | None = None
    published: tuple[Signature, ...] | None = None
    mask: bytes | None = None
    checks: tuple[Check, ...] = ()


NOTHING: Final = Surroundings()


def score_draft(
    draft: Draft, data: bytes, *, now: datetime, seconds: float = 0.0, around: Surroundings = NOTHING
) -> Scorecard:
    """The scorecard of `draft`, whose image is `data`.

    Costly checks run only where the draft passes every gate, and those of the text only where its model did not report
    the text: what it set as type is read once it is refined.

    Args:
        draft: The draft with its job.
        data: The image as JPEG, PNG or WebP.
        now: The moment of the measurement.
        seconds: The time that it took; a caller that times this very call sets it afterwards with `model_copy`.
        around: What the image is measured against beyond its job.

    Raises:
        BadOutput: `data` is no image that can be measured.
    """
    job = draft.job
    subject = _subject(data, job, draft.generation.regions, around)
    sketched = sketch(subject)
    measurements = measure(subject, CHECKS)
    if not broken_gates(measurements):
        more = around.checks if subject.reports_text else (*COSTLY_CHECKS, *around.checks)
        measurements += measure(subject, more)
    return Scorecard(
        **_origin(job, draft.generation),
        subject="draft",
        candidate_id=job.job_id,
        measurements=measurements,
        text_read=subject.text_read,
        signature=signature(subject, sketched),
        weights=job.weights,
        measured_at=now,
        seconds=seconds,
    )


def score_refinement(
    refinement: Refinement,
    data: bytes,
    candidate: bytes,
    *,
    now: datetime,
    seconds: float = 0.0,
    around: Surroundings = NOTHING,
) -> Scorecard:
    """The scorecard of `refinement`, whose image is `data`, with its drift from the image `candidate`.

    All checks run: what is refined is about to be published. `now`, `seconds` and `around` are as in `score_draft`.

    Raises:
        BadOutput: `data` or `candidate` is no image that can be measured.
    """
    job, regions = refinement.job, refinement.generation.regions
    subject = _subject(data, job, regions, around)
    before = Subject.from_bytes(candidate, subject.palette, job.form)
    subject = replace(subject, expects_logo=_lost_logo_would_show(subject, before))
    measurements = measure(subject, (*CHECKS, *COSTLY_CHECKS, *around.checks))
    kept = kept_part(around.mask, job.request.edit, regions, subject.ratio)
    return Scorecard(
        **_origin(job, refinement.generation),
        subject="refinement",
        candidate_id=job.candidate_id,
        measurements=measurements,
        drift=measure_drift(subject, before, kept),
        text_read=subject.text_read,
        signature=signature(subject),
        measured_at=now,
        seconds=seconds,
    )


def _origin(job: DraftJob | RefineJob, generation: GenerationRecord) -> dict[str, Any]:
    """The fields of a scorecard that say what was measured."""
    return {
        "job_id": job.job_id,
        "brief_id": job.brief_id,
        "campaign_id": job.campaign_id,
        "lane": job.lane,
        "variant": job.variant,
        "form_name": job.form.name,
        "model": generation.model,
        "image": generation.image,
        "price_usd": generation.price_usd,
    }


def _lost_logo_would_show(subject: Subject, before: Subject) -> bool:
    """Whether the image that `subject` was made from shows the logo; False where its own place is reported anyway."""
    if subject.logo is None or subject.logo_boxes:
        return False
    found = find_logo(before.common, subject.logo)
    return found is not None and found.likeness >= FOUND


def _subject(data: bytes, job: DraftJob | RefineJob, regions: tuple[Region, ...], around: Surroundings) -> Subject:
    prompt = job.request.prompt
    wording = prompt.wording.as_told({region.role: region.text for region in regions if region.text})
    return Subject(
        decode(data),
        prompt.brand.palette,
        job.form,
        regions,
        wording,
        around.logo,
        around.published,
        asked_for=caption_of(prompt),
    )
