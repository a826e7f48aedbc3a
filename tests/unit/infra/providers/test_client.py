"""Calls without an answer: which of them may be billed."""

from __future__ import annotations

import httpx
import pytest

from infra.providers.http import client
from schemas.errors import Unavailable


@pytest.mark.parametrize(
    ("error", "heard_seconds", "spent"),
    [
        (httpx.ReadError("reset"), 0.0, 0.1),
        (httpx.RemoteProtocolError("closed"), 0.0, 0.1),
        (httpx.RemoteProtocolError("closed"), 60.0, 0.0),
        (httpx.ConnectError("refused"), 0.0, 0.0),
    ],
)
async def test_a_connection_lost_at_work_may_be_billed(client_for, monkeypatch, error, heard_seconds, spent):
    monkeypatch.setattr(client, "HEARD_SECONDS", heard_seconds)

    def lose(_: httpx.Request) -> httpx.Response:
        raise error

    with pytest.raises(Unavailable) as caught:
        await client_for(lose).call("POST", "/v1/images", paid_usd=0.1)
    assert caught.value.spent_usd == spent


@pytest.mark.parametrize("status", [504, 524])
async def test_what_a_gateway_gave_up_may_be_billed(client_for, status):
    api = client_for(lambda _: httpx.Response(status, text="<html>"))
    with pytest.raises(Unavailable, match=str(status)) as caught:
        await api.call("POST", "/v1/images", paid_usd=0.1)
    assert caught.value.spent_usd == 0.1
    assert (await api.call("GET", "/v1/images/1")).status == status
