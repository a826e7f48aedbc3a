"""A simulator in this process, and both adapters pointed at it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from itertools import cycle
from typing import Any

import cv2
import httpx
import numpy as np
import pytest
from pydantic import SecretStr

from infra.providers.base import Provider
from infra.providers.catalogue import network_providers
from infra.settings import FalSettings, ListedModel, OpenAISettings, ProvidersSettings
from schemas.generations import GenerationRequest
from schemas.identifiers import digest
from schemas.images import ImageRef, Size
from tests.support.factories import make_image, make_request
from tests.support.simulator.desk import Desk
from tests.support.simulator.log import Api, Call
from tests.support.simulator.server import serving
from tests.support.simulator.weather import Fixed, Mishap, Weather

KEY = "key-that-nobody-may-see"
PRICE = 0.003
SIZE = Size(width=320, height=256)
OPERATIONS = {"fal": ("text-to-image", "image-to-image"), "openai": ("text-to-image", "image-to-image", "masked-edit")}


@dataclass
class Bench:
    """One adapter at the simulator."""

    api: Api
    desk: Desk
    address: str
    provider: Provider
    blobs: dict[str, bytes]
    open_another: Callable[..., Provider]

    def weather(self, mishap: Mishap | None = None, **changes: Any) -> None:
        rates = {} if mishap is None else {mishap: 1.0}
        self.desk.weather = Weather(**{"latency": Fixed(seconds=0.02), "rates": rates, "price_usd": PRICE, **changes})

    def request(self, number: int = 0, **changes: Any) -> GenerationRequest:
        fields = {"job_id": "drf-" + digest((number,)), "model": "cheap", "size": SIZE, "seed": number}
        return make_request(**{**fields, **changes})

    def store(self, data: bytes, media_type: str = "image/png") -> ImageRef:
        reference = make_image(data=data, media_type=media_type)
        self.blobs[reference.key] = data
        return reference

    async def make(self, request: GenerationRequest | None = None) -> Any:
        ticket = await self.provider.submit(request or self.request())
        return await self.provider.collect(ticket)

    def answer_with(self, response: httpx.Response) -> None:
        """Let the provider have this answer to everything."""
        client = httpx.AsyncClient(transport=httpx.MockTransport(lambda _: response))
        self.provider._client._turns = cycle([client])

    def hook(self, provider: Provider, event: str, function: Callable[..., Any]) -> None:
        """Have `function` called with each request or response of `provider`."""
        for pool in provider._client._pools:
            pool.event_hooks = {event: [function]}

    async def until_nothing_is_open(self) -> None:
        deadline = time.monotonic() + 5
        while self.desk.log.open_by_key():
            assert time.monotonic() < deadline, "a call is open"
            await asyncio.sleep(0.01)

    @property
    def calls(self) -> list[Call]:
        return self.desk.log.calls

    @property
    def billed(self) -> float:
        return sum(call.billed_usd for call in self.calls)


@pytest.fixture(params=["fal", "openai"])
def api(request: pytest.FixtureRequest) -> Api:
    return request.param


@pytest.fixture
async def bench(api: Api) -> AsyncIterator[Bench]:
    blobs: dict[str, bytes] = {}
    opened: list[Provider] = []

    async def read(key: str) -> bytes:
        return blobs[key]

    async with serving(seed=7) as (desk, address):

        def open_another(model: dict[str, Any] | None = None, **limits: Any) -> Provider:
            provider = next(network_providers(_settings(api, address, model or {}, limits), read))
            opened.append(provider)
            return provider

        made = Bench(api, desk, address, open_another(), blobs, open_another)
        made.weather()
        yield made
        for provider in opened:
            await provider.close()


@pytest.fixture
def drawing() -> bytes:
    """A PNG of a red square on white."""
    pixels = np.full((256, 320, 3), 255, np.uint8)
    pixels[60:200, 80:240] = (40, 40, 200)
    return cv2.imencode(".png", pixels)[1].tobytes()


def _settings(api: Api, address: str, model: dict[str, Any], limits: dict[str, float]) -> ProvidersSettings:
    fields = {"name": "cheap", "tier": "fast", "price_usd": PRICE, "seconds": 1, "operations": OPERATIONS[api]}
    path = "fal-ai/cheap/fast" if api == "fal" else ""
    listed = ListedModel(**{**fields, "path": path, "seed": "best_effort" if api == "fal" else "none", **model})
    group = FalSettings if api == "fal" else OpenAISettings
    provider = group(key=SecretStr(KEY), base_url=address, models=(listed,))
    return ProvidersSettings(**{api: provider, "limit_seconds": 5.0, "answer_seconds": 2.0, **limits})
