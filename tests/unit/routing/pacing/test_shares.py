"""Fair shares: processes divide a limit fairly and completely, and none is left out permanently."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routing.pacing.learned_limit import LearnedLimit
from routing.pacing.shares import ROTATION_SECONDS, Demand, LimitShare, share_of
from routing.pacing.spacing import EvenSpacing

NEEDS = st.dictionaries(
    st.sampled_from("abcdefgh"), st.builds(Demand, st.integers(0, 40), st.integers(0, 40)), min_size=1
)


def all_shares(needs: dict[str, Demand], limit: float) -> dict[str, LimitShare]:
    """The shares of the processes with demand, as each computes its own."""
    return {name: share_of(name, needs, limit) for name, need in needs.items() if need.wanted}


@given(NEEDS, st.integers(1, 200), st.floats(0.0, 1e6))
def test_the_shares_of_all_add_up_to_the_limit(needs: dict[str, Demand], limit: int, now: float) -> None:
    shares = all_shares(needs, limit)
    if shares:
        assert sum(share.fraction for share in shares.values()) == pytest.approx(1.0)
        assert sum(share.of(limit, now) for share in shares.values()) == limit


@given(NEEDS, st.integers(1, 200))
def test_a_process_with_more_demand_never_gets_less(needs: dict[str, Demand], limit: int) -> None:
    shares = all_shares(needs, limit)
    ranked = sorted(shares, key=lambda name: needs[name].wanted)
    for less, more in pairwise(ranked):
        assert shares[less].fraction <= shares[more].fraction + 1e-9


def test_a_small_demand_leaves_the_rest_to_others() -> None:
    needs = {"busy": Demand(10, 30), "quiet": Demand(1, 1)}
    assert share_of("busy", needs, 20.0).of(20.0, 0.0) == 18


def test_processes_take_turns_on_a_single_call() -> None:
    needs = {name: Demand(0, 5) for name in "abc"}
    had = {name for turn in range(20) for name in needs if share_of(name, needs, 1.0).of(1.0, turn * ROTATION_SECONDS)}
    assert had == {"a", "b", "c"}


@given(st.integers(1, 6), st.floats(0.5, 50.0), st.floats(0.0, 100.0))
def test_starts_of_all_processes_together_are_as_even_as_those_of_one(count: int, rate: float, begin: float) -> None:
    now = 1000.0 + begin
    limit = LearnedLimit(rate, 990.0, 256.0, met_at=990.0, met=rate, at=990.0)
    starts = []
    for number in range(count):
        grid, moment, share = EvenSpacing(), now, LimitShare(1.0 / count, number / count)
        for _ in range(12):
            moment = grid.next_start(moment, limit, share)
            grid.start(moment, limit, share)
            starts.append(moment)
    starts.sort()
    gaps = [later - earlier for earlier, later in pairwise(starts)]
    inner = gaps[count : -count or None]  # at both ends some have not begun, or are done
    assert min(inner) >= 0.9 / limit.allows(now)
