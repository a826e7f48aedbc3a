"""fal's queue as a provider: submit, poll, fetch the result, fetch the image.

https://docs.fal.ai/model-endpoints/queue. Each endpoint has a body of its own; those of the catalogue and most others
agree on the names used here. Of masks white is drawn anew.
"""

from __future__ import annotations

from typing import Any, ClassVar

from infra.providers.base import BlobReader
from infra.providers.fal_queue import FalQueue
from infra.providers.http.answers import Answer
from infra.providers.http.client import ApiClient
from infra.providers.http.listing import Listing
from infra.providers.http.masks import white_where_drawn
from infra.providers.http.orders import Attachment, Order
from infra.providers.http.pricing import usual_price
from infra.providers.http.provider import HttpProvider, Made
from infra.settings import ListedModel
from schemas.errors import ProviderError


class FalProvider(HttpProvider):
    """The models of fal. A ticket holds all that another process needs to go on polling."""

    probe_path: ClassVar[str] = ""

    def __init__(self, name: str, client: ApiClient, listing: Listing, blobs: BlobReader) -> None:
        super().__init__(name, client, listing, blobs)
        self._queue = FalQueue(client)

    async def probe(self, model: str) -> None:
        """Ask for a request that there never was: fal has no call that only tells whether a key is good."""
        await self._queue.probe(self.listing.find(model).called)

    async def _begin(self, order: Order) -> str:
        return await self._queue.submit(order.model.called, await _body(order), paid_usd=order.price_usd)

    async def _look(self, model: ListedModel, request_id: str) -> Made | None:
        return await self._queue.look(model.called, request_id, paid_usd=usual_price(model))

    async def _withdraw(self, model: ListedModel, request_id: str) -> float | None:
        return 0.0 if await self._queue.cancel(model.called, request_id) else None

    def _error(self, answer: Answer) -> ProviderError:
        return self._queue.error(answer)


async def _body(order: Order) -> dict[str, Any]:
    body: dict[str, Any] = {**order.model.parameters, "prompt": order.prompt}
    if order.request.operation in {"text-to-image", "image-to-image", "relight"}:
        body["image_size"] = {"width": order.size.width, "height": order.size.height}
    if order.seed is not None:
        body["seed"] = order.seed
    if order.references:
        body |= _references(order)
    if order.request.operation == "upscale":
        body["upscale_factor"] = _factor(order)
    if order.mask is not None:
        white = Attachment(await white_where_drawn(order.mask.data), "image/png")
        body["mask_url"] = white.address
    return body


def _factor(order: Order) -> float:
    """How many times longer the longer side is to be; endpoints that enlarge take 1 to 4."""
    began, asked = order.request.references[0].size, order.request.size
    return round(min(4.0, max(1.0, max(asked.width, asked.height) / max(began.width, began.height))), 3)


def _references(order: Order) -> dict[str, Any]:
    if order.model.reference_field == "image_urls":
        return {"image_urls": [reference.address for reference in order.references]}
    strength = {} if order.request.strength is None else {"strength": order.request.strength}
    takes_strength = order.request.operation == "image-to-image"
    return {"image_url": order.references[0].address, **(strength if takes_strength else {})}
