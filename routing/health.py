"""Whether a model may be asked now.

While its provider is away or throttles, calls pause, so that jobs wait instead of using up their attempts. Then
one call goes ahead; where it is answered, each answer lets one more go at once, so that a provider that comes back
is not run over (the slow start of TCP congestion control, RFC 5681, section 3.1).

Times are in seconds of any steady clock.
"""

from __future__ import annotations

from typing import Final

FAILURES_TO_PAUSE: Final = 3
"""So many calls in a row without an answer are an outage; fewer are bad luck, which a retry mends."""
FIRST_PAUSE: Final = 1.0
LONGEST_PAUSE: Final = 8.0
"""Seconds between two calls that see whether the provider is back: an outage ends at most so long before it is seen."""
UNLIMITED: Final = 1024
"""As many calls at once as a worker may have in hand."""


class Health:
    """What the latest calls of one model say of its provider."""

    def __init__(self) -> None:
        self._calls = 0
        self._failures = 0
        self._allowed = UNLIMITED
        self._pause = FIRST_PAUSE
        self._paused_until = 0.0

    def pause_left(self, now: float) -> float:
        """Seconds for which no call may begin."""
        return max(0.0, self._paused_until - now)

    def may_begin(self, now: float) -> bool:
        """Whether a call may begin. Whoever begins one says so, and how it ended."""
        return now >= self._paused_until and self._calls < self._allowed

    def began(self) -> None:
        """A call is under way."""
        self._calls += 1

    def answered(self) -> None:
        """A call was answered: with a picture, a bad one, a refusal, or that the request is wrong."""
        self._calls -= 1
        self._failures = 0
        self._pause = FIRST_PAUSE
        self._allowed = min(self._allowed + 1, UNLIMITED)

    def abandoned(self) -> None:
        """A call ended for reasons that are not its provider's."""
        self._calls -= 1

    def failed(self, now: float) -> None:
        """A call got no answer."""
        self._calls -= 1
        self._failures += 1
        if self._failures >= FAILURES_TO_PAUSE:
            self._stop(now, None)

    def throttled(self, now: float, retry_after: float | None) -> None:
        """A call was turned away for coming too soon; `retry_after` where the provider says how long to wait."""
        self._calls -= 1
        self._stop(now, retry_after)

    def _stop(self, now: float, seconds: float | None) -> None:
        """Pause. What began before the pause and fails in it says nothing new; its provider's wish still counts."""
        if now >= self._paused_until:
            self._paused_until = now + self._pause
            self._pause = min(2.0 * self._pause, LONGEST_PAUSE)
            self._allowed = 1
        if seconds is not None:
            self._paused_until = max(self._paused_until, now + seconds)
