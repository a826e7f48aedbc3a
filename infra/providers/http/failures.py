"""From HTTP's failures to the error tree."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final

import httpx

from infra.providers.http.answers import Answer
from schemas.errors import BudgetExceeded, InvalidRequest, NotServed, ProviderError, RateLimited, Unavailable
from schemas.signals import clean_text

MESSAGE_LIMIT: Final = 300
"""Characters that are kept of a provider's own words."""
LONGEST_WAIT_SECONDS: Final = 86_400.0
"""A day, after which every quota begins anew: what asks for more is wrong, and must not stop a model for ever."""
_PASSING: Final = {408, 409, 423, 425}
"""Client errors by number that are the moment's: time-out, conflict, locked, too early (RFC 9110, 4918, 8470)."""
_TOO_MANY: Final = 429
_PAYMENT_REQUIRED: Final = 402
_NOT_SERVED: Final = {401, 403, 404, 410}
"""The key is wrong, or may not do this; there is no such model, or no more (RFC 9110, 15.5)."""
_SERVER_ERRORS: Final = 500


def failure(answer: Answer, said: str, now: datetime, *, wait: float | None = None) -> ProviderError:
    """The error of an answer whose status is 400 or more; `said` is what its body says, without secrets.

    `wait` is the seconds to wait that the body names, for APIs that have no Retry-After header.

    A policy's refusal looks different in each API: the adapter looks for it before it asks here.
    """
    message = f"{answer.service} answered {answer.status}: {clean_text(said, MESSAGE_LIMIT) or 'no reason given'}"
    if answer.status == _TOO_MANY:
        told = retry_after(answer.headers, now)
        if told is None and wait is not None:
            told = _bounded(wait)
        return RateLimited(message, retry_after=told)
    if answer.status >= _SERVER_ERRORS or answer.status in _PASSING:
        return Unavailable(message)
    if answer.status == _PAYMENT_REQUIRED:
        return BudgetExceeded(message)
    return NotServed(message) if answer.status in _NOT_SERVED else InvalidRequest(message)


def no_answer(service: str, error: httpx.HTTPError) -> ProviderError:
    """The error of a call that brought no answer: connection refused or lost, time-out, broken protocol."""
    if isinstance(error, httpx.UnsupportedProtocol | httpx.LocalProtocolError):
        return InvalidRequest(f"{service} cannot be called so; correct its base_url or key")  # httpx's text may have it
    return Unavailable(f"{service} does not answer: {type(error).__name__}")


def retry_after(headers: Mapping[str, str], now: datetime) -> float | None:
    """The seconds of a Retry-After header, which holds seconds or a date (RFC 9110, 10.2.3); None without one.

    A date is read by the clock that wrote it, where the answer has that clock's ``Date``: ours may go wrong. OpenAI
    and others tell milliseconds besides.
    """
    finer, value = _seconds(headers.get("retry-after-ms", "")), headers.get("retry-after", "")
    if finer is not None:
        return _bounded(finer / 1000)
    seconds = _seconds(value)
    if seconds is not None:
        return _bounded(seconds)
    until = _moment(value)
    return None if until is None else _bounded((until - (_moment(headers.get("date", "")) or now)).total_seconds())


def _seconds(text: str) -> float | None:
    """A number that is not negative."""
    number = text.strip()
    return float(number) if number.isascii() and number.replace(".", "", 1).isdigit() else None


def _moment(text: str) -> datetime | None:
    """A date of HTTP."""
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _bounded(seconds: float) -> float:
    return min(max(seconds, 0.0), LONGEST_WAIT_SECONDS)
