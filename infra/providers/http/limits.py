"""What requests tell of an API, for whoever paces the calls: its limits, and whether it is there at all.

OpenAI and those who speak like it send ``x-ratelimit-{limit,remaining,reset}-requests``, with a reset such as ``6m0s``
or ``120ms``; others leave out the last word, or send the fields of the IETF draft
(draft-ietf-httpapi-ratelimit-headers-07: ``ratelimit-limit``, ``ratelimit-remaining``, ``ratelimit-reset`` in seconds).
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Final, Protocol

_NAMES: Final = (
    ("x-ratelimit-limit-requests", "x-ratelimit-remaining-requests", "x-ratelimit-reset-requests"),
    ("x-ratelimit-limit", "x-ratelimit-remaining", "x-ratelimit-reset"),
    ("ratelimit-limit", "ratelimit-remaining", "ratelimit-reset"),
)
_PART: Final = re.compile(r"(\d+(?:\.\d+)?)(ms|s|m|h|d)")
_UNITS: Final = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86_400.0}
_SERVER_ERRORS: Final = 500
_EPOCH: Final = 1e9
"""A reset above it is no length but a moment, in seconds of the epoch."""


@dataclass(frozen=True, slots=True)
class Limits:
    """So many calls are left of `limit` (None where that is not told), and all are there again in `reset_seconds`."""

    left: float
    reset_seconds: float
    limit: float | None = None


class Listener(Protocol):
    """Hears of every request that its calls make."""

    def told(self, limits: Limits) -> None:
        """An answer tells of limits."""

    def heard(self, *, answered: bool) -> None:
        """A request was answered, be it with an error of its own; or it was not, or by a provider in trouble."""


_listener: ContextVar[Listener | None] = ContextVar("limits_listener", default=None)


@contextmanager
def hearing(listener: Listener) -> Iterator[None]:
    """Let `listener` hear of the requests in the body, those of tasks begun in it included."""
    token = _listener.set(listener)
    try:
        yield
    finally:
        _listener.reset(token)


def tell(status: int, headers: Mapping[str, str]) -> None:
    """Tell the present listener, if there is one, of an answer."""
    listener = _listener.get()
    if listener is None:
        return
    listener.heard(answered=status < _SERVER_ERRORS)
    if (limits := limits_of(headers)) is not None:
        listener.told(limits)


def tell_silence() -> None:
    """Tell the present listener, if there is one, of a request without an answer."""
    listener = _listener.get()
    if listener is not None:
        listener.heard(answered=False)


def limits_of(headers: Mapping[str, str]) -> Limits | None:
    """The limits that `headers` tell (their names in lower case, or in a mapping that ignores case); None without."""
    for limit_name, left_name, reset_name in _NAMES:
        left, reset = _number(headers.get(left_name)), seconds_of(headers.get(reset_name, ""))
        if left is not None and reset is not None:
            return Limits(left, reset, _number(headers.get(limit_name)))
    return None


def seconds_of(text: str) -> float | None:
    """The seconds of ``6m0s``, ``120ms``, ``12.5`` or of a moment of the epoch; None where it is none of these."""
    number = _number(text)
    if number is not None:
        return max(0.0, number - time.time()) if number > _EPOCH else number
    parts = _PART.findall(text)
    if not parts or "".join(amount + unit for amount, unit in parts) != text.strip():
        return None
    return sum(float(amount) * _UNITS[unit] for amount, unit in parts)


def _number(text: str | None) -> float | None:
    """A number that is not negative; of a list (``100, 100;w=60``) the first."""
    first = (text or "").partition(",")[0].partition(";")[0].strip()
    return float(first) if re.fullmatch(r"\d{1,15}(\.\d{1,9})?", first) else None
