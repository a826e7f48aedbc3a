"""Whether a model may be asked at all: a breaker with half-open probes, one for each model.

While its provider is away, or throttles whatever is sent, the breaker is open: no call begins. Then one call goes
ahead as a probe; where it is answered, each answer lets one more go at once, so that a provider that comes back is
not run over (the slow start of TCP congestion control, RFC 5681, section 3.1), until the breaker is closed again. A
single answer of 429 opens nothing: calls stop for as long as the provider asks, and the rate limiter slows down.

Refusals, bad requests and bad images are answers: they never count against a provider.

Times are in seconds of any steady clock.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

FAILURES_TO_OPEN: Final = 3
"""So many calls in a row without an answer are an outage; fewer are bad luck, which a retry mends."""
THROTTLES_TO_OPEN: Final = 4
"""So many rounds of calls in a row that were all turned away for coming too soon: slowing down does not help."""
FIRST_PAUSE: Final = 1.0
LONGEST_PAUSE: Final = 8.0
"""Seconds between two probes: an outage ends at most so long before it is seen."""
THROTTLED_PAUSE: Final = 1.0
"""Seconds for which calls stop after a 429 that does not say how long to wait."""
PROBES_TO_CLOSE: Final = 16
"""Once so many calls may be under way at once, the provider is back."""


@dataclass(frozen=True, slots=True)
class CallMark:
    """Which call it was: its number, the outage that it began after, the throttling that it began after."""

    number: int
    outage: int
    throttle: int


class CircuitBreaker:
    """What the latest calls of one model say of its provider."""

    def __init__(self) -> None:
        self._number = 0
        self._outages = 0
        self._throttles = 0
        self._failures = 0
        self._throttles_in_row = 0
        self._last_failed = 0
        self._probes: int | None = None
        self._probing = 0
        self._pause = FIRST_PAUSE
        self._paused_until = 0.0

    @property
    def is_closed(self) -> bool:
        """Whether calls begin as usual; false while the provider is away, and while probes see whether it is back."""
        return self._probes is None

    @property
    def outages(self) -> int:
        """How often the breaker has opened; a probe that fails counts as another opening."""
        return self._outages

    @property
    def open_until(self) -> float:
        """When the next probe may begin; 0 with a closed breaker."""
        return 0.0 if self.is_closed else self._paused_until

    def pause_left(self, now: float) -> float:
        """Seconds for which no call may begin."""
        return max(0.0, self._paused_until - now)

    def may_begin(self, now: float) -> bool:
        """Whether a call may begin, be it as a probe. Whoever begins one says so, and how it ended."""
        return now >= self._paused_until and (self._probes is None or self._probing < self._probes)

    def is_unavailable(self, now: float) -> bool:
        """Whether a job that can go elsewhere should: the breaker is not closed, and no probe is due."""
        return not self.is_closed and not self.may_begin(now)

    def began(self) -> CallMark:
        """A call is under way; its mark is wanted back at its end."""
        self._number += 1
        if self._probes is not None:
            self._probing += 1
        return CallMark(self._number, self._outages, self._throttles)

    def answered(self, mark: CallMark) -> None:
        """A call was answered: with an image, a bad one, a refusal, or that the request is wrong."""
        self._throttles_in_row = 0
        if not self._is_of_now(mark):
            return
        self._end_probe()
        if mark.number > self._last_failed:
            self._failures = 0
        if self._probes is not None:
            self._probes += 1
            self._pause = FIRST_PAUSE
            if self._probes > PROBES_TO_CLOSE:
                self._close()

    def abandoned(self, mark: CallMark) -> None:
        """A call ended for reasons that are not its provider's."""
        if self._is_of_now(mark):
            self._end_probe()

    def failed(self, mark: CallMark, now: float) -> None:
        """A call got no answer. What began before the outage and fails in it says nothing new."""
        if not self._is_of_now(mark):
            return
        self._failures += 1
        self._last_failed = max(self._last_failed, mark.number)
        if self._probes is not None or self._failures >= FAILURES_TO_OPEN:
            self._open(now)

    def poll_failed(self, mark: CallMark, now: float) -> None:
        """A call goes on, but a poll for its image got no answer."""
        if not self._is_of_now(mark):
            return
        self._failures += 1
        if self._probes is not None or self._failures >= FAILURES_TO_OPEN:
            self._open(now)

    def poll_answered(self, mark: CallMark) -> None:
        """A call goes on, and a poll for its image was answered."""
        if self._is_of_now(mark):
            self._failures = 0

    def throttled(self, mark: CallMark, now: float, retry_after: float | None) -> None:
        """A call was turned away for coming too soon; `retry_after` is how many seconds the provider wants to wait."""
        if self._is_of_now(mark) and mark.throttle == self._throttles:
            self._throttles += 1
            self._throttles_in_row += 1
            if self._probes is not None or self._throttles_in_row >= THROTTLES_TO_OPEN:
                self._open(now)
        seconds = THROTTLED_PAUSE if retry_after is None else retry_after
        self._paused_until = max(self._paused_until, now + seconds)

    def opened_elsewhere(self, until: float) -> None:
        """Another process has found the provider away, and lets nobody begin before `until`."""
        if self.is_closed:
            self._open(until - self._pause)
        self._paused_until = max(self._paused_until, until)

    def recovered_elsewhere(self) -> None:
        """Another process has found the provider back: the next call here may be a probe at once."""
        if not self.is_closed:
            self._paused_until = 0.0

    def _is_of_now(self, mark: CallMark) -> bool:
        return mark.outage == self._outages

    def _end_probe(self) -> None:
        if self._probes is not None:
            self._probing -= 1

    def _open(self, now: float) -> None:
        self._outages += 1
        self._failures = 0
        self._probes, self._probing = 1, 0
        self._paused_until = now + self._pause
        self._pause = min(2.0 * self._pause, LONGEST_PAUSE)

    def _close(self) -> None:
        self._probes, self._probing = None, 0
        self._throttles_in_row = 0
