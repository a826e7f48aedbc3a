"""What was lost or doubled: signals, briefs and jobs with no result, or with more than one."""

from __future__ import annotations

import base64
import json
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Any

from pydantic import ValidationError

from schemas.drafts import DraftJob
from schemas.generations import GenerationRecord
from schemas.outcomes import BriefOutcome, SignalOutcome
from schemas.refinements import RefineJob
from schemas.topics import (
    BRIEF_OUTCOMES,
    DEAD_LETTERS,
    DRAFT_JOBS,
    EXPRESS_OF,
    FAILURES,
    REFINE_JOBS,
    SIGNAL_OUTCOMES,
    Topic,
)
from tests.support.faults.journal import Entry
from tests.support.faults.payments import MADE

READ: tuple[Topic, ...] = (DRAFT_JOBS, EXPRESS_OF[DRAFT_JOBS.name], REFINE_JOBS, EXPRESS_OF[REFINE_JOBS.name],
                           SIGNAL_OUTCOMES, BRIEF_OUTCOMES)  # fmt: skip
"""What an account needs, beside `MADE`, failures and dead letters."""


@dataclass(slots=True)
class Losses:
    """Ids of what was lost or doubled; empty where every promise holds. `failed_jobs` were given up and reported."""

    lost_jobs: set[str] = field(default_factory=set)
    lost_signals: set[str] = field(default_factory=set)
    lost_briefs: set[str] = field(default_factory=set)
    two_outcomes: set[str] = field(default_factory=set)
    two_objects: set[str] = field(default_factory=set)
    failed_jobs: set[str] = field(default_factory=set)
    dead_letters: list[dict[str, Any]] = field(default_factory=list)
    draft_jobs: dict[str, DraftJob] = field(default_factory=dict)
    brief_outcomes: dict[str, BriefOutcome] = field(default_factory=dict)

    @property
    def lost(self) -> int:
        """Everything that has no result."""
        return len(self.lost_jobs) + len(self.lost_signals) + len(self.lost_briefs)


def account(entries: Iterable[Entry], results: dict[str, GenerationRecord], signals: Collection[str]) -> Losses:
    """Go through the topics. `results` are the ledger's, `signals` the ids that were sent."""
    book = _Book()
    for entry in entries:
        try:
            book.take(entry)
        except (ValidationError, ValueError, KeyError, TypeError, RecursionError):
            continue  # malformed, on purpose; what is made of it is told by the dead letters
    return book.close(results, signals)


class _Book:
    """What the topics say, collected."""

    def __init__(self) -> None:
        self._found = Losses()
        self._told: defaultdict[str, set[str]] = defaultdict(set)
        self._briefs: set[str] = set()
        self._refinements: set[str] = set()
        self._objects: defaultdict[str, set[str]] = defaultdict(set)
        readers = {
            DEAD_LETTERS: self._dead_letter,
            FAILURES: self._failure,
            SIGNAL_OUTCOMES: self._signal_outcome,
            BRIEF_OUTCOMES: self._brief_outcome,
            DRAFT_JOBS: self._draft_job,
            REFINE_JOBS: self._refine_job,
            **dict.fromkeys(MADE, self._made),
        }
        self._by_name = {topic.name: reader for topic, reader in readers.items()}
        for topic in (DRAFT_JOBS, REFINE_JOBS):
            self._by_name[EXPRESS_OF[topic.name].name] = self._by_name[topic.name]

    def take(self, entry: Entry) -> None:
        """Read a message. Raises where it is malformed."""
        reader = self._by_name.get(entry.topic)
        if reader is not None:
            reader(entry.value)

    def close(self, results: dict[str, GenerationRecord], signals: Collection[str]) -> Losses:
        """The account."""
        found = self._found
        for job, record in results.items():
            self._objects[job].add(record.image.key)
        asked = found.draft_jobs.keys() | self._refinements
        found.lost_jobs = asked - results.keys() - found.failed_jobs - self._buried()
        found.lost_signals = set(signals) - self._told.keys()
        found.lost_briefs = self._briefs - self._told.keys()
        found.two_outcomes = {id_ for id_, words in self._told.items() if len(words) > 1}
        found.two_objects = {job for job, keys in self._objects.items() if len(keys) > 1}
        return found

    def _dead_letter(self, value: bytes) -> None:
        self._found.dead_letters.append(json.loads(value))

    def _failure(self, value: bytes) -> None:
        self._found.failed_jobs.add(json.loads(value)["job_id"])

    def _signal_outcome(self, value: bytes) -> None:
        outcome = SignalOutcome.model_validate_json(value)
        self._told[outcome.signal_id].add(outcome.model_dump_json())
        self._briefs.update(outcome.briefs)

    def _brief_outcome(self, value: bytes) -> None:
        outcome = BriefOutcome.model_validate_json(value)
        self._told[outcome.brief_id].add(outcome.model_dump_json())
        self._found.brief_outcomes[outcome.brief_id] = outcome

    def _draft_job(self, value: bytes) -> None:
        job = DraftJob.model_validate_json(value)
        self._found.draft_jobs[job.job_id] = job

    def _refine_job(self, value: bytes) -> None:
        self._refinements.add(RefineJob.model_validate_json(value).job_id)

    def _made(self, value: bytes) -> None:
        generation = json.loads(value)["generation"]
        self._objects[generation["job_id"]].add(generation["image"]["key"])

    def _buried(self) -> set[str]:
        """The jobs that are in a dead letter."""
        keys = (letter.get("key") for letter in self._found.dead_letters)
        return {base64.b64decode(key).decode(errors="replace") for key in keys if isinstance(key, str)}
