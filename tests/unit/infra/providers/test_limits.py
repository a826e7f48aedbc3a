"""Limits as answers tell them."""

from __future__ import annotations

import pytest

from infra.providers.http.limits import Limits, hearing, limits_of, seconds_of, tell, tell_silence


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


class Ear:
    def __init__(self) -> None:
        self.limits: list[Limits] = []
        self.answers: list[bool] = []

    def told(self, limits: Limits) -> None:
        self.limits.append(limits)

    def heard(self, *, answered: bool) -> None:
        self.answers.append(answered)


def test_only_who_listens_hears() -> None:
    ear = Ear()
    headers = {"x-ratelimit-remaining": "3", "x-ratelimit-reset": "10"}
    with hearing(ear):
        tell(200, headers)
        tell(404, {})
        tell(503, {})
        tell_silence()
    tell(200, headers)
    assert ear.limits == [Limits(3.0, 10.0, None)]
    assert ear.answers == [True, True, False, False]
