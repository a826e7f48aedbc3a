"""A limit that a provider tells in its answers: so many calls are left, and at a certain time all are there again.

That reading is right for windows of time, and safe for buckets that leak: there each answer tells of what has come
back in the meantime. Of what is left, a process takes its share.

Times are in seconds of a clock that all processes share.
"""

from __future__ import annotations

import math
from typing import Final

from routing.pacing.shares import Share

LONGEST_RESET: Final = 300.0
"""A longer one (a day's quota) is no pace: what it turns away is told by a 429."""


class Told:
    """What was told last of the calls of one model that are left."""

    def __init__(self) -> None:
        self._left = math.inf
        self._limit = math.inf
        self._until = -math.inf
        self._told = False

    @property
    def is_told(self) -> bool:
        """Whether the provider tells its limit at all."""
        return self._told

    def told(self, limit: float | None, left: float, reset_seconds: float, now: float, share: Share) -> None:
        """An answer tells that `left` of `limit` calls are left, and that all are there in `reset_seconds`."""
        if reset_seconds > LONGEST_RESET or left < 0.0:
            return
        self._told = True
        self._limit = limit if limit is not None and limit > 0 else max(left, 1.0)
        self._left = float(share.of(left, now)) if left >= 1.0 else 0.0
        self._until = now + max(reset_seconds, 0.0)

    def next_start(self, now: float) -> float:
        """The earliest moment for the next start, `now` at the earliest."""
        return now if now >= self._until or self._left >= 1.0 else self._until

    def start(self, now: float, share: Share) -> None:
        """A call starts. After the reset, what is there is the share of the whole limit until an answer tells more."""
        if now >= self._until and self._told and not math.isinf(self._limit):
            self._left = float(max(share.of(self._limit, now), 1))
            self._until = now + 1.0
        self._left -= 1.0
