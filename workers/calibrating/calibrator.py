"""Calibrates a version of a model: compares its golden run with an earlier version's, and proposes a correction."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from infra.providers.registry import Registry
from infra.storage import calibrations
from infra.storage.calibrations import Kind
from infra.storage.store import ObjectStore
from routing.calibration.comparison import bar_of
from routing.calibration.golden import draft_trials, refine_trials
from routing.calibration.proposal import (  # fmt: skip
    STRENGTHS,
    choose_better,
    choose_strength,
    propose,
    suggested_emphasis,
)
from routing.money.prices import estimate
from routing.prompting.dialects import dialect_of
from schemas.calibration import Calibration, CalibrationReport, Canary, DialectName, ModelVersion
from schemas.errors import BudgetExceeded, InvalidRequest
from schemas.generations import ModelCard
from schemas.golden import GoldenRun, GoldenSet
from workers.calibrating.runner import GoldenRunner
from workers.calibrating.versions import entry_of, required_entry


@dataclass(frozen=True, slots=True)
class CalibrationOptions:
    """What to calibrate, and how.

    Attributes:
        subject: The version to calibrate.
        against: The version of the same model to compare with; None: the newest run of another version.
        dialects: Prompt dialects to try besides the model's own.
        canary: Share (0 to 1) of the earlier version's drafts that this version is to draw; None: no canary.
        limit_usd: The most that the images may cost, in US dollars.
        dry_run: Compare and report, but store nothing.
    """

    subject: ModelVersion
    against: str | None = None
    dialects: tuple[DialectName, ...] = ()
    canary: float | None = None
    limit_usd: float = 5.0
    dry_run: bool = False


class Calibrator:
    """Calibrates versions on one golden set."""

    def __init__(self, registry: Registry, runner: GoldenRunner, store: ObjectStore, golden: GoldenSet) -> None:
        self._registry = registry
        self._runner = runner
        self._store = store
        self._golden = golden
        self._spent = 0.0
        self._limit = 0.0

    async def calibrate(self, options: CalibrationOptions, now: datetime) -> CalibrationReport | None:
        """Calibrate and report; the report is stored and in force unless `options` ask for a dry run.

        Returns:
            The report; None for the first run of a golden set, with which nothing can be compared yet.

        Raises:
            InvalidRequest: The catalogue lists no such version, or nothing can be compared.
            BudgetExceeded: The images would cost more than the options allow.
        """
        card = required_entry(self._registry, options.subject)
        subject = ModelVersion(model=card.name, version=card.version)
        kind: Kind = "refinements" if self._refines(card) else "drafts"
        self._check_canary(options, card)
        self._afford(options, card, kind)
        before = await self._before(options, card, kind, now)
        after = await self._run(subject, kind, now)
        if not options.dry_run:
            await calibrations.keep_run(self._store, after, kind)
        if before is None:
            return None
        report = await self._proposal(options, card, before, after, now)
        report = report.model_copy(update={"spent_usd": self._spent})
        if options.dry_run:
            return report
        kept = await calibrations.keep(self._store, report)
        if options.canary is not None and kept.verdict != "beyond-repair":
            await self._start_canary(options, kept)
        return kept

    async def _proposal(
        self, options: CalibrationOptions, card: ModelCard, before: GoldenRun, after: GoldenRun, now: datetime
    ) -> CalibrationReport:
        try:
            if after.cards[0].subject == "refinement":
                return await self._refine_proposal(card, before, after, now)
            return await self._draft_proposal(options, card, before, after, bar_of(before.cards), now)
        except ValueError as error:
            raise InvalidRequest(str(error)) from error

    async def _draft_proposal(
        self,
        options: CalibrationOptions,
        card: ModelCard,
        before: GoldenRun,
        after: GoldenRun,
        bar: float,
        now: datetime,
    ) -> CalibrationReport:
        subject = ModelVersion(model=after.model, version=after.version)
        base = Calibration(model=after.model, version=after.version)
        others = {
            name: await self._run(subject, "drafts", now, base.model_copy(update={"dialect": name}))
            for name in options.dialects
            if name != dialect_of(card.name)
        }
        better = choose_better(after, others, bar)
        if better is not None:
            base, after = base.model_copy(update={"dialect": better}), others[better]
        report = propose(before, after, bar, now, base=base)
        said = suggested_emphasis(report, after.cards)
        if not said or dialect_of(card.name) is None or not self._pays(card, "drafts"):
            return report
        base = base.model_copy(update={"emphasis": said})
        again = await self._run(subject, "drafts", now, base)
        helped = choose_better(after, {said: again}, bar) is not None
        return propose(before, again, bar, now, base=base) if helped else report

    async def _refine_proposal(
        self, card: ModelCard, before: GoldenRun, after: GoldenRun, now: datetime
    ) -> CalibrationReport:
        """Tries gentler strengths first: a strength that keeps to the limits is better than wider limits."""
        report = propose(before, after, 0.0, now)
        if report.verdict == "same":
            return report
        subject = ModelVersion(model=after.model, version=after.version)
        runs = {1.0: after}
        for share in STRENGTHS[1:]:
            if not self._pays(card, "refinements"):
                break
            runs[share] = await self._run(subject, "refinements", now, strength=share)
        chosen = choose_strength(before.cards, {share: run.cards for share, run in runs.items()}, 0.0)
        base = Calibration(model=after.model, version=after.version, strength=chosen)
        return propose(before, runs[chosen], 0.0, now, base=base)

    async def _before(
        self, options: CalibrationOptions, card: ModelCard, kind: Kind, now: datetime
    ) -> GoldenRun | None:
        """The run to compare with: the stored one, or a new one where the catalogue still lists that version."""
        golden = self._golden.golden_id
        if options.against is None:
            asked = ModelVersion(model=options.subject.model, version=card.version)
            return await calibrations.latest_other_run(self._store, asked, golden, kind)
        earlier = ModelVersion(model=options.subject.model, version=options.against)
        listed = entry_of(self._registry, earlier)
        named = earlier if listed is None else ModelVersion(model=listed.name, version=listed.version)
        run = await calibrations.run_of(self._store, named, golden, kind)
        if run is None and listed is not None:
            run = await self._run(named, kind, now)
            if not options.dry_run:
                await calibrations.keep_run(self._store, run, kind)
        if run is None:
            raise InvalidRequest(
                f"{earlier} was never run on this golden set and is not listed any more: calibrate a version while it "
                "is listed, so that the next one can be compared with it"
            )
        return run

    async def _run(
        self,
        subject: ModelVersion,
        kind: Kind,
        now: datetime,
        proposal: Calibration | None = None,
        strength: float = 1.0,
    ) -> GoldenRun:
        if kind == "drafts":
            run = await self._runner.drafts(self._golden, subject, now, proposal=proposal)
        else:
            run = await self._runner.refinements(self._golden, subject, now, strength=strength)
        self._spent += run.spent_usd
        if not run.cards:
            reasons = "; ".join(run.failed) or "the golden set holds nothing for it"
            raise InvalidRequest(f"{subject} gave no image: {reasons}")
        return run

    def _refines(self, card: ModelCard) -> bool:
        """Is the model a flagship, and has the golden set refinements to repeat?"""
        subject = ModelVersion(model=card.name, version=card.version)
        return card.tier == "flagship" and bool(refine_trials(self._golden, subject))

    def _afford(self, options: CalibrationOptions, card: ModelCard, kind: Kind) -> None:
        """Raises `BudgetExceeded` before anything is paid, where the limit does not cover all runs."""
        self._limit = self._runner.limit_usd = options.limit_usd
        runs = 1 + len(options.dialects) + (options.against is not None)
        price = runs * self._price(card, kind)
        if price > options.limit_usd:
            raise BudgetExceeded(
                f"{runs} golden run{'s' * (runs > 1)} of {card.name} cost about ${price:.2f}; ${options.limit_usd:.2f} "
                "is allowed: raise --max-usd, or take a smaller golden set"
            )

    def _check_canary(self, options: CalibrationOptions, card: ModelCard) -> None:
        if options.canary is not None and self._registry.card(options.subject.model).name == card.name:
            raise InvalidRequest(
                f"{card.name} is what campaigns name already: a canary is a second version, listed as {card.name}-2"
            )

    def _pays(self, card: ModelCard, kind: Kind) -> bool:
        """Does the limit cover one more run?"""
        return self._spent + self._price(card, kind) <= self._limit

    def _price(self, card: ModelCard, kind: Kind) -> float:
        """The estimated price of a run (US dollars), by the size, operation and references of each of its images."""
        subject = ModelVersion(model=card.name, version=card.version)
        trials = (refine_trials if kind == "refinements" else draft_trials)(self._golden, subject)
        return sum(estimate(card.prices, trial.request) for trial in trials)

    async def _start_canary(self, options: CalibrationOptions, kept: CalibrationReport) -> None:
        """Give the new version its share of the drafts of the model that campaigns name."""
        named = self._registry.card(options.subject.model)
        holder = ModelVersion(model=named.name, version=named.version)
        base = await calibrations.in_force(self._store, holder) or Calibration(
            model=holder.model, version=holder.version
        )
        canary = Canary(model=kept.calibration.model, share=options.canary or 0.0)
        sentence = f"{canary.model} draws {canary.share:.0%} of the drafts of {holder.model}."
        carrier = kept.model_copy(
            update={
                "calibration": base.model_copy(update={"canary": canary}),
                "verdict": "same", "comparisons": (), "limits": (), "words": (sentence,), "spent_usd": 0.0,
            }
        )  # fmt: skip
        await calibrations.keep(self._store, carrier)
