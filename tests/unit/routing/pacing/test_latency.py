"""Latencies: slow rounds, and second calls where they pay."""

from __future__ import annotations

from random import Random

from routing.pacing.latency import ROUND, Hedging, Latencies


def filled(draw: list[float]) -> Latencies:
    latencies = Latencies()
    for seconds in draw:
        latencies.add(seconds)
    return latencies


def test_a_round_of_twice_the_usual_latency_is_slow() -> None:
    latencies = filled([1.0] * ROUND)
    assert [latencies.add(2.5) for _ in range(ROUND)] == [False] * (ROUND - 1) + [True]


def test_a_model_that_stays_slow_stops_counting_as_overloaded() -> None:
    latencies = filled([1.0] * ROUND)
    slow = sum(latencies.add(3.0) for _ in range(20 * ROUND))
    assert 1 <= slow <= 4


def test_a_second_call_pays_only_with_a_long_tail() -> None:
    even = filled([1.0 + number / 100 for number in range(40)])
    tailed = filled([1.0] * 36 + [9.0] * 4)
    assert Hedging(1.0, 1.0).after(even, 0.01) is None
    assert Hedging(1.0, 1.0).after(tailed, 0.01) == 9.0
    assert Hedging(1.0, 1.0).after(filled([1.0, 9.0]), 0.01) is None, "two answers say nothing of a tail"


def test_price_and_share_limit_second_calls() -> None:
    tailed = filled([1.0] * 36 + [9.0] * 4)
    assert Hedging(most_usd=0.005, share=1.0).after(tailed, 0.01) is None
    hedging, sent = Hedging(most_usd=1.0, share=0.05), 0
    for _ in range(1000):
        if hedging.after(tailed, 0.01) is not None:
            hedging.sent()
            sent += 1
    assert 40 <= sent <= 50


def test_a_lognormal_tail_counts_and_a_narrow_one_does_not() -> None:
    random = Random(1)
    wide = filled([random.lognormvariate(0.0, 0.8) for _ in range(64)])
    narrow = filled([random.lognormvariate(0.0, 0.1) for _ in range(64)])
    assert Hedging(1.0, 1.0).after(wide, 0.0) is not None
    assert Hedging(1.0, 1.0).after(narrow, 0.0) is None
