"""A simulator in this process, and an adapter pointed at it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from infra.providers.base import Provider
from infra.providers.catalogue import network_providers
from infra.providers.http import client
from infra.providers.http import provider as http_provider
from infra.providers.stability import StabilityProvider
from schemas.generations import Operation
from tests.integration.providers.adapters import ADAPTERS
from tests.integration.providers.bench import Bench, drawing, settings_for
from tests.support.simulator.server import serving


@pytest.fixture(autouse=True)
def first_polls_come_soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """The simulator is quicker than any provider, and has one caller."""
    monkeypatch.setattr(http_provider, "FIRST_DELAY_SECONDS", 0.01)
    monkeypatch.setattr(client, "POOLS", 1)
    monkeypatch.setattr(StabilityProvider, "poll_seconds", 0.01)


@pytest.fixture
def api() -> str:
    return "fal"


@pytest.fixture
def operation() -> Operation:
    return "text-to-image"


@pytest.fixture
async def bench(api: str, operation: Operation) -> AsyncIterator[Bench]:
    async with opened(api, operation) as bench:
        yield bench


@pytest.fixture(name="drawing")
def _drawing() -> bytes:
    return drawing()


@asynccontextmanager
async def opened(api: str, operation: Operation) -> AsyncIterator[Bench]:
    """The adapter at a simulator of its own."""
    blobs: dict[str, bytes] = {}
    providers: list[Provider] = []
    adapter = ADAPTERS[api]

    async def read(key: str) -> bytes:
        return blobs[key]

    async with serving(seed=7) as (desk, address):

        def open_another(model: dict[str, Any] | None = None, **limits: Any) -> Provider:
            settings = settings_for(adapter, operation, address, model or {}, limits)
            providers.append(next(iter(network_providers(settings, read))))
            return providers[-1]

        made = Bench(adapter, operation, desk, address, open_another(), open_another, blobs)
        made.weather()
        yield made
        for provider in providers:
            await provider.close()
