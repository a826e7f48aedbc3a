"""The scorecard of a draft and of a refinement: from bytes to numbers, without I/O, for a thread or a process pool."""

from __future__ import annotations

import gc
import os
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

import cv2

from imaging.decode import decode
from imaging.measures.banding import BandingCheck
from imaging.measures.brand.colour import BrandColourCheck
from imaging.measures.brand.logo import FOUND, LogoCheck, LogoSearchCheck
from imaging.measures.brand.logo_search import find_logo
from imaging.measures.check import Check
from imaging.measures.composition import CompositionCheck
from imaging.measures.compression import CompressionCheck
from imaging.measures.content import network
from imaging.measures.content.novelty import signature, sketch
from imaging.measures.content.nudity import NudityCheck
from imaging.measures.content.published import PublishedCheck
from imaging.measures.drift.content import ContentDrift
from imaging.measures.drift.identity import IdentityDrift
from imaging.measures.drift.kept import kept_part
from imaging.measures.drift.lettering import LetteringDrift
from imaging.measures.drift.structure_and_colour import Comparison, DriftCheck
from imaging.measures.faces import FacesCheck
from imaging.measures.subject import Subject
from imaging.measures.technical import TechnicalCheck
from imaging.measures.text import reader
from imaging.measures.text.clutter import ClutterCheck
from imaging.measures.text.contrast import TextContrastCheck
from imaging.measures.text.other_scripts import OtherScriptsCheck
from imaging.measures.text.wording import WordingCheck
from imaging.pixels import BgraImage, Mask
from routing.prompting.alignment import caption_of
from routing.scoring.score import broken_gates
from schemas.campaigns import Format
from schemas.drafts import Draft
from schemas.generations import GenerationRequest
from schemas.images import Region
from schemas.refinements import Refinement
from schemas.scorecards import Measurement, Scorecard, Signature

CHECKS: Final[tuple[Check, ...]] = (
    TechnicalCheck(), BandingCheck(), CompressionCheck(), CompositionCheck(), BrandColourCheck(), TextContrastCheck(),
    ClutterCheck(), LogoCheck(), NudityCheck(), PublishedCheck(),
)  # fmt: skip
"""Every image goes through all of them, in this order."""
COSTLY_CHECKS: Final[tuple[Check, ...]] = (WordingCheck(), OtherScriptsCheck(), FacesCheck(), LogoSearchCheck())
"""Only refinements, and drafts that can still win and whose text nobody told, go through these as well."""
DRIFT: Final = DriftCheck()
COMPARISONS: Final[tuple[Comparison, ...]] = (DRIFT, LetteringDrift(), ContentDrift(), IdentityDrift())
"""A refinement goes through all of them beside its candidate."""


def prepare_process() -> None:
    """Call once in each process of a pool: one thread a process, for the pool already fills the cores.

    The face detector reads OpenMP's variable when it is first asked, and with more threads waits by turning in circles.
    """
    cv2.setNumThreads(1)
    os.environ["OMP_NUM_THREADS"] = "1"


def load_models() -> None:
    """Load all weights now and not at the first image.

    What is loaded by then lives as long as the process: without the freeze, the collector of garbage looks through all
    of it again and again, which takes a millisecond of the average draft.
    """
    network.load()
    reader.load()
    gc.collect()
    gc.freeze()


def measure(subject: Subject, checks: tuple[Check, ...] = CHECKS) -> tuple[Measurement, ...]:
    """The measurements of `subject` by `checks`."""
    return tuple(measurement for check in checks for measurement in check.measure(subject))


def drift(refinement: Subject, candidate: Subject, kept: Mask | None = None) -> tuple[Measurement, ...]:
    """How far `refinement` left `candidate`, where the image was to be `kept` (None: all of it)."""
    return tuple(found for comparison in COMPARISONS for found in comparison.measure(refinement, candidate, kept))


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What an image is measured against beyond its job: the logo's artwork (BGRA), and what was published before.

    `mask` is the PNG of an edit, whose transparent pixels were to be drawn anew. `checks` are those by the user's own
    models: they cost much, and run on refinements and on drafts that can still win.
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

    `now` is the moment and `seconds` the time that the caller states; one that times this very call
    sets `seconds` afterwards with `model_copy`. Costly checks run only where the draft passes every gate, and those
    of the text only where its model did not tell where it stands: what it set as type is read once it is refined.

    Raises:
        BadOutput: `data` is no image that can be measured.
    """
    job = draft.job
    subject = _subject(data, job.request, job.form, draft.generation.regions, around)
    sketched = sketch(subject)
    measurements = measure(subject)
    if not broken_gates(measurements):
        more = around.checks if subject.tells_text else (*COSTLY_CHECKS, *around.checks)
        measurements += measure(subject, more)
    return Scorecard(
        subject="draft",
        job_id=job.job_id,
        brief_id=job.brief_id,
        campaign_id=job.campaign_id,
        lane=job.lane,
        candidate_id=job.job_id,
        variant=job.variant,
        form_name=job.form.name,
        model=draft.generation.model,
        image=draft.generation.image,
        price_usd=draft.generation.price_usd,
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

    `now` and `seconds` are as in `score_draft`. All checks run: what is refined is about to be published.

    Raises:
        BadOutput: `data` or `candidate` is no image that can be measured.
    """
    job = refinement.job
    subject = _subject(data, job.request, job.form, refinement.generation.regions, around)
    before = Subject.from_bytes(candidate, subject.palette, job.form)
    subject = replace(subject, expects_logo=_lost_logo_would_show(subject, before))
    measurements = measure(subject, (*CHECKS, *COSTLY_CHECKS, *around.checks))
    kept = kept_part(around.mask, job.request.edit, refinement.generation.regions, subject.ratio)
    return Scorecard(
        subject="refinement",
        job_id=job.job_id,
        brief_id=job.brief_id,
        campaign_id=job.campaign_id,
        lane=job.lane,
        candidate_id=job.candidate_id,
        variant=job.variant,
        form_name=job.form.name,
        model=refinement.generation.model,
        image=refinement.generation.image,
        price_usd=refinement.generation.price_usd,
        measurements=measurements,
        drift=drift(subject, before, kept),
        text_read=subject.text_read,
        signature=signature(subject),
        measured_at=now,
        seconds=seconds,
    )


def _lost_logo_would_show(subject: Subject, before: Subject) -> bool:
    """Whether the image that `subject` was made from shows the logo; False where its own place is told anyway."""
    if subject.logo is None or subject.logo_boxes:
        return False
    found = find_logo(before.common, subject.logo)
    return found is not None and found.likeness >= FOUND


def _subject(
    data: bytes, request: GenerationRequest, form: Format, regions: tuple[Region, ...], around: Surroundings
) -> Subject:
    prompt = request.prompt
    wording = prompt.wording.as_told({region.role: region.text for region in regions if region.text})
    subject = Subject(decode(data), prompt.brand.palette, form, regions, wording, around.logo, around.published)
    return replace(subject, asked_for=caption_of(prompt))
