"""The calibration of a version: its golden run beside that of an earlier one, and what to do about the difference."""

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
from workers.calibrating.running import GoldenRunner
from workers.calibrating.subjects import entry_of, required_entry


@dataclass(frozen=True, slots=True)
class Wish:
    """What is asked for: `against` is a version of the same model, None for the newest run of another one.

    `dialects` are tried beside the model's own; `canary` is the share of the earlier version's drafts that this one is
    to draw; `limit_usd` is the most that the images may cost.
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

    async def calibrate(self, wish: Wish, now: datetime) -> CalibrationReport | None:
        """The report on `wish`, kept and in force unless it is a dry run; None: a first run, with nothing to compare.

        Raises:
            InvalidRequest: the catalogue lists no such version, or nothing can be compared.
            BudgetExceeded: the images would cost more than the wish allows.
        """
        card = required_entry(self._registry, wish.subject)
        subject = ModelVersion(model=card.name, version=card.version)
        kind: Kind = "refinements" if self._refines(card) else "drafts"
        self._check_canary(wish, card)
        self._afford(wish, card, kind)
        before = await self._before(wish, card, kind, now)
        after = await self._run(subject, kind, now)
        if not wish.dry_run:
            await calibrations.keep_run(self._store, after, kind)
        if before is None:
            return None
        report = await self._proposal(wish, card, before, after, now)
        report = report.model_copy(update={"spent_usd": self._spent})
        if wish.dry_run:
            return report
        kept = await calibrations.keep(self._store, report)
        if wish.canary is not None and kept.verdict != "beyond-repair":
            await self._let_out(wish, kept)
        return kept

    async def _proposal(
        self, wish: Wish, card: ModelCard, before: GoldenRun, after: GoldenRun, now: datetime
    ) -> CalibrationReport:
        try:
            if after.cards[0].subject == "refinement":
                return await self._refine_proposal(card, before, after, now)
            return await self._draft_proposal(wish, card, before, after, bar_of(before.cards), now)
        except ValueError as error:
            raise InvalidRequest(str(error)) from error

    async def _draft_proposal(
        self, wish: Wish, card: ModelCard, before: GoldenRun, after: GoldenRun, bar: float, now: datetime
    ) -> CalibrationReport:
        subject = ModelVersion(model=after.model, version=after.version)
        base = Calibration(model=after.model, version=after.version)
        others = {
            name: await self._run(subject, "drafts", now, base.model_copy(update={"dialect": name}))
            for name in wish.dialects
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
        """Gentler before looser: a strength that keeps to the limits is better than other limits."""
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

    async def _before(self, wish: Wish, card: ModelCard, kind: Kind, now: datetime) -> GoldenRun | None:
        """The run to compare with: kept, or drawn now where the catalogue still lists that version."""
        golden = self._golden.golden_id
        if wish.against is None:
            asked = ModelVersion(model=wish.subject.model, version=card.version)
            return await calibrations.latest_other_run(self._store, asked, golden, kind)
        earlier = ModelVersion(model=wish.subject.model, version=wish.against)
        listed = entry_of(self._registry, earlier)
        named = earlier if listed is None else ModelVersion(model=listed.name, version=listed.version)
        run = await calibrations.run_of(self._store, named, golden, kind)
        if run is None and listed is not None:
            run = await self._run(named, kind, now)
            if not wish.dry_run:
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
        """A flagship is run on what was refined, where the golden set knows of it."""
        subject = ModelVersion(model=card.name, version=card.version)
        return card.tier == "flagship" and bool(refine_trials(self._golden, subject))

    def _afford(self, wish: Wish, card: ModelCard, kind: Kind) -> None:
        """Refuse, before any money goes, what cannot be paid to its end."""
        self._limit = self._runner.limit_usd = wish.limit_usd
        runs = 1 + len(wish.dialects) + (wish.against is not None)
        price = runs * self._price(card, kind)
        if price > wish.limit_usd:
            raise BudgetExceeded(
                f"{runs} golden run{'s' * (runs > 1)} of {card.name} cost about ${price:.2f}; ${wish.limit_usd:.2f} is "
                "allowed: raise --max-usd, or take a smaller golden set"
            )

    def _check_canary(self, wish: Wish, card: ModelCard) -> None:
        if wish.canary is not None and self._registry.card(wish.subject.model).name == card.name:
            raise InvalidRequest(
                f"{card.name} is what campaigns name already: a canary is a second version, listed as {card.name}-2"
            )

    def _pays(self, card: ModelCard, kind: Kind) -> bool:
        """Whether the money reaches for a further run that would be good to have."""
        return self._spent + self._price(card, kind) <= self._limit

    def _price(self, card: ModelCard, kind: Kind) -> float:
        """About what a run costs, by the size, operation and references of each of its images."""
        subject = ModelVersion(model=card.name, version=card.version)
        trials = (refine_trials if kind == "refinements" else draft_trials)(self._golden, subject)
        return sum(estimate(card.prices, trial.request) for trial in trials)

    async def _let_out(self, wish: Wish, kept: CalibrationReport) -> None:
        """Give the new version its share of the drafts of the model that campaigns name."""
        named = self._registry.card(wish.subject.model)
        holder = ModelVersion(model=named.name, version=named.version)
        base = await calibrations.in_force(self._store, holder) or Calibration(
            model=holder.model, version=holder.version
        )
        canary = Canary(model=kept.calibration.model, share=wish.canary or 0.0)
        told = f"{canary.model} draws {canary.share:.0%} of the drafts of {holder.model}."
        carrier = kept.model_copy(
            update={
                "calibration": base.model_copy(update={"canary": canary}),
                "verdict": "same", "comparisons": (), "limits": (), "words": (told,), "spent_usd": 0.0,
            }
        )  # fmt: skip
        await calibrations.keep(self._store, carrier)
