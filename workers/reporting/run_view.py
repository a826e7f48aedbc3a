"""The read model of a run: what the terminal, the report and the summary show of its events."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from schemas.base import Dollars, Model
from schemas.briefs import Brief
from schemas.lineage import LineageEvent
from schemas.refinements import Refinement
from workers.reporting.costs import (
    cost_usd,
    flagship_only_seconds,
    flagship_only_usd,
    model_seconds,
    refine_prices,
    refine_seconds,
)
from workers.reporting.details import BriefDetails, DraftDetails, RefinementDetails
from workers.reporting.run_tables import RunTables

Count = Annotated[int, Field(ge=0)]


@dataclass(frozen=True, slots=True)
class StageProgress:
    """The progress of a stage: `done` of the number `expected` by plans and earlier stages, never more."""

    name: str
    done: int
    expected: int


class RunSummary(Model):
    """The figures of a run, as the last line of `brushfire run --json` prints them.

    `outcomes` are those of the signals; they add up to `signals` once the run is complete. `refined` counts
    refinements, one for each format and attempt. `costs.flagship_only_usd` says what `flagship_only_usd` is; `wall_s`
    is in seconds. `rejected_inputs` and `dead_letters` are counts, `problems` are sentences.
    """

    signals: Count
    outcomes: dict[str, Count]
    briefs: Count
    brief_outcomes: dict[str, Count]
    drafts: Count
    promoted: Count
    refined: Count
    assets: Count
    cost_usd: Dollars
    flagship_only_usd: Dollars
    wall_s: Annotated[float, Field(ge=0.0)]
    rejected_inputs: Count = 0
    dead_letters: Count = 0
    problems: tuple[str, ...] = ()


class RunView(RunTables):
    """A run, as its events describe it. Events may arrive twice and in any order; the answers are the same."""

    def complete(self, expected_signal_ids: Iterable[str]) -> bool:
        """Do all expected signals, and all briefs that their outcomes name, have an outcome?"""
        if any(signal_id not in self.signal_outcomes for signal_id in expected_signal_ids):
            return False
        named = {brief for outcome in self.signal_outcomes.values() for brief in outcome.briefs}
        return all(brief in self.brief_outcomes for brief in named)

    def outcomes(self) -> dict[str, int]:
        """The number of signals with each outcome, by name."""
        return _counted(outcome.name for outcome in self.signal_outcomes.values())

    def outcomes_of_briefs(self) -> dict[str, int]:
        """The number of briefs with each outcome, by name."""
        return _counted(outcome.name for outcome in self.brief_outcomes.values())

    def signal_ids(self) -> set[str]:
        """Every signal that was seen or decided."""
        decided = {outcome.signal_id for outcome in self.signal_outcomes.values()}
        return decided | {signal.signal_id for signal in self.signals.values()}

    def stages(self) -> tuple[StageProgress, ...]:
        """The stages from signals to assets, with counts."""
        promoted, made = len(self.promotions), len(self.drafts)
        scored = sum(1 for card in self.scorecards.values() if card.subject == "draft")
        wanted = made + self._missing_drafts()
        return (
            _stage("signals decided", len(self.signal_outcomes), len(self.signal_ids())),
            _stage("drafts made", made, wanted),
            _stage("drafts scored", scored, wanted),
            _stage("candidates promoted", promoted, promoted + self._missing_promotions()),
            _stage("refinements made", len(self.refinements), self._formats_promoted()),
            _stage("assets published", len(self.assets), promoted),
            _stage("briefs closed", len(self.brief_outcomes), len(self.briefs)),
        )

    def cost_usd(self) -> float:
        """US dollars spent so far."""
        return cost_usd(self.generations.values(), self.failures.values())

    def flagship_only_usd(self) -> float:
        """The cost with the flagship alone, in US dollars; see `costs.flagship_only_usd`."""
        prices, refined = refine_prices(self.refinements.values()), self._refinements_by_brief()
        drafts = _counted(draft.job.brief_id for draft in self.drafts.values())
        return sum(
            flagship_only_usd(brief, drafts.get(brief.brief_id, 0), refined.get(brief.brief_id, ()), prices)
            for brief in self.briefs.values()
        )

    def model_seconds(self) -> float:
        """Seconds that models worked so far, side by side or not."""
        return model_seconds(self.generations.values())

    def flagship_only_seconds(self) -> float:
        """The model time with the flagship alone, in seconds; see `costs.flagship_only_seconds`."""
        seconds, refined = refine_seconds(self.refinements.values()), self._refinements_by_brief()
        drafts = _counted(draft.job.brief_id for draft in self.drafts.values())
        return sum(
            flagship_only_seconds(brief, drafts.get(brief.brief_id, 0), refined.get(brief.brief_id, ()), seconds)
            for brief in self.briefs.values()
        )

    def wall_seconds(self) -> float:
        """Seconds between the first and the last event of the run."""
        if self.first_at is None or self.last_at is None:
            return 0.0
        return (self.last_at - self.first_at).total_seconds()

    def brief_ids(self) -> tuple[str, ...]:
        """The briefs, by their time of creation."""
        return tuple(brief.brief_id for brief in self.briefs.values())

    def details(self, brief_id: str) -> BriefDetails:
        """All that is known of a brief. Raises `KeyError` where its event has not arrived."""
        brief = self.briefs.get(brief_id)
        if brief is None:
            raise KeyError(brief_id)
        drafts, refinements = self._drafts_of(brief_id), self._refinements_of(brief_id)
        failures = tuple(failure for failure in self.failures.values() if failure.brief_id == brief_id)
        jobs = {draft.job_id for draft in drafts} | {made.refinement.job.job_id for made in refinements}
        outcome = self.brief_outcomes.get(brief_id)
        prices = refine_prices(self.refinements.values())
        made = sum(1 for draft in drafts if draft.draft is not None)
        return BriefDetails(
            brief=brief,
            outcome=outcome,
            drafts=drafts,
            refinements=refinements,
            assets=tuple(asset for asset in self.assets.values() if asset.brief_id == brief_id),
            failures=failures,
            cost_usd=cost_usd((record for record in self.generations.values() if record.job_id in jobs), failures),
            flagship_only_usd=flagship_only_usd(brief, made, [each.refinement for each in refinements], prices),
            seconds=None if outcome is None else (outcome.decided_at - brief.created_at).total_seconds(),
        )

    def summary(self, wall_s: float | None = None) -> RunSummary:
        """The figures of the run; `wall_s` is the duration in seconds, where the caller measured it."""
        return RunSummary(
            signals=len(self.signal_ids()),
            outcomes=self.outcomes(),
            briefs=len(self.briefs),
            brief_outcomes=self.outcomes_of_briefs(),
            drafts=len(self.drafts),
            promoted=len(self.promotions),
            refined=len(self.refinements),
            assets=len(self.assets),
            cost_usd=round(self.cost_usd(), 9),
            flagship_only_usd=round(self.flagship_only_usd(), 9),
            wall_s=round(self.wall_seconds() if wall_s is None else wall_s, 3),
            rejected_inputs=len(self.rejected_inputs),
            dead_letters=len(self.dead_letters),
            problems=self.problems,
        )

    def _open_briefs(self) -> list[Brief]:
        return [brief for brief in self.briefs.values() if brief.brief_id not in self.brief_outcomes]

    def _missing_drafts(self) -> int:
        """How many drafts of open briefs are missing: neither made nor failed."""
        gone = {failure.job_id: failure.brief_id for failure in self.failures.values() if failure.stage == "draft"}
        gone |= {draft.job.job_id: draft.job.brief_id for draft in self.drafts.values()}
        accounted = _counted(gone.values())
        return sum(max(0, brief.plan.drafts - accounted.get(brief.brief_id, 0)) for brief in self._open_briefs())

    def _missing_promotions(self) -> int:
        """How many promotions of open briefs are missing."""
        promoted = [draft.job.brief_id for job_id, _ in self.promotions.items() if (draft := self.drafts.get(job_id))]
        counts = _counted(promoted)
        return sum(max(0, brief.plan.promote - counts.get(brief.brief_id, 0)) for brief in self._open_briefs())

    def _formats_promoted(self) -> int:
        """One refinement for each format of each promoted candidate whose draft has arrived."""
        promoted = [draft for job_id in dict(self.promotions.items()) if (draft := self.drafts.get(job_id))]
        briefs = [brief for draft in promoted if (brief := self.briefs.get(draft.job.brief_id))]
        return sum(len(brief.formats) for brief in briefs)

    def _refinements_by_brief(self) -> dict[str, list[Refinement]]:
        grouped: dict[str, list[Refinement]] = {}
        for made in self.refinements.values():
            grouped.setdefault(made.job.brief_id, []).append(made)
        return grouped

    def _drafts_of(self, brief_id: str) -> tuple[DraftDetails, ...]:
        made = {draft.job.job_id for draft in self.drafts.values() if draft.job.brief_id == brief_id}
        cards = [card for card in self.scorecards.values() if card.brief_id == brief_id and card.subject == "draft"]
        drafts = [self._draft(job_id) for job_id in made | {card.job_id for card in cards}]
        return tuple(sorted(drafts, key=lambda draft: (-(draft.score or 0.0), draft.job_id)))

    def _draft(self, job_id: str) -> DraftDetails:
        card = self.scorecards.get(job_id)
        rating = None if card is None else self.rate(card)
        return DraftDetails(job_id, self.drafts.get(job_id), card, rating, self.promotions.get(job_id))

    def _refinements_of(self, brief_id: str) -> tuple[RefinementDetails, ...]:
        made = [each for each in self.refinements.values() if each.job.brief_id == brief_id]
        return tuple(
            RefinementDetails(each, self.scorecards.get(each.job.job_id), _reasons(self.drifted.get(each.job.job_id)))
            for each in made
        )


def _stage(name: str, done: int, expected: int) -> StageProgress:
    """A stage. What is done counts as expected, even where its plan has not arrived."""
    return StageProgress(name, done, max(done, expected))


def _counted(names: Iterable[str]) -> dict[str, int]:
    """How often each name occurs, in the order of the names."""
    return dict(sorted(Counter(names).items()))


def _reasons(event: LineageEvent | None) -> tuple[str, ...] | None:
    """The reasons of a `refinement-drifted` step; None where there was none."""
    if event is None:
        return None
    reasons = event.facts.get("reasons")
    return tuple(str(reason) for reason in reasons) if isinstance(reasons, list) else ("left its candidate",)
