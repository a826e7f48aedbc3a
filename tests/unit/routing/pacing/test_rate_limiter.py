"""Processes that share a provider with hidden limits, on simulated time: few 429s, and little capacity unused."""

from __future__ import annotations

import statistics
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from routing.pacing.rate_limiter import RateLimiter
from routing.pacing.shares import ALONE
from routing.pacing.spacing import AdvertisedLimit
from tests.support.paced import Provider, World

LEARNED = 1030.0


def result(at_once: int, a_second: int, low: float, high: float, count: int, seed: int) -> tuple[float, float]:
    """Throughput relative to the limit, and the share of 429s, from 30 s to 150 s."""
    world = World(Provider(at_once, a_second, lambda random: random.uniform(low, high)), count, seed=seed)
    world.run(150.0)
    seen = [call for call in world.seen if call.at >= LEARNED]
    taken = sum(call.taken for call in seen)
    limit = min(a_second, at_once / ((low + high) / 2))
    return taken / 120.0 / limit, 1.0 - taken / len(seen)


@pytest.mark.parametrize(("count", "least"), [(1, 0.9), (2, 0.85), (5, 0.5)])
def test_a_limit_on_calls_per_second_is_learned_and_kept(count: int, least: float) -> None:
    results = [result(20, 5, 1.5, 2.5, count, seed) for seed in range(5)]
    assert statistics.median(throughput for throughput, _ in results) >= least
    assert statistics.median(refused for _, refused in results) <= 0.02


def test_a_limit_on_concurrent_calls_is_learned_and_kept() -> None:
    results = [result(20, 5, 6.0, 10.0, 2, seed) for seed in range(5)]
    assert statistics.median(throughput for throughput, _ in results) >= 0.8
    assert statistics.median(refused for _, refused in results) <= 0.04


def test_without_a_limit_calls_soon_fill_all_slots() -> None:
    world = World(Provider(10_000, 10_000, lambda _: 5.0), 2, slots=16)
    world.run(12.0)
    assert world.provider.open_calls == 32
    assert all(call.taken for call in world.seen)


def test_the_share_of_a_killed_process_goes_to_the_others() -> None:
    world = World(Provider(20, 5, lambda random: random.uniform(1.5, 2.5)), 2, seed=3)
    world.run(100.0)
    victim, heir = world.processes
    world.kill(victim)
    world.run(15.0)
    assert heir.limiter.share.fraction == 1.0
    late = [call for call in world.seen if call.at >= world.now - 8.0]
    assert sum(call.taken for call in late) / 8.0 >= 0.75 * 5


def test_a_new_process_starts_with_what_the_others_learned() -> None:
    world = World(Provider(20, 5, lambda random: random.uniform(1.5, 2.5)), 2, seed=1)
    known = world.processes[0]
    world.run(60.0)
    newcomer = RateLimiter(16)
    newcomer.merge(known.limiter.window, known.limiter.rate, world.now)
    assert newcomer.rate == known.limiter.rate


def test_slow_answers_count_as_a_limit_that_was_met() -> None:
    limiter, now = RateLimiter(64), 0.0
    for seconds in [1.0] * 64 + [3.0] * 16:
        starts = [limiter.began(now) for _ in range(4)]
        now += 2.0
        for start in starts:
            limiter.answered(start, now, seconds)
    assert limiter.window.is_met
    assert limiter.window.allows(now) < 64


def test_a_local_model_has_no_limits() -> None:
    limiter = RateLimiter(learns=False)
    starts = [limiter.began(0.0) for _ in range(500)]
    assert limiter.next_start(0.0) == 0.0
    for start in starts:
        limiter.answered(start, 1.0, 1.0)


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 30), st.integers(1, 30), st.integers(1, 4), st.integers(0, 999))
def test_calls_continue_under_any_limits(at_once: int, a_second: int, count: int, seed: int) -> None:
    provider = Provider(at_once, a_second, lambda random: random.uniform(0.5, 1.5), Random(seed).choice([None, 1.0]))
    world = World(provider, count, seed=seed)
    world.run(60.0)
    late = [call for call in world.seen if call.at >= world.now - 30.0]
    assert sum(call.taken for call in late) >= 3
    for process in world.processes:
        process.limiter.share = ALONE
        assert process.limiter.allowed_calls(world.now) >= 1.0


def test_an_advertised_limit_is_kept() -> None:
    limiter, now = RateLimiter(64), 100.0
    limiter.advertised(60.0, 2.0, 10.0, now)
    for _ in range(2):
        assert limiter.next_start(now) == now
        limiter.answered(limiter.began(now), now, 1.0)
    assert limiter.next_start(now) == now + 10.0


def test_after_the_reset_calls_begin_again() -> None:
    advertised = AdvertisedLimit()
    advertised.update(5.0, 0.0, 10.0, 100.0, ALONE)
    assert advertised.next_start(105.0) == 110.0
    assert advertised.next_start(110.0) == 110.0


def test_a_daily_quota_does_not_pace_calls() -> None:
    advertised = AdvertisedLimit()
    advertised.update(100.0, 0.0, 86_400.0, 100.0, ALONE)
    assert advertised.next_start(100.0) == 100.0
