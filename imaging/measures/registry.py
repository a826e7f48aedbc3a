"""All checks of a scorecard, in the order of their measurements. A new check is registered here by one line."""

from __future__ import annotations

from typing import Final

from imaging.measures.banding import BandingCheck
from imaging.measures.brand.colour import BrandColourCheck
from imaging.measures.brand.logo import LogoCheck, LogoSearchCheck
from imaging.measures.check import Check, DriftCheck
from imaging.measures.composition import CompositionCheck
from imaging.measures.compression import CompressionCheck
from imaging.measures.content.novelty import Novelty, PublishedCheck
from imaging.measures.content.nudity import NudityCheck
from imaging.measures.drift.content import ContentDrift
from imaging.measures.drift.identity import IdentityDrift
from imaging.measures.drift.lettering import LetteringDrift
from imaging.measures.drift.structure_and_colour import StructureAndColourDrift
from imaging.measures.faces import FacesCheck
from imaging.measures.subject import Subject
from imaging.measures.technical import TechnicalCheck
from imaging.measures.text.legibility import ClutterCheck, TextContrastCheck
from imaging.measures.text.other_scripts import OtherScriptsCheck
from imaging.measures.text.reader import OtherReaders
from imaging.measures.text.wording import WordingCheck
from imaging.pixels import Mask
from schemas.scorecards import Measurement

DRIFT_CHECKS: Final[tuple[DriftCheck, ...]] = (
    StructureAndColourDrift(), LetteringDrift(), ContentDrift(), IdentityDrift(),
)  # fmt: skip
"""They measure each refinement beside its candidate."""


def checks(novelty: Novelty) -> tuple[Check, ...]:
    """The checks of every image; `novelty` is the rule by which two images differ."""
    return (
        TechnicalCheck(), BandingCheck(), CompressionCheck(), CompositionCheck(), BrandColourCheck(),
        TextContrastCheck(), ClutterCheck(), LogoCheck(), NudityCheck(), PublishedCheck(novelty),
    )  # fmt: skip


def costly_checks(others: OtherReaders) -> tuple[Check, ...]:
    """The checks of refinements, and of drafts that can still win; `others` read what PP-OCR does not know."""
    return (WordingCheck(others), OtherScriptsCheck(others), FacesCheck(), LogoSearchCheck())


def measure(subject: Subject, by: tuple[Check, ...]) -> tuple[Measurement, ...]:
    """The measurements of `subject` by the checks `by`."""
    return tuple(measurement for check in by for measurement in check.measure(subject))


def measure_drift(refinement: Subject, candidate: Subject, kept: Mask | None = None) -> tuple[Measurement, ...]:
    """How far `refinement` left `candidate`, where the image was to be `kept` (None: all of it)."""
    return tuple(found for check in DRIFT_CHECKS for found in check.measure(refinement, candidate, kept))
