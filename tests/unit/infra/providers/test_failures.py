from __future__ import annotations

from datetime import UTC, datetime

import httpx
import pytest

from infra.providers.http.answers import Answer
from infra.providers.http.failures import LONGEST_WAIT_SECONDS, failure, no_answer, retry_after
from schemas.errors import BudgetExceeded, InvalidRequest, NotServed, RateLimited, Unavailable
from tests.unit.infra.providers.conftest import KEY

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (400, InvalidRequest), (401, NotServed), (402, BudgetExceeded), (403, NotServed), (404, NotServed),
        (410, NotServed), (408, Unavailable), (409, Unavailable), (422, InvalidRequest), (425, Unavailable),
        (429, RateLimited), (500, Unavailable), (503, Unavailable), (529, Unavailable),
    ],
)  # fmt: skip
def test_each_status_has_its_error(status, error):
    made = failure(Answer("example", status, httpx.Headers(), b""), "why\nnot", NOW)
    assert type(made) is error
    assert str(made) == f"example answered {status}: why not"


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("7", 7.0),
        (" 0 ", 0.0),
        ("1.5", 1.5),
        ("Sun, 01 Mar 2026 12:00:30 GMT", 30.0),
        ("Sun, 01 Mar 2026 11:00:00 GMT", 0.0),
        ("Sunday, 01-Mar-26 12:00:30 GMT", 30.0),
        ("soon", None),
        ("-3", None),
        ("", None),
        ("½", None),
        ("Sun, 99 Mar 2026 12:00:30 GMT", None),
        ("Sun, 01 Mar 99999999999999999999 12:00:30 GMT", None),
        ("Sun, 01 Mar 2026 12:00:30 +99999999999999", None),
        ("Sun, 01 Mar 9999 12:00:30 GMT", LONGEST_WAIT_SECONDS),
        ("9" * 400, LONGEST_WAIT_SECONDS),
        ("86401", LONGEST_WAIT_SECONDS),
    ],
)
def test_retry_after_holds_seconds_or_a_date(value, seconds):
    assert retry_after(httpx.Headers({"retry-after": value.encode()}), NOW) == seconds


@pytest.mark.parametrize(
    ("date", "seconds"),
    [
        ("Sun, 01 Mar 2026 11:00:00 GMT", 30.0),
        ("Sun, 01 Mar 2026 13:00:00 GMT", 0.0),
        ("yesterday", 0.0),
    ],
)
def test_a_date_is_read_by_the_clock_that_wrote_it(date, seconds):
    headers = httpx.Headers({"retry-after": "Sun, 01 Mar 2026 11:00:30 GMT", "date": date})
    assert retry_after(headers, NOW) == seconds


def test_milliseconds_are_finer():
    assert retry_after(httpx.Headers({"retry-after-ms": "250", "retry-after": "1"}), NOW) == 0.25
    assert retry_after(httpx.Headers({"retry-after-ms": "soon", "retry-after": "1"}), NOW) == 1.0


@pytest.mark.parametrize("wait", [1e300, float("inf")])
def test_no_body_stops_calls_for_ever(wait):
    made = failure(Answer("example", 429, httpx.Headers(), b""), "", NOW, wait=wait)
    assert isinstance(made, RateLimited)
    assert made.retry_after == LONGEST_WAIT_SECONDS


def test_without_the_header_the_wait_is_unknown():
    assert retry_after(httpx.Headers(), NOW) is None


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (httpx.ConnectError("refused"), Unavailable),
        (httpx.ReadError(""), Unavailable),
        (httpx.RemoteProtocolError("gone"), Unavailable),
        (httpx.UnsupportedProtocol("ftp"), InvalidRequest),
        (httpx.LocalProtocolError(f"Illegal header value b'Key {KEY} '"), InvalidRequest),
    ],
)
def test_a_call_without_an_answer(error, kind):
    made = no_answer("example", error)
    assert type(made) is kind
    assert KEY not in str(made)
