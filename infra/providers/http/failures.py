"""From failures of HTTP to the error tree."""

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
"""Characters of a provider's own text that are kept."""
LONGEST_WAIT_SECONDS: Final = 86_400.0
"""A day, after which every quota starts again. A longer wait is an error of the API and must not stop a model."""
_PASSING: Final = {408, 409, 423, 425}
"""Client errors that may pass: time-out, conflict, locked, too early (RFC 9110, 4918, 8470)."""
_TOO_MANY: Final = 429
_PAYMENT_REQUIRED: Final = 402
_NOT_SERVED: Final = {401, 403, 404, 410}
"""The key is wrong, or may not do this; there is no such model, or no more (RFC 9110, 15.5)."""
_SERVER_ERRORS: Final = 500


def failure(answer: Answer, said: str, now: datetime, *, wait: float | None = None) -> ProviderError:
    """The error of an answer whose status is 400 or more.

    Args:
        answer: the answer.
        said: the message in its body, without secrets.
        now: the current time, for dates in headers.
        wait: the seconds to wait that the body names, for APIs without a Retry-After header.

    A refusal on content policy looks different in each API: the adapter checks for it before it calls this.
    """
    message = f"{answer.service} answered {answer.status}: {clean_text(said, MESSAGE_LIMIT) or 'no reason given'}"
    if answer.status == _TOO_MANY:
        seconds = retry_after(answer.headers, now)
        if seconds is None and wait is not None:
            seconds = _bounded(wait)
        return RateLimited(message, retry_after=seconds)
    if answer.status >= _SERVER_ERRORS or answer.status in _PASSING:
        return Unavailable(message)
    if answer.status == _PAYMENT_REQUIRED:
        return BudgetExceeded(message)
    return NotServed(message) if answer.status in _NOT_SERVED else InvalidRequest(message)


def no_answer(service: str, error: httpx.HTTPError) -> ProviderError:
    """The error of a call without an answer: connection refused or lost, time-out, broken protocol."""
    if isinstance(error, httpx.UnsupportedProtocol | httpx.LocalProtocolError):
        # httpx's own text may contain the key
        return InvalidRequest(f"{service} cannot be called so; correct its base_url or key")
    return Unavailable(f"{service} does not answer: {type(error).__name__}")


def retry_after(headers: Mapping[str, str], now: datetime) -> float | None:
    """The seconds of a Retry-After header, which holds seconds or a date (RFC 9110, 10.2.3); None without one.

    A date is compared with the answer's own ``Date`` where there is one, because our clock may be wrong. OpenAI and
    others send milliseconds as well.
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
    """A date in HTTP's format."""
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _bounded(seconds: float) -> float:
    return min(max(seconds, 0.0), LONGEST_WAIT_SECONDS)
