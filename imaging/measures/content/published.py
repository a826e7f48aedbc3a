"""Novelty against what the campaign published before. Against its siblings, promotion compares a candidate itself."""

from __future__ import annotations

from typing import Final

from imaging.measures.check import Scale
from imaging.measures.content.novelty import signature
from imaging.measures.subject import Subject
from routing.scoring.novelty import novelty
from schemas.scorecards import Measurement

PUBLISHED: Final = Scale("novelty.published", "distance", 0.0, 1.0, "higher")


class PublishedCheck:
    """The distance to the nearest image that the campaign published: 0 the same, 1 unrelated."""

    name: Final = "published"
    version: Final = "1"
    scales: Final = (PUBLISHED,)

    def measure(self, subject: Subject) -> tuple[Measurement, ...]:
        """One measurement; none where nobody looked what was published, 1 where nothing was."""
        if subject.published is None:
            return ()
        nearest = novelty(signature(subject), subject.published) if subject.published else 1.0
        return (PUBLISHED.reading(nearest, self, f"of {len(subject.published)} published"),)
