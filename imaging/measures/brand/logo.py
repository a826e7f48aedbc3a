"""The logo: is it there, is it the right one, and is the space around it clear?"""

from __future__ import annotations

from typing import Final

from imaging.measures.brand.logo_matching import crowding, match_in
from imaging.measures.brand.logo_search import find_logo
from imaging.measures.check import Scale
from imaging.measures.subject import Subject
from schemas.scorecards import Measurement

MATCH: Final = Scale("logo.match", "correlation", -1.0, 1.0, "higher")
FOUND: Final = 0.6
"""The least likeness of a place found by search that is the logo; in images without one it never exceeded 0.58."""
CROWDING: Final = Scale("logo.crowding", "share of a side", 0.0, 1.0, "lower")


class LogoCheck:
    """The likeness of the reported logo to the brand's own, and how crowded the space around it is.

    Without the brand's artwork, or without a region, nothing is measured.
    """

    name: Final = "logo"
    version: Final = "1"
    scales: Final = (MATCH, CROWDING)

    def measure(self, subject: Subject) -> tuple[Measurement, ...]:
        """One measurement for each scale; of several logos, those of the best."""
        boxes = subject.logo_boxes
        if subject.logo is None or not boxes:
            return ()
        likeness = [match_in(subject.common, subject.logo, box) for box in boxes]
        match, box = max(zip(likeness, boxes, strict=True), key=lambda found: found[0])
        return (
            MATCH.reading(match, self),
            CROWDING.reading(crowding(subject.grey, box), self, "of the most crowded side of the logo"),
        )


class LogoSearchCheck:
    """The same where the model reports no place of a logo: it is searched for in the whole image.

    A missing logo is measured only of an image that should have kept one (`Subject.expects_logo`): most models never
    see the brand's artwork, and a gate on it would reject all of their images.
    """

    name: Final = "logo_search"
    version: Final = "1"
    scales: Final = (MATCH, CROWDING)

    def measure(self, subject: Subject) -> tuple[Measurement, ...]:
        """Both measurements of a logo that is found, the likeness alone of one that is missing."""
        if subject.logo is None or subject.logo_boxes:
            return ()
        found = find_logo(subject.common, subject.logo)
        if found is None or found.likeness < FOUND:
            likeness = 0.0 if found is None else found.likeness
            return (MATCH.reading(likeness, self, "looked for everywhere"),) if subject.expects_logo else ()
        return (
            MATCH.reading(found.likeness, self, "found by search"),
            CROWDING.reading(crowding(subject.grey, found.box), self, "of the most crowded side of the logo"),
        )
