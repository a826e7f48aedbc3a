"""What HTTP answers say about an API, for the rate limiter: its limits, and whether it answers at all.

OpenAI and compatible servers send ``x-ratelimit-{limit,remaining,reset}-requests``, with a reset such as ``6m0s`` or
``120ms``. Others leave out the suffix, or send the fields of the IETF draft
(draft-ietf-httpapi-ratelimit-headers-07: ``ratelimit-limit``, ``ratelimit-remaining``, ``ratelimit-reset`` in seconds).
"""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Protocol

_NAMES: Final = (
    ("x-ratelimit-limit-requests", "x-ratelimit-remaining-requests", "x-ratelimit-reset-requests"),
    ("x-ratelimit-limit", "x-ratelimit-remaining", "x-ratelimit-reset"),
    ("ratelimit-limit", "ratelimit-remaining", "ratelimit-reset"),
)
_PART: Final = re.compile(r"(\d+(?:\.\d+)?)(ms|s|m|h|d)")
_UNITS: Final = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86_400.0}
_EPOCH: Final = 1e9
"""A reset above it is not a duration but a moment, in seconds since the epoch."""


@dataclass(frozen=True, slots=True)
class Limits:
    """`left` calls remain of `limit` (None where it is not sent); all are available again in `reset_seconds`."""

    left: float
    reset_seconds: float
    limit: float | None = None


class RequestObserver(Protocol):
    """Gets a report of every HTTP request of one call to a model, as it ends. Its methods must not raise."""

    def limits_seen(self, limits: Limits) -> None:
        """An answer carried rate limits."""

    def request_ended(self, *, answered: bool) -> None:
        """A request ended. `answered` is False without an answer, and with a server error (5xx)."""


def limits_of(headers: Mapping[str, str]) -> Limits | None:
    """The limits in `headers` (their names in lower case, or in a mapping that ignores case); None without any."""
    for limit_name, left_name, reset_name in _NAMES:
        left, reset = _number(headers.get(left_name)), seconds_of(headers.get(reset_name, ""))
        if left is not None and reset is not None:
            return Limits(left, reset, _number(headers.get(limit_name)))
    return None


def seconds_of(text: str) -> float | None:
    """The seconds of ``6m0s``, ``120ms``, ``12.5`` or until a moment of the epoch; None for any other text."""
    number = _number(text)
    if number is not None:
        return max(0.0, number - time.time()) if number > _EPOCH else number
    parts = _PART.findall(text)
    if not parts or "".join(amount + unit for amount, unit in parts) != text.strip():
        return None
    return sum(float(amount) * _UNITS[unit] for amount, unit in parts)


def _number(text: str | None) -> float | None:
    """A number that is not negative; the first one of a list (``100, 100;w=60``)."""
    first = (text or "").partition(",")[0].partition(";")[0].strip()
    return float(first) if re.fullmatch(r"\d{1,15}(\.\d{1,9})?", first) else None
