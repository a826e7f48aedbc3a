"""A candidate's way through board, preparation, model and scorer, in one process and without a broker."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import cv2
import numpy as np

from bench.eye.handover_cases import UNKNOWN_MODEL, Case
from bench.pipeline.orders import sample_campaigns
from imaging.measures.brand.logo_matching import decode_logo
from imaging.pixels import BgraImage
from infra import clock
from infra.providers.base import Provider
from infra.providers.catalogue import open_registry
from infra.providers.composer import ComposerProvider
from infra.providers.registry import Registry
from infra.settings import Settings
from infra.storage import records
from infra.storage.ledger import Lease, Ledger
from infra.storage.memory_store import MemoryStore
from infra.storage.store import save_blob
from routing.brief.board import Board
from routing.brief.candidate import CandidateDiagnosis, diagnose
from routing.scoring.criteria import CRITERIA
from routing.scoring.score import overall
from schemas.campaigns import Campaign
from schemas.drafts import Draft
from schemas.generations import GenerationRecord, GenerationRequest
from schemas.images import ImageRef, Region, Size
from schemas.refinements import FinishJob, Handover, RefineJob, Refinement
from schemas.scorecards import Scorecard
from workers.refining.preparation import Preparation
from workers.scoring.cards import Surroundings, score_draft, score_refinement


@dataclass(frozen=True)
class Run:
    """The result of a case. `before` and `after` are of the measurement that decided, or sides in pixels."""

    case: Case
    finding: CandidateDiagnosis
    handover: Handover | None
    before: float = 0.0
    after: float = 0.0
    better_higher: bool = True
    passed_first: bool = False
    passed: bool = False
    reasons: tuple[str, ...] = ()

    @property
    def repaired(self) -> bool:
        """Whether what was wrong is better than before."""
        return self.after > self.before if self.better_higher else self.after < self.before

    @property
    def as_planted(self) -> bool:
        """Whether the diagnosis is that of the fault that was planted."""
        return self.finding.diagnosis == self.case.expected

    @property
    def way(self) -> str:
        """The operation, and what it edits."""
        if self.handover is None:
            return "not promoted"
        return f"{self.handover.operation} ({self.handover.edit})" if self.handover.edit else self.handover.operation

    def summary(self) -> str:
        """What went wrong, in a line."""
        moved = f"{self.finding.measurement or 'size'} {self.before:.2f} -> {self.after:.2f}"
        return f"{self.case.job.form.name} {self.finding.diagnosis}, {self.way}: {moved}; {'; '.join(self.reasons)}"


class Line:
    """The parts that a candidate passes."""

    def __init__(
        self, store: MemoryStore, registry: Registry, campaigns: list[Campaign], logos: dict[str, BgraImage]
    ) -> None:
        self.campaigns = campaigns
        self.logos = logos
        self._store = store
        self._registry = registry
        self._ledger = Ledger(store, clock.now)
        self._preparation = Preparation(store, self._ledger)
        self._artwork = logos

    @classmethod
    @asynccontextmanager
    async def opened(cls) -> AsyncIterator[Line]:
        """The line with the models that need no network."""
        store = MemoryStore()
        registry = open_registry(Settings(), store)
        campaigns = await sample_campaigns(store)
        logos: dict[str, BgraImage] = {}
        for campaign in campaigns:
            image = campaign.brand.logo.image
            data = await store.get(image.key) if image else None
            logo = decode_logo(data) if data else None
            if logo is not None:
                logos[campaign.campaign_id] = logo
        try:
            yield cls(store, registry, campaigns, logos)
        finally:
            await registry.close()

    @property
    def composer(self) -> ComposerProvider:
        """The composer."""
        provider = self._registry.provider("composer-refine")
        assert isinstance(provider, ComposerProvider)
        return provider

    async def run(self, case: Case) -> Run:
        """Take `case` from its scorecard to the board's verdict on its refinement."""
        draft, card = await self._scored(case)
        brief = case.brief
        board, _ = Board.new(brief.brief_id).apply(brief, clock.now())
        board, commands = board.apply(card, clock.now())
        jobs = [command for command in commands if isinstance(command, RefineJob)]
        finding = _finding(card)
        if not jobs:
            return Run(case, finding, None, reasons=("gated",))
        first, handover, passes, attempt = jobs[0], jobs[0].handover, [], jobs[0]
        refined = None
        while True:
            refined = await self._refined(attempt, card)
            board, commands = board.apply(refined, clock.now())
            passes.append(any(isinstance(command, FinishJob) for command in commands))
            again = [c for c in commands if isinstance(c, RefineJob) and c.candidate_id == first.candidate_id]
            if passes[-1] or not again:
                break
            attempt = again[0]
        before, after, higher = _change(finding, card, refined)
        reasons = () if passes[-1] else _verdict(board, commands)
        del draft
        return Run(case, finding, handover, before, after, higher, passes[0], passes[-1], reasons)

    async def _scored(self, case: Case) -> tuple[Draft, Scorecard]:
        data = cv2.imencode(".jpg", case.pixels, [cv2.IMWRITE_JPEG_QUALITY, 95])[1].tobytes()
        height, width = case.pixels.shape[:2]
        image = await self._saved(data, width, height)
        record = _record(case.job.request, image, case.regions, UNKNOWN_MODEL)
        await self._enter(record)
        draft = Draft(job=case.job, generation=record)
        around = Surroundings(logo=self.logos[case.brief.campaign_id])
        card = score_draft(draft, data, now=clock.now(), around=around)
        return draft, await records.keep_scorecard(self._store, card)

    async def _refined(self, job: RefineJob, candidate: Scorecard) -> Scorecard:
        prepared = await self._preparation.prepare(job)
        request = prepared.request
        provider: Provider = self._registry.provider(request.model)
        made = await provider.collect(await provider.submit(request))
        image = await self._saved(made.data, made.size.width, made.size.height)
        record = _record(request, image, made.regions or prepared.regions, request.model)
        await self._enter(record)
        refinement = Refinement(job=job.model_copy(update={"request": request}), generation=record)
        before = await self._store.get(candidate.image.key)
        assert before is not None
        mask = await self._store.get(request.mask.key) if request.mask else None
        around = Surroundings(logo=self.logos[job.campaign_id], mask=mask)
        card = score_refinement(refinement, made.data, before, now=clock.now(), around=around)
        return await records.keep_scorecard(self._store, card)

    async def _saved(self, data: bytes, width: int, height: int) -> ImageRef:
        key = await save_blob(self._store, data, "image/jpeg")
        return ImageRef(key=key, media_type="image/jpeg", size=Size(width=width, height=height), bytes=len(data))

    async def _enter(self, record: GenerationRecord) -> None:
        lease = await self._ledger.take(record.job_id)
        if isinstance(lease, Lease):
            await self._ledger.finish(lease, record)


