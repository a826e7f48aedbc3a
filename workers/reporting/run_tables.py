"""The tables behind the read model of a run: a pure fold over its events.

Events may arrive twice and in any order; the result is the same. All times are those of the events, no clock is read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Final, Generic, TypeVar

from pydantic import ValidationError

from routing.scoring.score import overall
from schemas.assets import Asset
from schemas.base import Event, Model
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

Key = TypeVar("Key")
Value = TypeVar("Value", bound=Model)

RECENT: Final = 12
"""How many of the newest lineage events are kept for the live view."""

Rate = Callable[[Scorecard], Rating]
"""A pure function from a scorecard to its `Rating`: one number from 0 to 1, failed gates and reasons."""


class RejectedInput(Model):
    """An entry of a feed that could not be read: which file, where in it, and why."""

    file: str
    place: str
    reason: str


class FirstWriteWins(Generic[Key, Value]):
    """A first-write-wins index: of several values for a key it keeps the one with the least `(rank, time, JSON)`.

    A minimum over a total order is commutative, associative and idempotent. So events may arrive twice and in any
    order, and the result is the same.
    """

    def __init__(self) -> None:
        self._held: dict[Key, tuple[int, datetime, Value]] = {}
        self._ordered: list[tuple[Key, Value]] | None = None

    def add(self, key: Key, value: Value, at: datetime, rank: int = 0) -> None:
        """Offer `value` of the time `at` for `key`; a lower `rank` wins over an earlier time."""
        held = self._held.get(key)
        if held is None or (held[2] != value and _order(rank, at, value) < _order(*held[:2], held[2])):
            self._held[key] = (rank, at, value)
            self._ordered = None

    def get(self, key: Key) -> Value | None:
        """The value of `key`, or None."""
        held = self._held.get(key)
        return None if held is None else held[2]

    def items(self) -> list[tuple[Key, Value]]:
        """Keys and values, by time, then by key."""
        if self._ordered is None:
            ordered = sorted(self._held.items(), key=lambda item: (item[1][1], str(item[0])))
            self._ordered = [(key, held[2]) for key, held in ordered]
        return list(self._ordered)

    def values(self) -> list[Value]:
        """The values, in the order of `items`."""
        return [value for _, value in self.items()]

    def __contains__(self, key: object) -> bool:
        return key in self._held

    def __len__(self) -> int:
        return len(self._held)


def _order(rank: int, at: datetime, value: Model) -> tuple[int, datetime, str]:
    return rank, at, value.model_dump_json()


class RunTables:
    """What is known of a run from its events, one index for each kind of event."""

    def __init__(self, rate: Rate = overall) -> None:
        """`rate` turns a scorecard into an overall score."""
        self.rate = rate
        self.signals: FirstWriteWins[str, Signal] = FirstWriteWins()
        self.signal_outcomes: FirstWriteWins[str, SignalOutcome] = FirstWriteWins()
        self.briefs: FirstWriteWins[str, Brief] = FirstWriteWins()
        self.brief_outcomes: FirstWriteWins[str, BriefOutcome] = FirstWriteWins()
        self.drafts: FirstWriteWins[str, Draft] = FirstWriteWins()
        self.scorecards: FirstWriteWins[str, Scorecard] = FirstWriteWins()
        self.promotions: FirstWriteWins[str, Promoted] = FirstWriteWins()
        self.refinements: FirstWriteWins[str, Refinement] = FirstWriteWins()
        self.drifted: FirstWriteWins[str, LineageEvent] = FirstWriteWins()
        self.assets: FirstWriteWins[str, Asset] = FirstWriteWins()
        self.generations: FirstWriteWins[tuple[str, str], GenerationRecord] = FirstWriteWins()
        self.failures: FirstWriteWins[tuple[str, int], JobFailure] = FirstWriteWins()
        self.dead_letters: FirstWriteWins[tuple[str, int, int, str], DeadLetter] = FirstWriteWins()
        self.rejected_inputs: tuple[RejectedInput, ...] = ()
        self.problems: tuple[str, ...] = ()
        self.recent: tuple[LineageEvent, ...] = ()
        self.first_at: datetime | None = None
        self.last_at: datetime | None = None

    def apply(self, event: Event) -> None:
        """Add `event`. An event of a type that the view does not use changes nothing."""
        adder = _ADDERS.get(type(event))
        if adder is not None:
            adder(self, event)

    def apply_all(self, events: Iterable[Event]) -> None:
        """Add all `events`."""
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


def _add_signal(view: RunTables, event: Signal) -> None:
    # A trend was observed before the run, so its time is not part of the run's span.
    view.signals.add(event.signal_id, event, event.observed_at)


def _add_signal_outcome(view: RunTables, event: SignalOutcome) -> None:
    # `held` waits for a person, so any other outcome of the same signal replaces it.
    view.signal_outcomes.add(event.signal_id, event, event.decided_at, rank=int(event.name == "held"))
    view.stamp(event.decided_at)


def _add_brief(view: RunTables, event: Brief) -> None:
    view.briefs.add(event.brief_id, event, event.created_at)
    view.signals.add(event.signal.signal_id, event.signal, event.signal.observed_at)
    view.stamp(event.created_at)


def _add_generation(view: RunTables, record: GenerationRecord) -> None:
    # A job paid twice has two request ids: both cost money.
    view.generations.add((record.job_id, record.provider_request_id), record, record.started_at)
    view.stamp(record.started_at)


def _add_draft(view: RunTables, event: Draft) -> None:
    view.drafts.add(event.job.job_id, event, event.generation.started_at)
    _add_generation(view, event.generation)


def _add_refinement(view: RunTables, event: Refinement) -> None:
    view.refinements.add(event.job.job_id, event, event.generation.started_at)
    _add_generation(view, event.generation)
    decision = event.job.promotion
    promoted = Promoted(
        rank=decision.rank, score=decision.score, reasons=decision.reasons, operation=decision.handover.operation
    )
    view.promotions.add(decision.candidate_id, promoted, decision.decided_at)


def _add_scorecard(view: RunTables, event: Scorecard) -> None:
    view.scorecards.add(event.job_id, event, event.measured_at)
    view.stamp(event.measured_at)


def _add_asset(view: RunTables, event: Asset) -> None:
    view.assets.add(event.asset_id, event, event.published_at)
    view.stamp(event.published_at)


def _add_brief_outcome(view: RunTables, event: BriefOutcome) -> None:
    view.brief_outcomes.add(event.brief_id, event, event.decided_at)
    view.stamp(event.decided_at)


def _add_failure(view: RunTables, event: JobFailure) -> None:
    view.failures.add((event.job_id, event.attempt), event, event.failed_at)
    view.stamp(event.failed_at)


def _add_dead_letter(view: RunTables, event: DeadLetter) -> None:
    view.dead_letters.add((event.topic, event.partition, event.offset, event.reason), event, event.failed_at)
    view.stamp(event.failed_at)


def _add_lineage(view: RunTables, event: LineageEvent) -> None:
    view.stamp(event.at)
    if event not in view.recent:
        newest = sorted((*view.recent, event), key=lambda step: (step.at, step.model_dump_json()))
        view.recent = tuple(newest[-RECENT:])
    if event.step == "refinement-drifted":
        view.drifted.add(event.subject_id, event, event.at)
    if event.step == "candidate-promoted":
        _add_promotion(view, event)


def _add_promotion(view: RunTables, event: LineageEvent) -> None:
    try:
        promoted = Promoted.model_validate({name: event.facts.get(name) for name in Promoted.model_fields})
    except ValidationError:
        view.note_problem(f"the lineage of {event.subject_id} reports its promotion without rank, score and reasons")
        return
    view.promotions.add(event.subject_id, promoted, event.at)


_ADDERS: Final[Mapping[type[Event], Callable[..., None]]] = {
    Signal: _add_signal,
    SignalOutcome: _add_signal_outcome,
    Brief: _add_brief,
    Draft: _add_draft,
    Scorecard: _add_scorecard,
    Refinement: _add_refinement,
    Asset: _add_asset,
    BriefOutcome: _add_brief_outcome,
    JobFailure: _add_failure,
    DeadLetter: _add_dead_letter,
    LineageEvent: _add_lineage,
}
