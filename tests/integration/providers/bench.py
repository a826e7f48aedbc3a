"""One adapter at the simulator, set up for one operation."""

from __future__ import annotations

import asyncio
import io
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from itertools import cycle
from typing import Any

import httpx
import numpy as np
from numpy.typing import NDArray
from PIL import Image
from pydantic import SecretStr

from infra.providers.base import Generation, Provider
from infra.settings import ListedModel, ProvidersSettings
from schemas.generations import GenerationRequest, Operation
from schemas.identifiers import digest
from schemas.images import ImageRef, Size
from tests.integration.providers.adapters import Adapter, Way
from tests.support.factories import make_image, make_request
from tests.support.simulator.desk import Desk
from tests.support.simulator.log import Call
from tests.support.simulator.weather import Fixed, Mishap, Weather

KEY = "key-that-no-one-may-see"
PRICE = 0.003
SIZE = Size(width=320, height=256)
HOLE = (slice(100, 200), slice(60, 160))
"""Rows and columns that the mask leaves open."""


@dataclass
class Bench:
    """One adapter at the simulator."""

    adapter: Adapter
    operation: Operation
    desk: Desk
    address: str
    provider: Provider
    open_another: Callable[..., Provider]
    blobs: dict[str, bytes] = field(default_factory=dict)

    @property
    def api(self) -> str:
        return self.adapter.name

    @property
    def way(self) -> Way:
        return self.adapter.way_of(self.operation)

    def weather(self, mishap: Mishap | None = None, **changes: Any) -> None:
        rates = {} if mishap is None else {mishap: 1.0}
        self.desk.weather = Weather(**{"latency": Fixed(seconds=0.005), "rates": rates, "price_usd": PRICE, **changes})

    def request(self, number: int = 0, **changes: Any) -> GenerationRequest:
        """A request for the bench's operation, with all that it needs."""
        fields = {"job_id": "drf-" + digest((number,)), "model": "cheap", "size": SIZE, "seed": number}
        fields |= {"operation": self.operation}
        if fields["operation"] != "text-to-image":
            fields |= {"references": (self.store(drawing()),), "strength": 0.6}
        if fields["operation"] == "masked-edit":
            fields["mask"] = self.store(mask())
        return make_request(**{**fields, **changes})

    def store(self, data: bytes, media_type: str = "image/png") -> ImageRef:
        reference = make_image(data=data, media_type=media_type)
        self.blobs[reference.key] = data
        return reference

    async def make(self, request: GenerationRequest | None = None) -> Generation:
        ticket = await self.provider.submit(request or self.request())
        return await self.provider.collect(ticket)

    def answer_with(self, response: httpx.Response) -> None:
        """Answer every request of the provider with `response`."""
        client = httpx.AsyncClient(transport=httpx.MockTransport(lambda _: response))
        self.provider._client._turns = cycle([client])

    def hook(self, provider: Provider, event: str, function: Callable[..., Any]) -> None:
        """Have `function` called with each request or response of `provider`."""
        for pool in provider._client._pools:
            pool.event_hooks = {**pool.event_hooks, event: [function]}

    async def until_nothing_is_open(self) -> None:
        deadline = time.monotonic() + 5
        while self.desk.log.open_by_key():
            assert time.monotonic() < deadline, "a call is open"
            await asyncio.sleep(0.01)

    async def until_billed(self, price: float) -> None:
        deadline = time.monotonic() + 5
        while self.billed != price:
            assert time.monotonic() < deadline, f"{self.billed} was billed"
            await asyncio.sleep(0.01)

    @property
    def calls(self) -> list[Call]:
        return self.desk.log.calls

    @property
    def billed(self) -> float:
        return sum(call.billed_usd for call in self.calls)


def settings_for(
    adapter: Adapter, operation: Operation, address: str, model: dict[str, Any], limits: dict[str, Any]
) -> ProvidersSettings:
    """The settings of `adapter` alone, with one model that does `operation`."""
    fields = {"name": "cheap", "tier": "fast", "price_usd": PRICE, "seconds": 1, "operations": (operation,)}
    listed = ListedModel(**{**fields, "seed": "best_effort", **adapter.models[operation], **model})
    provider = adapter.group(key=SecretStr(KEY), base_url=address, models=(listed,))
    return ProvidersSettings(**{adapter.name: provider, "limit_seconds": 15.0, "answer_seconds": 10.0, **limits})


@cache
def drawing() -> bytes:
    """A PNG of a red square on white."""
    pixels = np.full((SIZE.height, SIZE.width, 3), 255, np.uint8)
    pixels[60:200, 80:240] = (200, 40, 40)
    return encoded(pixels)


@cache
def mask() -> bytes:
    """A PNG in the size of the drawing, transparent in the hole."""
    pixels = np.full((SIZE.height, SIZE.width, 4), 255, np.uint8)
    pixels[HOLE[0], HOLE[1], 3] = 0
    return encoded(pixels)


def encoded(pixels: NDArray[np.uint8]) -> bytes:
    stream = io.BytesIO()
    Image.fromarray(pixels).save(stream, "PNG")
    return stream.getvalue()


def decoded(data: bytes) -> NDArray[np.uint8]:
    with Image.open(io.BytesIO(data)) as image:
        return np.asarray(image.convert("RGB"))
