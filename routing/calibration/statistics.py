"""Two samples compared within strata: a permutation test, an effect size with its interval, and Holm's correction.

Strata are the briefs of a golden set. Images of one brief share words, brand and format. So versions are compared on
the same brief alone, and a brief that is hard for both counts against neither.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

FloatMatrix = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Numbers = npt.NDArray[np.int64]

PERMUTATIONS: Final = 9_999
"""The least p is 1e-4: multiplied by some thirty measurements it is still below 0.01."""
_Z: Final = 1.959964
"""The 97.5 % quantile of the standard normal distribution."""


@dataclass(frozen=True, slots=True)
class Pooled:
    """Two samples in one: `values` (images by measurements, NaN if not measured), `later` marks the second one."""

    values: FloatMatrix
    later: Flags
    strata: Numbers

    def blocks(self) -> list[Numbers]:
        """The rows of each stratum that has images of both samples."""
        rows = [np.flatnonzero(self.strata == stratum) for stratum in np.unique(self.strata)]
        return [block for block in rows if 0 < self.later[block].sum() < len(block)]


def shift_p(pooled: Pooled, seed: int, permutations: int = PERMUTATIONS) -> FloatMatrix:
    """The two-sided p of each measurement under the hypothesis that both samples have one distribution.

    The statistic is van Elteren's: the later sample's rank sums within strata, each divided by its size plus one. Its
    distribution comes from `permutations` random exchanges of labels within strata, drawn from `seed`. The observed one
    counts among them, so p is never 0 and the test is exact at any size (Phipson and Smyth, 2010).
    """
    random = np.random.default_rng(seed)
    observed = np.zeros(pooled.values.shape[1])
    drawn = np.zeros((permutations, pooled.values.shape[1]))
    for block in pooled.blocks():
        scores = centred_ranks(pooled.values[block]) / (len(block) + 1)
        later = pooled.later[block]
        observed += later.astype(np.float64) @ scores
        # argsort of random numbers is a random permutation: its first places are the later sample.
        exchanged = random.random((permutations, len(block))).argsort(axis=1) < later.sum()
        drawn += exchanged.astype(np.float64) @ scores
    as_far = np.abs(drawn) >= np.abs(observed) - 1e-9
    return np.asarray((1.0 + as_far.sum(axis=0)) / (permutations + 1.0))


def centred_ranks(values: FloatMatrix) -> FloatMatrix:
    """The mid-ranks of each column minus their mean; 0 if not measured."""
    ranks = np.zeros_like(values)
    for column, cells in enumerate(values.T):
        known = ~np.isnan(cells)
        ordered = np.sort(cells[known])
        below, up_to = (np.searchsorted(ordered, cells[known], side) for side in ("left", "right"))
        ranks[known, column] = (below + up_to + 1) / 2.0 - (len(ordered) + 1) / 2.0
    return ranks


def deltas(pooled: Pooled) -> tuple[FloatMatrix, FloatMatrix, FloatMatrix]:
    """Cliff's delta of each measurement and its 95 % interval (low, high), over all strata.

    Each stratum counts by its number of pairs. The interval is Cliff's with the asymmetry of Feng and Cliff (2004),
    which keeps it within -1 to 1; a delta of 1 is bounded by the size of the smaller sample.
    """
    columns = [_delta(pooled, column) for column in range(pooled.values.shape[1])]
    delta, low, high = (np.array(part) for part in zip(*columns, strict=True))
    return delta, low, high


def _delta(pooled: Pooled, column: int) -> tuple[float, float, float]:
    total, variance, pairs, smaller = 0.0, 0.0, 0, 0
    for block in pooled.blocks():
        cells, later = pooled.values[block, column], pooled.later[block]
        known = ~np.isnan(cells)
        after, before = cells[known & later], cells[known & ~later]
        if not len(after) or not len(before):
            continue
        dominance = np.sign(after[:, None] - before[None, :])
        count = dominance.size
        total += float(dominance.sum())
        variance += count**2 * _variance(dominance)
        pairs += count
        smaller += min(len(after), len(before))
    if not pairs:
        return 0.0, -1.0, 1.0
    return total / pairs, *_interval(total / pairs, variance / pairs**2, smaller)


def _variance(dominance: FloatMatrix) -> float:
    """Cliff's unbiased estimate of the variance of delta from the signs of all pairs, with its lower bound."""
    rows, columns = dominance.shape
    if min(rows, columns) < 2:  # noqa: PLR2004 - one image has no variance: the largest is assumed
        return 1.0
    delta = float(dominance.mean())
    of_rows = float(((dominance.mean(axis=1) - delta) ** 2).sum())
    of_columns = float(((dominance.mean(axis=0) - delta) ** 2).sum())
    of_pairs = float(((dominance - delta) ** 2).sum())
    count = rows * columns
    spread = (columns**2 * of_rows + rows**2 * of_columns - of_pairs) / (count * (rows - 1) * (columns - 1))
    return float(max(spread, (1.0 - delta**2) / (count - 1)))


def _interval(delta: float, variance: float, smaller: int) -> tuple[float, float]:
    if abs(delta) >= 1.0:  # the variance is 0: a bound from the sample size alone
        bound = (smaller - _Z**2) / (smaller + _Z**2)
        return (bound, 1.0) if delta > 0 else (-1.0, -bound)
    middle = delta - delta**3
    half = _Z * (variance * ((1.0 - delta**2) ** 2 + _Z**2 * variance)) ** 0.5
    width = 1.0 - delta**2 + _Z**2 * variance
    return max(-1.0, (middle - half) / width), min(1.0, (middle + half) / width)


def holm(p_values: Sequence[float]) -> tuple[float, ...]:
    """`p_values` corrected for multiple tests after Holm (1979)."""
    order = sorted(range(len(p_values)), key=lambda place: p_values[place])
    adjusted, worst = [0.0] * len(p_values), 0.0
    for step, place in enumerate(order):
        worst = max(worst, min(1.0, (len(p_values) - step) * p_values[place]))
        adjusted[place] = worst
    return tuple(adjusted)
