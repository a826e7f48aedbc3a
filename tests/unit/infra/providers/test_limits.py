"""The limits in answers, and who gets a report of them."""

from __future__ import annotations

import httpx
import pytest

from infra.providers.http.limits import Limits, limits_of, seconds_of
from schemas.errors import Unavailable


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("6m0s", 360.0), ("120ms", 0.12), ("1h2m3.5s", 3723.5), ("12", 12.0), ("0.5", 0.5),
        ("", None), ("soon", None), ("5 s", None),
    ],
)  # fmt: skip
def test_resets(text: str, seconds: float | None) -> None:
    assert seconds_of(text) == (None if seconds is None else pytest.approx(seconds))


def test_a_moment_of_the_epoch_that_is_past_is_now() -> None:
    assert seconds_of("1700000000") == 0.0


OPENAI = {
    "x-ratelimit-limit-requests": "60",
    "x-ratelimit-remaining-requests": "59",
    "x-ratelimit-reset-requests": "1s",
}
DRAFT_07 = {"ratelimit-limit": "100, 100;w=60", "ratelimit-remaining": "0", "ratelimit-reset": "7"}


@pytest.mark.parametrize(
    ("headers", "limits"),
    [
        (OPENAI, Limits(59.0, 1.0, 60.0)),
        ({"x-ratelimit-remaining": "3", "x-ratelimit-reset": "10"}, Limits(3.0, 10.0, None)),
        (DRAFT_07, Limits(0.0, 7.0, 100.0)),
        ({"x-ratelimit-remaining-requests": "many", "x-ratelimit-reset-requests": "1s"}, None),
        ({"content-type": "image/png"}, None),
    ],
)
def test_headers(headers: dict[str, str], limits: Limits | None) -> None:
    assert limits_of(headers) == limits


class Recorder:
    """An observer that keeps what is reported to it."""

    def __init__(self) -> None:
        self.limits: list[Limits] = []
        self.answers: list[bool] = []

    def limits_seen(self, limits: Limits) -> None:
        self.limits.append(limits)

    def request_ended(self, *, answered: bool) -> None:
        self.answers.append(answered)


async def test_only_observed_calls_are_reported(client_for) -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path == "/silence":
            raise httpx.ConnectError("refused")
        limits = {"x-ratelimit-remaining": "3", "x-ratelimit-reset": "10"} if request.url.path == "/200" else {}
        return httpx.Response(int(request.url.path[1:]), headers=limits)

    recorder, client = Recorder(), client_for(answer)
    observed = client.observed_by(recorder)
    for path in ("/200", "/404", "/503"):
        await observed.call("GET", path)
    with pytest.raises(Unavailable):
        await observed.call("GET", "/silence")
    await client.call("GET", "/200")
    assert recorder.limits == [Limits(3.0, 10.0, None)]
    assert recorder.answers == [True, True, False, False]
