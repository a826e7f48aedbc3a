"""The topic catalogue: every topic, what it carries, and by what it is keyed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from schemas.assets import Asset
from schemas.base import Event
from schemas.briefs import Brief
from schemas.campaigns import Lane
from schemas.dead_letters import DeadLetter
from schemas.drafts import Draft, DraftJob
from schemas.failures import DeadlineReached, JobFailure
from schemas.lineage import LineageEvent
from schemas.outcomes import BriefOutcome, SignalOutcome
from schemas.refinements import FinishJob, RefineJob, Refinement
from schemas.retries import Retry
from schemas.reviews import Review
from schemas.scorecards import Scorecard
from schemas.signals import Signal

DAY_MS: Final = 86_400_000


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic. `retention_ms` bounds its age; `compacted` keeps the newest message of each key instead."""

    name: str
    model: type[Event]
    key: Literal["topic", "job", "brief", "campaign", "signal", "none"]
    summary: str
    retention_ms: int = 7 * DAY_MS
    compacted: bool = False


SIGNALS: Final = Topic(
    "brushfire.signals", Signal, "topic", "trends, events and requests; repeats of a trend have the same key"
)
BRIEFS: Final = Topic("brushfire.briefs", Brief, "brief", "one campaign answering one signal")
DRAFT_JOBS: Final = Topic("brushfire.draft-jobs", DraftJob, "job", "draft images to be made")
DRAFTS: Final = Topic("brushfire.drafts", Draft, "job", "draft images that were made")
SCORECARDS: Final = Topic("brushfire.scorecards", Scorecard, "brief", "measurements of drafts and refinements")
REVIEWS: Final = Topic("brushfire.reviews", Review, "brief", "decisions of reviewers")
FAILURES: Final = Topic("brushfire.failures", JobFailure, "brief", "jobs that failed permanently")
DEADLINES: Final = Topic("brushfire.deadlines", DeadlineReached, "brief", "timer events for a board")
REFINE_JOBS: Final = Topic("brushfire.refine-jobs", RefineJob, "job", "flagship images to be made")
REFINEMENTS: Final = Topic("brushfire.refinements", Refinement, "job", "flagship images that were made")
FINISH_JOBS: Final = Topic("brushfire.finish-jobs", FinishJob, "job", "accepted candidates to be published")
FINISHED: Final = Topic("brushfire.finished", Asset, "brief", "published assets, for the board of their brief")
ASSETS: Final = Topic("brushfire.assets", Asset, "campaign", "finished assets", retention_ms=365 * DAY_MS)
SIGNAL_OUTCOMES: Final = Topic(
    "brushfire.signal-outcomes", SignalOutcome, "signal", "the outcome of each signal", retention_ms=90 * DAY_MS
)
BRIEF_OUTCOMES: Final = Topic(
    "brushfire.brief-outcomes", BriefOutcome, "brief", "the outcome of each brief", retention_ms=90 * DAY_MS
)
LINEAGE: Final = Topic(
    "brushfire.lineage", LineageEvent, "brief", "audit trail: every step, as it happens", retention_ms=365 * DAY_MS
)
DEAD_LETTERS: Final = Topic(
    "brushfire.dead-letters", DeadLetter, "none", "messages that could not be handled", retention_ms=90 * DAY_MS
)

RETRIES: Final = tuple(
    Topic(f"brushfire.retries.{tier}", Retry, "job", f"jobs to be retried, delay tier {tier}") for tier in range(4)
)

EXPRESS_OF: Final[dict[str, Topic]] = {
    topic.name: Topic(f"{topic.name}.express", topic.model, topic.key, f"{topic.summary}; express lane")
    for topic in (DRAFT_JOBS, DRAFTS, REFINE_JOBS, REFINEMENTS, FINISH_JOBS)
}
"""The express lane has topics of its own, so that a batch never delays it."""

BOARD_TOPICS: Final = (BRIEFS, SCORECARDS, REVIEWS, FAILURES, FINISHED, DEADLINES)
"""What the promoter reads: co-partitioned by brief id, so that all events of a brief reach one board."""

CATALOGUE: Final[tuple[Topic, ...]] = (
    SIGNALS, BRIEFS, DRAFT_JOBS, DRAFTS, SCORECARDS, REVIEWS, FAILURES, DEADLINES, REFINE_JOBS, REFINEMENTS,
    FINISH_JOBS, FINISHED, ASSETS, SIGNAL_OUTCOMES, BRIEF_OUTCOMES, LINEAGE, DEAD_LETTERS,
    *RETRIES, *EXPRESS_OF.values(),
)  # fmt: skip

BY_NAME: Final[dict[str, Topic]] = {topic.name: topic for topic in CATALOGUE}


def for_lane(topic: Topic, lane: Lane) -> Topic:
    """The topic that `lane` uses instead of `topic`."""
    return EXPRESS_OF.get(topic.name, topic) if lane == "express" else topic
