"""Promotion: at most k, never a gated one, never two near-duplicates while a different one qualifies."""

from __future__ import annotations

import random

from hypothesis import given
from hypothesis import strategies as st

from routing.brief.candidate import Candidate
from routing.brief.promotion import choose
from routing.scoring.novelty import same_idea
from schemas.scorecards import Signature
from tests.support.factories import make_image

BLACK = "00" * 48
GRIDS = (BLACK, "64" + "00" * 47, "643c28" * 16, "32e0d0" * 16)
"""Black, one white corner, and two brand colours all over."""
CONTENTS = ("", "7f" * 64, "7f81" * 32)


def candidate(
    name: str,
    score: float,
    *,
    gates: tuple[str, ...] = (),
    phash: int = 0,
    grid: str = BLACK,
    content: str = "",
) -> Candidate:
    return Candidate(
        candidate_id=name,
        variant=0,
        image=make_image(name),
        score=score,
        gates=gates,
        reasons=(),
        signature=Signature(phash=f"{phash:016x}", lab_grid=grid, content=content),
    )


rows = st.tuples(
    st.floats(0.0, 1.0, allow_nan=False),
    st.sampled_from([(), ("technical.edge_blur",)]),
    st.sampled_from([0, 1, 2**40, 2**64 - 1]) | st.integers(0, 2**64 - 1),
    st.sampled_from(GRIDS),
    st.sampled_from(CONTENTS),
)
pools = st.lists(rows, max_size=12).map(
    lambda drawn: [
        candidate(f"drf-{n:02}", score, gates=gates, phash=phash, grid=grid, content=content)
        for n, (score, gates, phash, grid, content) in enumerate(drawn)
    ]
)


@given(pools, st.integers(1, 6), st.randoms(use_true_random=False))
def test_the_same_answer_in_any_order(pool: list[Candidate], count: int, chance: random.Random) -> None:
    shuffled = list(pool)
    chance.shuffle(shuffled)
    assert choose(shuffled, count) == choose(pool, count)


@given(pools, st.integers(1, 6))
def test_never_more_than_k_never_gated_never_twice(pool: list[Candidate], count: int) -> None:
    chosen = choose(pool, count)
    assert len(chosen) == min(count, sum(not each.gates for each in pool))
    assert all(not each.gates for each in chosen)
    assert len({each.candidate_id for each in chosen}) == len(chosen)


@given(pools, st.integers(1, 6), st.integers(0, 3))
def test_no_near_duplicate_while_a_different_one_qualifies(pool: list[Candidate], count: int, before: int) -> None:
    taken = [each for each in pool if not each.gates][:before]
    chosen = choose(pool, count, taken)
    for place, pick in enumerate(chosen):
        picks = [*taken, *chosen[:place]]
        if any(same_idea(pick.signature, each.signature) for each in picks):
            rest = [each for each in pool if not each.gates and each not in picks]
            assert all(any(same_idea(each.signature, other.signature) for other in picks) for each in rest)


@given(pools, st.integers(1, 6))
def test_the_first_pick_is_the_best_that_qualifies(pool: list[Candidate], count: int) -> None:
    chosen = choose(pool, count)
    assert not chosen or chosen[0].score == max(each.score for each in pool if not each.gates)


@given(pools, st.integers(1, 6), st.integers(1, 6))
def test_a_larger_count_only_adds_picks(pool: list[Candidate], count: int, more: int) -> None:
    """A higher k keeps the picks of a lower one: raising it never withdraws a promotion."""
    assert choose(pool, count + more)[:count] == choose(pool, count)


def test_the_best_comes_first() -> None:
    pool = [candidate("drf-a", 0.4), candidate("drf-b", 0.9), candidate("drf-c", 0.6)]
    assert [each.candidate_id for each in choose(pool, 1)] == ["drf-b"]


def test_a_different_idea_is_preferred_to_a_twin_of_the_best() -> None:
    twin_a, twin_b = candidate("drf-a", 0.9, phash=1), candidate("drf-b", 0.89, phash=1)
    other = candidate("drf-c", 0.5, phash=2**64 - 1)
    assert [each.candidate_id for each in choose([twin_a, twin_b, other], 2)] == ["drf-a", "drf-c"]


def test_candidates_promoted_before_count_as_taken() -> None:
    first, second = candidate("drf-a", 0.9), candidate("drf-b", 0.8, phash=2**64 - 1)
    assert choose([first, second], 2, taken=[first]) == (second,)
