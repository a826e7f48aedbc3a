"""The tables behind the read model of a run: a pure fold over its events.

Events may come twice and in any order; the view ends the same. No clock is read: times are those of the events.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Final

from pydantic import ValidationError

from routing.scoring.score import overall
from schemas.assets import Asset
from schemas.base import Event
from schemas.briefs import Brief
from schemas.dead_letters import DeadLetter
from schemas.drafts import Draft
from schemas.failures import JobFailure
from schemas.generations import GenerationRecord
from schemas.lineage import LineageEvent
from schemas.outcomes import BriefOutcome, SignalOutcome
from schemas.refinements import Refinement
from schemas.scorecards import Scorecard
from schemas.signals import Signal
from workers.reporting.details import Promoted, Rating
from workers.reporting.first_stands import FirstStands
from workers.reporting.summary import RejectedInput

RECENT: Final = 12
"""How many of the newest lineage events are kept for the live view."""

Rate = Callable[[Scorecard], Rating]
"""Turns a scorecard into one number with reasons; pure."""


class RunTables:
    """What the events of a run have told so far, one table a kind of thing."""

    def __init__(self, rate: Rate = overall) -> None:
        """`rate` turns a scorecard into an overall score."""
        self.rate = rate
        self.signals: FirstStands[str, Signal] = FirstStands()
        self.signal_outcomes: FirstStands[str, SignalOutcome] = FirstStands()
        self.briefs: FirstStands[str, Brief] = FirstStands()
        self.brief_outcomes: FirstStands[str, BriefOutcome] = FirstStands()
        self.drafts: FirstStands[str, Draft] = FirstStands()
        self.scorecards: FirstStands[str, Scorecard] = FirstStands()
        self.promotions: FirstStands[str, Promoted] = FirstStands()
        self.refinements: FirstStands[str, Refinement] = FirstStands()
        self.drifted: FirstStands[str, LineageEvent] = FirstStands()
        self.assets: FirstStands[str, Asset] = FirstStands()
        self.generations: FirstStands[tuple[str, str], GenerationRecord] = FirstStands()
        self.failures: FirstStands[tuple[str, int], JobFailure] = FirstStands()
        self.dead_letters: FirstStands[tuple[str, int, int, str], DeadLetter] = FirstStands()
        self.rejected_inputs: tuple[RejectedInput, ...] = ()
        self.problems: tuple[str, ...] = ()
        self.recent: tuple[LineageEvent, ...] = ()
        self.first_at: datetime | None = None
        self.last_at: datetime | None = None

    def apply(self, event: Event) -> None:
        """Take `event` in; one of a type that the view does not tell of changes nothing."""
        taker = _TAKERS.get(type(event))
        if taker is not None:
            taker(self, event)

    def apply_all(self, events: Iterable[Event]) -> None:
        """Take all `events` in."""
        for event in events:
            self.apply(event)

    def reject_input(self, file: str, place: str, reason: str) -> None:
        """Note an entry of a feed that could not be read; the same one twice counts once."""
        entry = RejectedInput(file=file, place=place, reason=reason)
        if entry not in self.rejected_inputs:
            self.rejected_inputs = (*self.rejected_inputs, entry)

    def note_problem(self, sentence: str) -> None:
        """Note a problem with a campaign; the same sentence twice counts once."""
        self.problems = tuple(sorted({*self.problems, sentence}))

    def stamp(self, at: datetime) -> None:
        """Widen the span of the run to hold `at`."""
        self.first_at = at if self.first_at is None else min(self.first_at, at)
        self.last_at = at if self.last_at is None else max(self.last_at, at)


def _take_signal(view: RunTables, event: Signal) -> None:
    # The moment at which a trend was seen lies outside the run: it is no part of the run's span.
    view.signals.add(event.signal_id, event, event.observed_at)


def _take_signal_outcome(view: RunTables, event: SignalOutcome) -> None:
    # `held` waits for a person, so that any other word on the same signal replaces it.
    view.signal_outcomes.add(event.signal_id, event, event.decided_at, rank=int(event.name == "held"))
    view.stamp(event.decided_at)


def _take_brief(view: RunTables, event: Brief) -> None:
    view.briefs.add(event.brief_id, event, event.created_at)
    view.signals.add(event.signal.signal_id, event.signal, event.signal.observed_at)
    view.stamp(event.created_at)


def _take_generation(view: RunTables, record: GenerationRecord) -> None:
    # A job paid twice has two request ids: both cost money.
    view.generations.add((record.job_id, record.provider_request_id), record, record.started_at)
    view.stamp(record.started_at)


def _take_draft(view: RunTables, event: Draft) -> None:
    view.drafts.add(event.job.job_id, event, event.generation.started_at)
    _take_generation(view, event.generation)


def _take_refinement(view: RunTables, event: Refinement) -> None:
    view.refinements.add(event.job.job_id, event, event.generation.started_at)
    _take_generation(view, event.generation)
    word = event.job.promotion
    told = Promoted(rank=word.rank, score=word.score, reasons=word.reasons, operation=word.handover.operation)
    view.promotions.add(word.candidate_id, told, word.decided_at)


def _take_scorecard(view: RunTables, event: Scorecard) -> None:
    view.scorecards.add(event.job_id, event, event.measured_at)
    view.stamp(event.measured_at)


def _take_asset(view: RunTables, event: Asset) -> None:
    view.assets.add(event.asset_id, event, event.published_at)
    view.stamp(event.published_at)


def _take_brief_outcome(view: RunTables, event: BriefOutcome) -> None:
    view.brief_outcomes.add(event.brief_id, event, event.decided_at)
    view.stamp(event.decided_at)


def _take_failure(view: RunTables, event: JobFailure) -> None:
    view.failures.add((event.job_id, event.attempt), event, event.failed_at)
    view.stamp(event.failed_at)


def _take_dead_letter(view: RunTables, event: DeadLetter) -> None:
    view.dead_letters.add((event.topic, event.partition, event.offset, event.reason), event, event.failed_at)
    view.stamp(event.failed_at)


def _take_lineage(view: RunTables, event: LineageEvent) -> None:
    view.stamp(event.at)
    if event not in view.recent:
        newest = sorted((*view.recent, event), key=lambda step: (step.at, step.model_dump_json()))
        view.recent = tuple(newest[-RECENT:])
    if event.step == "refinement-drifted":
        view.drifted.add(event.subject_id, event, event.at)
    if event.step == "candidate-promoted":
        _take_promotion(view, event)


def _take_promotion(view: RunTables, event: LineageEvent) -> None:
    try:
        told = Promoted.model_validate({name: event.facts.get(name) for name in Promoted.model_fields})
    except ValidationError:
        view.note_problem(f"the lineage of {event.subject_id} tells of its promotion without rank, score and reasons")
        return
    view.promotions.add(event.subject_id, told, event.at)


_TAKERS: Final[Mapping[type[Event], Callable[..., None]]] = {
    Signal: _take_signal,
    SignalOutcome: _take_signal_outcome,
    Brief: _take_brief,
    Draft: _take_draft,
    Scorecard: _take_scorecard,
    Refinement: _take_refinement,
    Asset: _take_asset,
    BriefOutcome: _take_brief_outcome,
    JobFailure: _take_failure,
    DeadLetter: _take_dead_letter,
    LineageEvent: _take_lineage,
}
