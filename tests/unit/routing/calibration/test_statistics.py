from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from routing.calibration.statistics import Pooled, centred_ranks, deltas, holm, shift_p

values = arrays(np.float64, (12, 2), elements=st.integers(-5, 5).map(float))


def pooled(before, after, strata=None):
    both = np.concatenate([np.asarray(before, float), np.asarray(after, float)])
    table = both.reshape(len(both), -1)
    later = np.arange(len(both)) >= len(before)
    return Pooled(table, later, np.zeros(len(both), dtype=np.int64) if strata is None else np.asarray(strata))


def test_holm_agrees_with_an_example_worked_by_hand():
    assert holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx((0.03, 0.06, 0.06, 0.02))
    assert holm([0.6, 0.9]) == (1.0, 1.0)


def test_delta_is_the_difference_of_dominances():
    delta, low, high = deltas(pooled([1, 2, 3, 4], [3, 4, 5, 6]))
    assert delta[0] == pytest.approx((13 - 1) / 16)
    assert low[0] < delta[0] < high[0]


def test_delta_of_separated_samples_is_bounded_by_their_size():
    delta, low, high = deltas(pooled(range(10), range(100, 110)))
    assert (delta[0], high[0]) == (1.0, 1.0)
    assert 0.4 < low[0] < 1.0


@given(values)
def test_delta_changes_sign_with_the_samples(table):
    forth, back = pooled(table[:6], table[6:]), pooled(table[6:], table[:6])
    (one, low, high), (other, below, above) = deltas(forth), deltas(back)
    assert one == pytest.approx(-other)
    assert low == pytest.approx(-above)
    assert high == pytest.approx(-below)
    assert (low <= one + 1e-9).all()
    assert (one <= high + 1e-9).all()


def test_a_shift_is_distinguished_from_chance():
    rng = np.random.default_rng(1)
    table = pooled(rng.normal(0, 1, (40, 2)), rng.normal([0, 1.5], 1, (40, 2)))
    same, moved = shift_p(table, seed=3, permutations=999)
    assert same > 0.05
    assert moved == pytest.approx(0.001)


def test_hard_briefs_are_no_shift():
    """One brief gives 0, the other 100; the later sample has more of the second, but neither has changed."""
    before, after = [0.1, 0.2, 0.3] * 6 + [100.1, 100.2], [0.1, 0.2] + [100.1, 100.2, 100.3] * 6
    strata = [0] * 18 + [1] * 2 + [0] * 2 + [1] * 18
    (within,), (mixed,) = (shift_p(pooled(before, after, s), seed=0, permutations=999) for s in (strata, None))
    assert within > 0.2
    assert mixed < 0.01


def test_false_findings_stay_within_their_level():
    """Two hundred pairs of samples of one distribution: p falls below 0.05 in about one of twenty."""
    rng = np.random.default_rng(7)
    p = [shift_p(pooled(*rng.normal(0, 1, (2, 12, 1))), seed=n, permutations=199)[0] for n in range(200)]
    assert 2 <= sum(value <= 0.05 for value in p) <= 20


def test_missing_measurements_are_ignored():
    ranks = centred_ranks(np.array([[1.0, np.nan], [3.0, 2.0], [2.0, np.nan]]))
    assert ranks.tolist() == [[-1.0, 0.0], [1.0, 0.0], [0.0, 0.0]]
    before, after = [[1.0], [np.nan], [2.0]], [[np.nan], [np.nan], [np.nan]]
    delta, low, high = deltas(pooled(before, after))
    assert (delta[0], low[0], high[0]) == (0.0, -1.0, 1.0)
    assert shift_p(pooled(before, after), seed=0, permutations=99)[0] > 0.3


def test_a_brief_of_one_sample_alone_is_ignored():
    assert pooled([1, 2], [3, 4], strata=[0, 1, 1, 2]).blocks()[0].tolist() == [1, 2]
