"""A circuit breaker with half-open probes, one for each model.

The breaker opens when the provider is unavailable or answers every call with 429; while it is open, no call begins.
After a pause one call is let through as a probe (half-open). Each answered probe lets one more call run at the same
time, until the breaker closes: a provider that recovers is not overrun (slow start of TCP congestion control, RFC 5681,
section 3.1). A single 429 does not open the breaker: calls pause for as long as the provider asks, and the rate limiter
slows down.

Refusals, bad requests and bad images are answers. They never count as failures.

Times are seconds of any steady clock.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

FAILURES_TO_OPEN: Final = 3
"""Calls in a row without an answer that count as an outage; fewer are left to retries."""
THROTTLES_TO_OPEN: Final = 4
"""Rounds of calls in a row that all got 429: slowing down does not help."""
FIRST_PAUSE: Final = 1.0
LONGEST_PAUSE: Final = 8.0
"""Seconds between two probes at most: the end of an outage is noticed at most this late."""
THROTTLED_PAUSE: Final = 1.0
"""Seconds for which calls pause after a 429 without a ``Retry-After``."""
PROBES_TO_CLOSE: Final = 16
"""The breaker closes once more than this many calls may run at the same time."""


@dataclass(frozen=True, slots=True)
class CallMark:
    """Identifies a call: its number, and how many outages and throttlings had happened when it began."""

    number: int
    outage: int
    throttle: int


class CircuitBreaker:
    """The breaker of one model, driven by what its latest calls reported."""

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
        """Whether calls begin as usual. False while the provider is unavailable and while probes test it."""
        return self._probes is None

    @property
    def outages(self) -> int:
        """How often the breaker has opened; a failed probe counts as another opening."""
        return self._outages

    @property
    def open_until(self) -> float:
        """When the next probe may begin; 0 while the breaker is closed."""
        return 0.0 if self.is_closed else self._paused_until

    def pause_left(self, now: float) -> float:
        """Seconds until a call may begin; 0 if one may begin now."""
        return max(0.0, self._paused_until - now)

    def may_begin(self, now: float) -> bool:
        """Whether a call may begin, if only as a probe. The caller reports its begin and its end."""
        return now >= self._paused_until and (self._probes is None or self._probing < self._probes)

    def is_unavailable(self, now: float) -> bool:
        """Whether jobs should fail over: the breaker is not closed, and no probe is due."""
        return not self.is_closed and not self.may_begin(now)

    def began(self) -> CallMark:
        """Report that a call began. Returns its mark, which the report of its end needs."""
        self._number += 1
        if self._probes is not None:
            self._probing += 1
        return CallMark(self._number, self._outages, self._throttles)

    def answered(self, mark: CallMark) -> None:
        """Report an answer: an image, a bad image, a refusal, or that the request is wrong."""
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
        """Report that a call ended for reasons that are not the provider's."""
        if self._is_of_now(mark):
            self._end_probe()

    def failed(self, mark: CallMark, now: float) -> None:
        """Report a call without an answer. Calls that began before the current outage are ignored."""
        if not self._is_of_now(mark):
            return
        self._failures += 1
        self._last_failed = max(self._last_failed, mark.number)
        if self._probes is not None or self._failures >= FAILURES_TO_OPEN:
            self._open(now)

    def poll_failed(self, mark: CallMark, now: float) -> None:
        """Report that a poll for the image of a running call got no answer."""
        if not self._is_of_now(mark):
            return
        self._failures += 1
        if self._probes is not None or self._failures >= FAILURES_TO_OPEN:
            self._open(now)

    def poll_answered(self, mark: CallMark) -> None:
        """Report that a poll for the image of a running call was answered."""
        if self._is_of_now(mark):
            self._failures = 0

    def throttled(self, mark: CallMark, now: float, retry_after: float | None) -> None:
        """Report a 429. `retry_after` is how many seconds the provider asks to wait, None if it does not say."""
        if self._is_of_now(mark) and mark.throttle == self._throttles:
            self._throttles += 1
            self._throttles_in_row += 1
            if self._probes is not None or self._throttles_in_row >= THROTTLES_TO_OPEN:
                self._open(now)
        seconds = THROTTLED_PAUSE if retry_after is None else retry_after
        self._paused_until = max(self._paused_until, now + seconds)

    def opened_elsewhere(self, until: float) -> None:
        """Open because another process found the provider unavailable; no call begins before `until`."""
        if self.is_closed:
            self._open(until - self._pause)
        self._paused_until = max(self._paused_until, until)

    def recovered_elsewhere(self) -> None:
        """Allow a probe at once, because another process got an answer from the provider."""
        if not self.is_closed:
            self._paused_until = 0.0

    def _is_of_now(self, mark: CallMark) -> bool:
        return mark.outage == self._outages

    def _end_probe(self) -> None:
        if self._probes is not None:
            self._probing -= 1

    def _open(self, now: float) -> None:
        self._outages += 1  # marks of calls that began before no longer count
        self._failures = 0
        self._probes, self._probing = 1, 0
        self._paused_until = now + self._pause
        self._pause = min(2.0 * self._pause, LONGEST_PAUSE)

    def _close(self) -> None:
        self._probes, self._probing = None, 0
        self._throttles_in_row = 0
