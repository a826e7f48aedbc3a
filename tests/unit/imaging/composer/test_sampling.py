from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imaging.composer.scene.axes import ABOUT_A_PRODUCT, AXES, SeedPoint, axes_of
from schemas.scenes import LAYOUTS

SEEDS = st.integers(0, 2**31 - 1)


@given(SEEDS, st.integers(0, AXES - 1), st.integers(2, len(LAYOUTS)))
def test_consecutive_seeds_choose_every_option_equally_often(seed, axis, count):
    taken = Counter(SeedPoint((seed + step) % 2**31).choice(axis, range(count)) for step in range(400))
    even = 400 / count
    assert all(abs(taken[option] - even) <= max(6, 0.3 * even) for option in range(count))


@given(SEEDS)
def test_fifty_drafts_show_sixteen_layouts(seed):
    assert len({axes_of((seed + step) % 2**31, 1250, 3).layout for step in range(50)}) >= 16


@given(SEEDS)
def test_a_brand_without_products_gets_no_layout_that_needs_one(seed):
    assert axes_of(seed, 1250, 0).layout not in ABOUT_A_PRODUCT


@pytest.mark.parametrize("seed", [0, 7, 2**31 - 1])
def test_a_seed_makes_one_scene(seed):
    assert axes_of(seed, 1250, 3) == axes_of(seed, 1250, 3)
