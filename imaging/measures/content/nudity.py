"""Nudity: the probability that an image shows what no ad may show."""

from __future__ import annotations

from typing import Final

from imaging.measures.check import Scale
from imaging.measures.content.network import MODEL, MODEL_VERSION
from imaging.measures.subject import Subject
from schemas.scorecards import Measurement

NUDITY: Final = Scale("safety.nudity", "probability", 0.0, 1.0, "lower")


class NudityCheck:
    """The probability of nudity, by open_nsfw. It does not see violence and hate."""

    name: Final = MODEL
    version: Final = MODEL_VERSION
    scales: Final = (NUDITY,)

    def measure(self, subject: Subject) -> tuple[Measurement, ...]:
        """One measurement."""
        return (NUDITY.reading(subject.content.nudity, self),)
