"""The signature that images are compared by; `routing.scoring.novelty` holds the comparison."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import cv2
import numpy as np

from imaging.measures.content.network import EMBEDDING_SIZE
from imaging.measures.subject import Subject
from imaging.pixels import Floats, Levels, middle, resized, to_lab
from routing.scoring.novelty import CONTENT_SIZE, GRID_SIDE
from schemas.scorecards import Signature

_HASHED_SIDE: Final = 32
_FREQUENCIES: Final = 8
_SEED: Final = 20_031_104
_LEVELS: Final = 127.0


@dataclass(frozen=True, slots=True)
class Sketch:
    """What a signature says of the pixels: a 64-bit pHash of the luma and the mean colours of a 4 x 4 grid in CIELAB.

    Both are in hex.
    """

    phash: str
    lab_grid: str


def sketch(subject: Subject) -> Sketch:
    """The sketch of `subject`: cheapest before the network looks, which leaves nothing else in the caches."""
    grid = to_lab(resized(subject.tiny, (GRID_SIDE, GRID_SIDE)))
    return Sketch(phash(subject.tiny_grey), _signed_bytes(grid))


def signature(subject: Subject, sketched: Sketch | None = None) -> Signature:
    """The sketch, where `sketched` has not made it yet, and what is shown in 64 numbers."""
    drawn = sketched or sketch(subject)
    return Signature(phash=drawn.phash, lab_grid=drawn.lab_grid, content=_content(subject.content.embedding))


def phash(grey: Levels) -> str:
    """The perceptual hash in hex: of the 8 x 8 lowest frequencies, which lie above their median.

    C. Zauner, "Implementation and benchmarking of perceptual image hash functions" (2010). The rows and columns of
    mean values are weighed as in `imagehash`, which is the oracle of the tests: it would bring SciPy along.
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
    projected = _projection() @ (embedding / length) if length > 0.0 else np.zeros(CONTENT_SIZE, np.float32)
    return _signed_bytes(projected * np.float32(_LEVELS))


def _signed_bytes(values: Floats) -> str:
    """Each value as the nearest signed byte, in hex."""
    return np.minimum(np.maximum(np.rint(values), np.float32(-128)), np.float32(127)).astype(np.int8).tobytes().hex()


@lru_cache(maxsize=1)
def _projection() -> Floats:
    """A matrix of shape (64, 1024) whose rows have the length of 4, so that the bytes' range is used."""
    matrix = np.random.default_rng(_SEED).normal(size=(CONTENT_SIZE, EMBEDDING_SIZE))
    return np.asarray(matrix / np.sqrt(CONTENT_SIZE) * 2.0, dtype=np.float32)