def _record(request: GenerationRequest, image: ImageRef, regions: tuple[Region, ...], model: str) -> GenerationRecord:
    return GenerationRecord(
        job_id=request.job_id,
        operation=request.operation,
        model=model,
        model_version="1",
        provider="bench",
        provider_request_id=request.job_id,
        seed_sent=request.seed,
        seed_returned=None,
        strength=request.strength,
        references=request.references,
        mask=request.mask,
        edit=request.edit,
        prompt_version=request.prompt.version,
        prompt_text="",
        image=image,
        price_usd=0.0,
        started_at=clock.now(),
        seconds=0.0,
        regions=regions,
    )


def _finding(card: Scorecard) -> CandidateDiagnosis:
    return diagnose(card, overall(card))


def _change(finding: CandidateDiagnosis, before: Scorecard, after: Scorecard) -> tuple[float, float, bool]:
    """The deciding measurement on both cards, and whether more is better; sides in pixels where none decided."""
    name = finding.measurement
    was = next((m for m in before.measurements if m.name == name), None)
    now = after.value(name) if name else None
    if was is None or now is None:
        return float(before.image.size.height), float(after.image.size.height), True
    rising = was.better == "higher" or (was.better == "none" and _too_low(name, was.value))
    return was.value, now, rising


def _too_low(name: str, value: float) -> bool:
    """Whether a measurement that is best in the middle, as exposure, lies below it."""
    points = CRITERIA[name].points
    best = [point for point, merit in points if merit == max(m for _, m in points)]
    return value < float(np.mean(best))


def _verdict(board: Board, commands: object) -> tuple[str, ...]:
    rises = board.state.rises
    if rises:
        return (rises[0].reason,)
    outcome = board.state.outcome
    return (outcome.reason,) if outcome else (str(commands),)
