"""From HTTP's failures to the error tree."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final

import httpx

from infra.providers.http.answers import Answer
from schemas.errors import BudgetExceeded, InvalidRequest, ProviderError, RateLimited, Unavailable
from schemas.signals import clean_text

MESSAGE_LIMIT: Final = 300
"""Characters that are kept of a provider's own words."""
_PASSING: Final = {408, 409, 423, 425}
"""Client errors by number that are the moment's: time-out, conflict, locked, too early (RFC 9110, 4918, 8470)."""
_TOO_MANY: Final = 429
_PAYMENT_REQUIRED: Final = 402
_SERVER_ERRORS: Final = 500


def failure(answer: Answer, said: str, now: datetime, *, wait: float | None = None) -> ProviderError:
    """The error of an answer whose status is 400 or more; `said` is what its body says, without secrets.

    `wait` is the seconds to wait that the body names, for APIs that have no Retry-After header.

    A policy's refusal looks different in each API: the adapter looks for it before it asks here.
    """
    message = f"{answer.service} answered {answer.status}: {clean_text(said, MESSAGE_LIMIT) or 'no reason given'}"
    if answer.status == _TOO_MANY:
        told = retry_after(answer.headers, now)
        return RateLimited(message, retry_after=wait if told is None else told)
    if answer.status >= _SERVER_ERRORS or answer.status in _PASSING:
        return Unavailable(message)
    if answer.status == _PAYMENT_REQUIRED:
        return BudgetExceeded(message)
    return InvalidRequest(message)


def no_answer(service: str, error: httpx.HTTPError) -> ProviderError:
    """The error of a call that brought no answer: connection refused or lost, time-out, broken protocol."""
    if isinstance(error, httpx.UnsupportedProtocol | httpx.LocalProtocolError):
        return InvalidRequest(f"{service} cannot be called so; correct its base_url or key")  # httpx's text may have it
    return Unavailable(f"{service} does not answer: {type(error).__name__}")


def retry_after(headers: Mapping[str, str], now: datetime) -> float | None:
    """The seconds of a Retry-After header, which holds seconds or a date (RFC 9110, 10.2.3); None without one."""
    value = headers.get("retry-after", "").strip()
    if value.isascii() and value.replace(".", "", 1).isdigit():
        return float(value)
    try:
        moment = parsedate_to_datetime(value)
    except ValueError:
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return max(0.0, (moment - now).total_seconds())
