"""How different two pictures are, by the signatures on their scorecards."""

from __future__ import annotations

import math
import struct
from collections.abc import Iterable
from typing import Final

from schemas.scorecards import Signature

GRID_SIDE: Final = 4
UNRELATED_BITS: Final = 32
"""Two unrelated pictures differ in half of the 64 bits of a perceptual hash."""
UNRELATED_COLOUR: Final = 50.0
"""Root mean square of CIELAB differences at which two grids share no colour scheme: half of black to white."""

LabCell = tuple[int, int, int]


def decode_grid(signature: Signature) -> tuple[LabCell, ...]:
    """The 16 mean colours (L* 0 to 100, a* and b* -128 to 127), row by row from the top left."""
    values = struct.unpack(f"{3 * GRID_SIDE**2}b", bytes.fromhex(signature.lab_grid))
    return tuple((values[i], values[i + 1], values[i + 2]) for i in range(0, len(values), 3))


def structure_distance(first: Signature, second: Signature) -> float:
    """0 (the same arrangement of light and dark) to 1 (as different as unrelated pictures)."""
    differing = (int(first.phash, 16) ^ int(second.phash, 16)).bit_count()
    return min(1.0, differing / UNRELATED_BITS)


def colour_distance(first: Signature, second: Signature) -> float:
    """0 (the same colours in the same places) to 1. The root mean square makes one recoloured block count."""
    squares = [
        sum((x - y) ** 2 for x, y in zip(a, b, strict=True))
        for a, b in zip(decode_grid(first), decode_grid(second), strict=True)
    ]
    return min(1.0, math.sqrt(sum(squares) / len(squares)) / UNRELATED_COLOUR)


def distance(first: Signature, second: Signature) -> float:
    """How different two pictures are, 0 (the same) to 1 (unrelated): the mean of structure and colour.

    A metric on signatures: symmetrical, 0 for equal ones, and the way over a third is never shorter.
    """
    return (structure_distance(first, second) + colour_distance(first, second)) / 2.0


def novelty(signature: Signature, others: Iterable[Signature]) -> float:
    """The distance to the nearest of `others`; 1 where there are none."""
    return min((distance(signature, other) for other in others), default=1.0)
