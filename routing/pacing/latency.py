"""How long a model's answers take: detect a model that slowed down, and decide when a second call pays.

A provider with a queue never answers 429: with more concurrent calls, each takes longer. So a median of twice the usual
one counts as a limit that was met (the gradient of Netflix's concurrency-limits, with a threshold in place of a slope).

A second call for the same image pays where a model is usually fast and sometimes very slow: sent once the first has
taken longer than nearly all, it costs little and cuts the tail (Dean and Barroso, "The Tail at Scale", 2013).
"""

from __future__ import annotations

from collections import deque
from statistics import median
from typing import Final

KEPT: Final = 64
"""Answers over which quantiles are taken."""
FEWEST: Final = 20
"""Answers that a 95th percentile needs: of fewer it is the largest."""
ROUND: Final = 16
"""Answers whose median is compared with the usual one."""
SLOW: Final = 2.0
FORGET: Final = 1.25
"""Growth of the usual latency with each slow round: a model that stays slow is a slow model and not an overloaded
one."""
LONG_TAIL: Final = 2.0
"""A second call pays if the 95th percentile is this many times the median; a lognormal with sigma 0.42 reaches it."""


class Latencies:
    """The latencies in seconds of one model's latest answers."""

    def __init__(self) -> None:
        self._kept: deque[float] = deque(maxlen=KEPT)
        self._round: list[float] = []
        self._usual: float | None = None

    def add(self, seconds: float) -> bool:
        """Add an answer that took `seconds`. Returns whether it completes a round that was slow."""
        self._kept.append(seconds)
        self._round.append(seconds)
        if len(self._round) < ROUND:
            return False
        middle, usual = median(self._round), self._usual
        self._round.clear()
        if usual is None or middle <= usual:
            self._usual = middle
            return False
        is_slow = middle > SLOW * usual
        self._usual = usual * FORGET if is_slow else usual
        return is_slow

    @property
    def middle(self) -> float | None:
        """The median in seconds; None before the first answer."""
        return median(self._kept) if self._kept else None

    @property
    def high(self) -> float | None:
        """The 95th percentile in seconds; None with too few answers."""
        if len(self._kept) < FEWEST:
            return None
        return sorted(self._kept)[min(len(self._kept) - 1, int(0.95 * len(self._kept)))]


class Hedging:
    """Decides whether a second call for the same image is sent, and when.

    Args:
        most_usd: highest price of an image, in US dollars, that may be paid twice.
        share: largest part of all calls, 0 to 1, that may get a second one.
    """

    def __init__(self, most_usd: float, share: float) -> None:
        self._most_usd = most_usd
        self._share = share
        self._calls = 0
        self._second_calls = 0

    def after(self, latencies: Latencies, price_usd: float) -> float | None:
        """Seconds after which a call without an answer is joined by a second one; None for no second call."""
        self._calls += 1
        middle, high = latencies.middle, latencies.high
        if middle is None or high is None or high <= LONG_TAIL * middle or price_usd > self._most_usd:
            return None
        return high if self._second_calls + 1 <= self._share * self._calls else None

    def sent(self) -> None:
        """Report that a second call was sent."""
        self._second_calls += 1
