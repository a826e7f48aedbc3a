"""Choices by seed, spread evenly: consecutive seeds are the points of a low-discrepancy sequence.

Richtmyer's sequence ("The evaluation of definite integrals", 1951): along axis k a seed stands at the fractional part
of seed x sqrt(p), p a prime of its own. Seeds that are far apart, as hashes are, stand at places as good as random.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from math import isqrt
from typing import Final, TypeVar

Choice = TypeVar("Choice")

AXES: Final = 10
_SEEDS: Final = 2**31


_PRIMES: Final = (29, 71, 233, 151, 5, 7, 11, 13, 3, 19)
"""One an axis. The first four (layout, ground, scheme, product) were searched for: twelve consecutive seeds have twelve
layouts, and among fifty those with the same layout lie as far apart as can be on the other three."""
_STEPS: Final = tuple(isqrt(prime * _SEEDS**2) % _SEEDS | 1 for prime in _PRIMES)
"""How far, in parts of 2^31, each axis moves from one seed to the next: whole numbers, so that nothing is rounded."""


class Point:
    """The place of a seed (0 to 2^31 - 1) in the space of choices."""

    def __init__(self, seed: int) -> None:
        self._seed = seed

    @property
    def detail(self) -> int:
        """A number, 0 to 2^32 - 1, that has nothing to do with the seeds beside it."""
        return int.from_bytes(hashlib.sha256(b"detail %d" % self._seed).digest()[:4], "big")

    def choice(self, axis: int, options: Sequence[Choice]) -> Choice:
        """The option at which the point stands along `axis`, each with an equal share."""
        at = (self._seed * _STEPS[axis] + _SEEDS // 2) % _SEEDS
        return options[at * len(options) // _SEEDS]
