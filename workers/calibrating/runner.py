"""Draws a golden set with one version of a model. Each image is paid once and measured as the scorer measures it."""

from __future__ import annotations

import asyncio
import math
from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Final

from infra.storage.store import ObjectStore
from routing.calibration.golden import Trial, draft_trials, refine_trials
from routing.money.prices import estimate
from schemas.calibration import Calibration, ModelVersion
from schemas.drafts import Draft
from schemas.errors import BudgetExceeded, ProviderError
from schemas.generations import GenerationRecord
from schemas.golden import GoldenRun, GoldenSet
from schemas.refinements import RefineJob, Refinement
from schemas.scorecards import Scorecard
from workers.generation.generator import Generated, Generator
from workers.scoring.cards import Surroundings, score_draft, score_refinement
from workers.scoring.stored import Logos, stored_image

TRIES: Final = 3
"""Attempts for an image: one that fails three times, for reasons that may pass, counts as failed."""
WAIT_SECONDS: Final = 2.0
_TOLERANCE_USD: Final = 1e-9


class _NoMoney(BudgetExceeded):
    """The limit of all runs is reached. It ends the run, where other errors fail one image."""


@dataclass(frozen=True, slots=True)
class TrialResult:
    """The measured image of a trial, or the reason why there is none."""

    card: Scorecard | None
    spent_usd: float
    failure: str = ""
    version: str = ""


class GoldenRunner:
    """Draws and measures golden sets, `slots` images at a time.

    An image whose estimated price would take the sum of all runs above `limit_usd` is not requested, and
    `BudgetExceeded` is raised. Images in flight may still cost more than estimated.
    """

    def __init__(self, generator: Generator, store: ObjectStore, slots: int = 4) -> None:
        self.limit_usd = math.inf
        self._claimed = 0.0
        self._generator = generator
        self._store = store
        self._slots = asyncio.Semaphore(slots)
        self._logos = Logos(store)

    async def drafts(
        self,
        golden: GoldenSet,
        subject: ModelVersion,
        now: datetime,
        *,
        salt: int = 0,
        proposal: Calibration | None = None,
    ) -> GoldenRun:
        """All drafts of `golden` by `subject`, with the prompts of `proposal`.

        The `salt` selects the seeds. A run with the same salt finds its images in the ledger and pays nothing.
        """
        trials = draft_trials(golden, subject, salt=salt, proposal=proposal)
        return await self._run(golden, subject, trials, now)

    async def refinements(
        self, golden: GoldenSet, subject: ModelVersion, now: datetime, *, salt: int = 0, strength: float = 1.0
    ) -> GoldenRun:
        """The accepted candidates of `golden` refined by `subject`, at `strength` times their strengths."""
        return await self._run(golden, subject, refine_trials(golden, subject, salt=salt, strength=strength), now)

    async def _run(
        self, golden: GoldenSet, subject: ModelVersion, trials: tuple[Trial, ...], now: datetime
    ) -> GoldenRun:
        made = await asyncio.gather(*(self._make(trial, now) for trial in trials))
        return GoldenRun(
            model=subject.model,
            version=subject.version,
            golden=golden.golden_id,
            cards=tuple(one.card for one in made if one.card is not None),
            failed=dict(Counter(one.failure for one in made if one.failure)),
            answered=tuple(sorted({one.version for one in made if one.version})),
            spent_usd=sum(one.spent_usd for one in made),
            made_at=now,
        )

    async def _make(self, trial: Trial, now: datetime) -> TrialResult:
        spent = 0.0
        for left in reversed(range(TRIES)):
            try:
                async with self._slots:
                    generated = await self._paid(trial)
                price = 0.0 if generated.repeated else generated.record.price_usd
                return await self._measured(trial, generated.record, now, spent + price)
            except _NoMoney:
                raise
            except ProviderError as error:
                spent += error.spent_usd
                if not (error.retryable and left):
                    return TrialResult(None, spent, f"{type(error).__name__}: {error}"[:200])
                await asyncio.sleep(WAIT_SECONDS)
        raise AssertionError("the last try returns")

    async def _paid(self, trial: Trial) -> Generated:
        """The image. Its estimate is reserved while it is made, then replaced by its real cost."""
        price = estimate(self._generator.registry.card(trial.request.model).prices, trial.request)
        if self._claimed + price > self.limit_usd + _TOLERANCE_USD:
            raise _NoMoney(
                f"the images cost more than estimated: ${self._claimed:.2f} of ${self.limit_usd:.2f} are spent or "
                "in flight. Raise --max-usd; on a running stack what is paid already is not paid again"
            )
        self._claimed += price
        cost = 0.0
        try:
            generated = await self._generator.generate(trial.request)
            cost = 0.0 if generated.repeated else generated.record.price_usd
        except ProviderError as error:
            cost = error.spent_usd
            raise
        finally:
            self._claimed += cost - price
        return generated

    async def _measured(self, trial: Trial, record: GenerationRecord, now: datetime, spent: float) -> TrialResult:
        data = await stored_image(self._store, record.image.key)
        around = Surroundings(await self._logos.of(trial.request.prompt.brand), published=None)
        if isinstance(trial.job, RefineJob):
            candidate = await stored_image(self._store, trial.job.candidate_image.key)
            refinement = Refinement(job=trial.job, generation=record)
            work = partial(score_refinement, refinement, data, candidate, now=now, around=around)
        else:
            work = partial(score_draft, Draft(job=trial.job, generation=record), data, now=now, around=around)
        card = await asyncio.to_thread(work)
        return TrialResult(card, spent, version=record.model_version)
