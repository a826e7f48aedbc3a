"""Nudity: how likely it is that a picture shows what no ad may."""

from __future__ import annotations

from typing import Final

from schemas.scorecards import Measurement
from workers.scoring.check import Scale
from workers.scoring.content import MODEL, MODEL_VERSION
from workers.scoring.subject import Subject

NUDITY: Final = Scale("safety.nudity", "probability", 0.0, 1.0, "lower")


class NudityCheck:
    """The probability of nudity, by open_nsfw. Violence and hate it does not see."""

    name: Final = MODEL
    version: Final = MODEL_VERSION
    scales: Final = (NUDITY,)

    def measure(self, subject: Subject) -> tuple[Measurement, ...]:
        """One measurement."""
        return (NUDITY.reading(subject.content.nudity, self),)
