"""A refinement beside its candidate at one size, and what several checks need of the two: computed once a pair."""

from __future__ import annotations

from functools import cached_property
from typing import Final
from weakref import WeakKeyDictionary

from imaging.measures.drift.structure import Likeness, compare
from imaging.measures.subject import SMALL_LONG_SIDE, Subject
from imaging.pixels import BgrImage, Levels, resized, to_grey

_SAME_RATIO: Final = 0.02
"""The relative difference of two ratios that count as one format: the rounding of whole pixels at draft size."""
_SMALLEST_SIDE: Final = 32
"""Pixels of the shorter side of the compared images: SSIM's window has 11."""


class Pair:
    """Both images (BGR) in one size, in the candidate's ratio: half of its own length, and at most 256 pixels long.

    At a larger size a draft's small letters are drawn by single pixels, which no final draws alike.
    """

    def __init__(self, refinement: Subject, candidate: Subject) -> None:
        height, width = candidate.pixels.shape[:2]
        scale = min(SMALL_LONG_SIDE / max(height, width), 0.5)
        size = (max(_SMALLEST_SIDE, round(width * scale)), max(_SMALLEST_SIDE, round(height * scale)))
        self.now: Final[BgrImage] = resized(refinement.common, size)
        self.before: Final[BgrImage] = resized(candidate.common, size)

    @cached_property
    def greys(self) -> tuple[Levels, Levels]:
        """Luma (Rec. 601) of now and before."""
        return to_grey(self.now), to_grey(self.before)

    @cached_property
    def likeness(self) -> Likeness:
        """The two compared window by window."""
        return compare(*self.greys)


_PAIRS: Final[WeakKeyDictionary[Subject, tuple[Subject, Pair]]] = WeakKeyDictionary()


def pair(refinement: Subject, candidate: Subject) -> Pair:
    """The pair; the last one of each refinement is kept as long as the refinement is."""
    known = _PAIRS.get(refinement)
    if known is not None and known[0] is candidate:
        return known[1]
    made = Pair(refinement, candidate)
    _PAIRS[refinement] = (candidate, made)
    return made


def same_ratio(first: Subject, second: Subject) -> bool:
    """Whether two images are of one format, up to the rounding of whole pixels."""
    return abs(first.ratio / second.ratio - 1.0) <= _SAME_RATIO
