"""The scorecard of a draft and of a refinement: from bytes to numbers, without I/O, for a thread or a process pool."""

from __future__ import annotations

from datetime import datetime
from typing import Final

import cv2

from schemas.drafts import Draft
from schemas.refinements import Refinement
from schemas.scorecards import Measurement, Scorecard
from workers.scoring.banding import BandingCheck
from workers.scoring.brand_colour import BrandColourCheck
from workers.scoring.check import Check
from workers.scoring.clutter import ClutterCheck
from workers.scoring.composition import CompositionCheck
from workers.scoring.compression import CompressionCheck
from workers.scoring.drift import DriftCheck
from workers.scoring.faces import FacesCheck
from workers.scoring.logo import LogoCheck
from workers.scoring.novelty import signature
from workers.scoring.nudity import NudityCheck
from workers.scoring.published import PublishedCheck
from workers.scoring.subject import Subject
from workers.scoring.technical import TechnicalCheck
from workers.scoring.text_contrast import TextContrastCheck
from workers.scoring.wording import WordingCheck

CHECKS: Final[tuple[Check, ...]] = (
    TechnicalCheck(), BandingCheck(), CompressionCheck(), CompositionCheck(), BrandColourCheck(), TextContrastCheck(),
    ClutterCheck(), LogoCheck(), NudityCheck(), PublishedCheck(),
)  # fmt: skip
"""Every picture goes through all of them, in this order."""
COSTLY_CHECKS: Final[tuple[Check, ...]] = (WordingCheck(), FacesCheck())
"""Only refinements, and drafts that can still win and whose text nobody told, go through these as well."""
DRIFT: Final = DriftCheck()


def prepare_process() -> None:
    """Call once in each process of a pool: one thread a process, for the pool already fills the cores."""
    cv2.setNumThreads(1)


def measure(subject: Subject) -> tuple[Measurement, ...]:
    """All measurements of `subject`."""
    return tuple(measurement for check in CHECKS for measurement in check.measure(subject))


def score_draft(draft: Draft, data: bytes, *, now: datetime, seconds: float = 0.0) -> Scorecard:
    """The scorecard of `draft`, whose picture is `data`.

    `now` is the moment and `seconds` the time that the caller states; one that times this very call
    sets `seconds` afterwards with `model_copy`.

    Raises:
        BadOutput: `data` is no picture that can be measured.
    """
    job = draft.job
    subject = Subject.from_bytes(data, job.request.prompt.brand.palette, job.form, draft.generation.regions)
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
        measurements=measure(subject),
        signature=signature(subject),
        measured_at=now,
        seconds=seconds,
    )


def score_refinement(
    refinement: Refinement, data: bytes, candidate: bytes, *, now: datetime, seconds: float = 0.0
) -> Scorecard:
    """The scorecard of `refinement`, whose picture is `data`, with its drift from the picture `candidate`.

    `now` and `seconds` are as in `score_draft`.

    Raises:
        BadOutput: `data` or `candidate` is no picture that can be measured.
    """
    job = refinement.job
    palette = job.request.prompt.brand.palette
    subject = Subject.from_bytes(data, palette, job.form, refinement.generation.regions)
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
        measurements=measure(subject),
        drift=DRIFT.measure(subject, Subject.from_bytes(candidate, palette, job.form)),
        signature=signature(subject),
        measured_at=now,
        seconds=seconds,
    )
