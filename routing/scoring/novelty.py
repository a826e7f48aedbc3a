"""How different two images are, by the signatures on their scorecards."""

from __future__ import annotations

import math
import struct
from collections.abc import Iterable
from functools import lru_cache
from typing import Final

from schemas.scorecards import SIGNATURE_CONTENT_SIZE, SIGNATURE_GRID_SIDE, Signature

UNRELATED_BITS: Final = 32
"""Two unrelated images differ in half of the 64 bits of a perceptual hash."""
UNRELATED_COLOUR: Final = 50.0
"""Root mean square of CIELAB differences at which two grids share no colour scheme: half of black to white."""
UNRELATED_CONTENT: Final = 0.8
"""The chord between the directions of two images that show different things (their cosine is about 0.68)."""
NEAR_DUPLICATE: Final = 0.30
"""Below this distance two images count as the same idea. The same draft cut 3 % narrower, a shade lighter and saved at
quality 60 measured 0.08 to 0.28; drafts of one campaign and format 0.43 and more (`make bench NAME=defects`)."""
RECOLOURED: Final = 0.2
"""From this colour distance on two images are two ideas, however alike their shapes: one has another brand colour."""

LabCell = tuple[int, int, int]


def decode_grid(signature: Signature) -> tuple[LabCell, ...]:
    """The 16 mean colours (L* 0 to 100, a* and b* -128 to 127), row by row from the top left."""
    values = struct.unpack(f"{3 * SIGNATURE_GRID_SIDE**2}b", bytes.fromhex(signature.lab_grid))
    return tuple((values[i], values[i + 1], values[i + 2]) for i in range(0, len(values), 3))


def structure_distance(first: Signature, second: Signature) -> float:
    """0 (the same arrangement of light and dark) to 1 (as different as unrelated images)."""
    differing = (int(first.phash, 16) ^ int(second.phash, 16)).bit_count()
    return min(1.0, differing / UNRELATED_BITS)


def colour_distance(first: Signature, second: Signature) -> float:
    """0 (the same colours in the same places) to 1. The root mean square makes one recoloured block count."""
    squares = [
        sum((x - y) ** 2 for x, y in zip(a, b, strict=True))
        for a, b in zip(decode_grid(first), decode_grid(second), strict=True)
    ]
    return min(1.0, math.sqrt(sum(squares) / len(squares)) / UNRELATED_COLOUR)


def content_distance(first: Signature, second: Signature) -> float | None:
    """0 (the same content) to 1 (unrelated content); None unless a network looked at both."""
    if not first.content or not second.content:
        return None
    a, b = _direction(first.content), _direction(second.content)
    return min(1.0, math.dist(a, b) / UNRELATED_CONTENT)


def signature_distance(first: Signature, second: Signature) -> float:
    """How different two images are, 0 (the same) to 1 (unrelated): the mean of structure, colour and content.

    A metric on signatures of one kind: symmetric, 0 for equal ones, and it satisfies the triangle inequality.
    """
    parts = [structure_distance(first, second), colour_distance(first, second)]
    content = content_distance(first, second)
    if content is not None:
        parts.append(content)
    return sum(parts) / len(parts)


def same_idea(first: Signature, second: Signature) -> bool:
    """Whether two images are near-duplicates."""
    return signature_distance(first, second) < NEAR_DUPLICATE and colour_distance(first, second) < RECOLOURED


def novelty(signature: Signature, others: Iterable[Signature]) -> float:
    """The distance to the nearest of `others`, 0 to 1; 1 if there are none."""
    return min((signature_distance(signature, other) for other in others), default=1.0)


@lru_cache(maxsize=4096)
def _direction(content: str) -> tuple[float, ...]:
    """The unit vector of 64 signed bytes; all zeros stay zeros."""
    values = struct.unpack(f"{SIGNATURE_CONTENT_SIZE}b", bytes.fromhex(content))
    length = math.hypot(*values) or 1.0
    return tuple(value / length for value in values)
