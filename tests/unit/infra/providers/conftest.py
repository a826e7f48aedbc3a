"""Clients whose network is a function."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable

import httpx
import pytest
from pydantic import SecretStr

from infra.providers.http.access import Access
from infra.providers.http.client import ApiClient

Handler = Callable[[httpx.Request], httpx.Response]
KEY = "key-that-no-one-may-see"


@pytest.fixture
async def client_for() -> AsyncIterator[Callable[[Handler], ApiClient]]:
    """Opens a client of ``https://api.example.com`` that takes images from ``cdn.example.org`` too."""
    opened: list[ApiClient] = []

    def open_client(handler: Handler) -> ApiClient:
        access = Access(
            service="example",
            base_url="https://api.example.com",
            key=SecretStr(KEY),
            scheme="Bearer",
            connect_seconds=1,
            answer_seconds=1,
            limit_seconds=1,
            file_hosts=("cdn.example.org",),
        )
        opened.append(ApiClient(access, httpx.MockTransport(handler)))
        return opened[-1]

    yield open_client
    for client in opened:
        await client.close()
