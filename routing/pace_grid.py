"""Starts of calls at a steady rate, each process on its own turn of one common clock.

Providers count the calls of a second, a minute, or by a leaking bucket; starts that are spread evenly keep every
such limit. Where several processes share a rate, each starts at moments of its own: of three with a third each,
the first takes the 1st, 4th, 7th moment, the second the 2nd, 5th, 8th. So together they are as even as one.

Times are in seconds of a clock that all processes share.
"""

from __future__ import annotations

import math
from typing import Final

from routing.pace_shares import Share

IN_STORE: Final = 2
"""Moments that may be used late: without a store, whoever is a little late would lose his turn."""
_EXACT: Final = 1e-6
"""Seconds by which a moment may be missed to either side; a float of the epoch's seconds is good to 1e-7."""


class Grid:
    """The moments at which calls of one model may start in this process."""

    def __init__(self) -> None:
        self._used = -math.inf

    def next_start(self, now: float, rate: float, share: Share) -> float:
        """The earliest moment for the next start, `now` at the earliest; `rate` is that of all processes, a second."""
        return now if math.isinf(rate) else max(now, self._next(now, rate, share))

    def is_behind(self, now: float, rate: float, share: Share) -> bool:
        """Whether a start now uses the latest moment there is: calls begin as fast as the rate lets them."""
        return not math.isinf(rate) and self._next(now, rate, share) > now - 1.0 / (rate * share.fraction)

    def start(self, now: float, rate: float, share: Share) -> None:
        """A call starts."""
        self._used = now if math.isinf(rate) else self._next(now, rate, share)

    def _next(self, now: float, rate: float, share: Share) -> float:
        """The first moment after the one used last, and at most `IN_STORE` moments before now."""
        period = 1.0 / (rate * share.fraction)
        offset = share.before * period
        oldest = math.floor((now - offset) / period + _EXACT) - (IN_STORE - 1)
        if math.isinf(self._used):
            return oldest * period + offset
        after_used = math.floor((self._used - offset) / period + _EXACT) + 1
        return max(oldest, after_used) * period + offset
