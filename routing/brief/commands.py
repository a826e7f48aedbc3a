"""What a board asks for: messages to be sent, and the lineage step of a decision."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from pydantic import JsonValue

from schemas.briefs import Brief
from schemas.lineage import LineageEvent, Step
from schemas.outcomes import BriefOutcome
from schemas.refinements import FinishJob, RefineJob

Command = RefineJob | FinishJob | BriefOutcome | LineageEvent
"""A message that the board asks to be sent."""

WORKER: Final = "promoter"


def lineage_step(
    step: Step, brief: Brief, subject_id: str, parents: tuple[str, ...], facts: dict[str, JsonValue], now: datetime
) -> LineageEvent:
    """A step of the lineage, as the promoter reports it."""
    return LineageEvent(
        step=step,
        worker=WORKER,
        subject_id=subject_id,
        parent_ids=parents,
        brief_id=brief.brief_id,
        facts=facts,
        at=now,
    )
