"""Novelty: the signature that images are compared by, and the distance to what the campaign published before.

The distance of two signatures is the caller's rule; among its siblings the promotion compares a candidate itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, TypeAlias

import cv2
import numpy as np

from imaging.measures.check import Scale
from imaging.measures.content.network import EMBEDDING_SIZE
from imaging.measures.subject import Subject
from imaging.pixels import Floats, Levels, middle, resized, to_lab
from schemas.scorecards import SIGNATURE_CONTENT_SIZE, SIGNATURE_GRID_SIDE, Measurement, Signature

PUBLISHED: Final = Scale("novelty.published", "distance", 0.0, 1.0, "higher")
Novelty: TypeAlias = Callable[[Signature, Iterable[Signature]], float]
"""The distance, 0 (the same) to 1 (unrelated), of a signature to the nearest of others."""

_HASHED_SIDE: Final = 32
_FREQUENCIES: Final = 8
_SEED: Final = 20_031_104
_LEVELS: Final = 127.0


class PublishedCheck:
    """The distance (by `novelty`) to the nearest image that the campaign published: 0 the same, 1 unrelated."""

    name: Final = "published"
    version: Final = "1"
    scales: Final = (PUBLISHED,)

    def __init__(self, novelty: Novelty) -> None:
        self._novelty = novelty

    def measure(self, subject: Subject) -> tuple[Measurement, ...]:
        """One measurement; none where no one looked what was published, 1 where nothing was."""
        if subject.published is None:
            return ()
        nearest = self._novelty(signature(subject), subject.published) if subject.published else 1.0
        return (PUBLISHED.reading(nearest, self, f"of {len(subject.published)} published"),)


@dataclass(frozen=True, slots=True)
class Sketch:
    """The part of a signature that comes from the pixels: a 64-bit pHash of the luma, and 4 x 4 mean colours in CIELAB.

    Both are in hex.
    """

    phash: str
    lab_grid: str


def sketch(subject: Subject) -> Sketch:
    """The sketch of `subject`: cheapest before the network runs, which fills the processor's caches."""
    grid = to_lab(resized(subject.tiny, (SIGNATURE_GRID_SIDE, SIGNATURE_GRID_SIDE)))
    return Sketch(phash(subject.tiny_grey), _signed_bytes(grid))


def signature(subject: Subject, sketched: Sketch | None = None) -> Signature:
    """The signature: the sketch, made here unless it is given as `sketched`, and 64 numbers for what is shown."""
    drawn = sketched or sketch(subject)
    return Signature(phash=drawn.phash, lab_grid=drawn.lab_grid, content=_content(subject.content.embedding))


def phash(grey: Levels) -> str:
    """The perceptual hash in hex: a bit for each of the 8 x 8 lowest frequencies that is above their median.

    C. Zauner, "Implementation and benchmarking of perceptual image hash functions" (2010). The rows and columns of
    mean values are weighed as in `imagehash`. The tests compare with it; the code does not use it, because it needs
    SciPy.
    """
    squared = cv2.resize(grey, (_HASHED_SIDE, _HASHED_SIDE), interpolation=cv2.INTER_AREA).astype(np.float32)
    low = cv2.dct(squared)[:_FREQUENCIES, :_FREQUENCIES].astype(np.float32)
    low[0] *= np.sqrt(2.0)
    low[:, 0] *= np.sqrt(2.0)
    return np.packbits(low > middle(low)).tobytes().hex()


def _content(embedding: Floats) -> str:
    """The embedding's direction, projected at random from 1024 to 64 numbers (signed bytes), in hex.

    Random projections keep distances: of 64 numbers within about a tenth (W. B. Johnson and J. Lindenstrauss, 1984).
    """
    length = float(np.linalg.norm(embedding))
    projected = _projection() @ (embedding / length) if length > 0.0 else np.zeros(SIGNATURE_CONTENT_SIZE, np.float32)
    return _signed_bytes(projected * np.float32(_LEVELS))


def _signed_bytes(values: Floats) -> str:
    """Each value as the nearest signed byte, in hex."""
    return np.minimum(np.maximum(np.rint(values), np.float32(-128)), np.float32(127)).astype(np.int8).tobytes().hex()


@lru_cache(maxsize=1)
def _projection() -> Floats:
    """A matrix of shape (64, 1024) whose rows have the length of 4, so that the bytes' range is used."""
    matrix = np.random.default_rng(_SEED).normal(size=(SIGNATURE_CONTENT_SIZE, EMBEDDING_SIZE))
    return np.asarray(matrix / np.sqrt(SIGNATURE_CONTENT_SIZE) * 2.0, dtype=np.float32)
