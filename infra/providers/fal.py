"""fal's queue as a provider: submit, poll, fetch the result, fetch the picture.

https://docs.fal.ai/model-endpoints/queue. A ticket holds all that another process needs to go on polling.
`collect` says by its error whether the ticket lives on:

- Unavailable, RateLimited: fal or the picture cannot be reached now. Collect the same ticket again; it costs nothing.
- BadOutput: the request came to nothing, or to no picture. The ticket is spent; submit anew.
- Refused, InvalidRequest: the ticket is spent, and another would fare no better.
"""

from __future__ import annotations

import asyncio
import base64
from typing import Any, Final

from pydantic import JsonValue

from infra.providers.base import BlobReader, Generation, Ticket
from infra.providers.fal_queue import FalQueue, Finished
from infra.providers.http.client import ApiClient
from infra.providers.http.downloads import download
from infra.providers.http.listing import Listing, price_of, size_for
from infra.providers.http.patience import FIRST_SECONDS, patiently
from infra.providers.http.pictures import Picture, check_picture
from infra.providers.http.prompting import render
from infra.settings import ListedModel
from schemas.errors import BadOutput, Refused, Unavailable
from schemas.generations import GenerationRequest, ModelCard
from schemas.images import ImageRef

_WAITING_SHARE: Final = 0.9
"""The share of the limit after which a request is withdrawn; the rest is for the answer and the picture."""


class FalProvider:
    """The models of `listing` by way of `client`. Pictures to start from are read with `blobs`."""

    name = "fal"

    def __init__(self, client: ApiClient, listing: Listing, blobs: BlobReader) -> None:
        self._client = client
        self._queue = FalQueue(client)
        self._listing = listing
        self._blobs = blobs

    def models(self) -> tuple[ModelCard, ...]:
        """The listed models."""
        return self._listing.cards()

    async def submit(self, request: GenerationRequest) -> Ticket:
        """Put `request` into the queue."""
        model = self._listing.check(request)
        prompt = render(request.prompt, request.safe_area)
        body = await self._body(request, model, prompt)
        request_id = await self._queue.submit(model.called, body, paid_usd=price_of(model, request.size))
        return Ticket(request.model, request_id, seed_sent=body.get("seed"), prompt_text=prompt)

    async def collect(self, ticket: Ticket) -> Generation:
        """The picture of `ticket`, waited for within the limit of the settings."""
        if ticket.finished is not None:
            return ticket.finished
        model = self._listing.find(ticket.model)
        limit = self._client.access.limit_seconds
        until = asyncio.get_running_loop().time() + _WAITING_SHARE * limit
        try:
            async with asyncio.timeout(limit):
                await asyncio.sleep(FIRST_SECONDS)  # what was just submitted is never done at once
                done = await self._queue.finished(
                    model.called, ticket.request_id, until=until, paid_usd=model.price_usd
                )
                picture = await patiently(lambda: self._picture(ticket, model, done), until)
        except TimeoutError:
            raise Unavailable("fal's picture comes too slowly; it can be collected again") from None
        return self._generation(ticket, model, done, picture)

    async def close(self) -> None:
        """Close the connections."""
        await self._client.close()

    async def _picture(self, ticket: Ticket, model: ListedModel, done: Finished) -> Picture:
        if done.picture_url is None:
            raise BadOutput(f"fal's answer to {ticket.request_id} names no picture", spent_usd=model.price_usd)
        if done.is_blanked:
            raise Refused(f"fal blacked out {ticket.request_id}: not safe for work", spent_usd=model.price_usd)
        fetched = await download(self._client, done.picture_url, spent_usd=model.price_usd)
        return await check_picture(fetched.data, fetched.content_type, spent_usd=model.price_usd)

    def _generation(self, ticket: Ticket, model: ListedModel, done: Finished, picture: Picture) -> Generation:
        return Generation(
            data=picture.data,
            media_type=picture.media_type,
            size=picture.size,
            model_version=model.called,
            price_usd=price_of(model, picture.size),
            seed_sent=ticket.seed_sent,
            seed_returned=done.seed,
            prompt_text=ticket.prompt_text,
            parameters=dict(model.parameters),
        )

    async def _body(self, request: GenerationRequest, model: ListedModel, prompt: str) -> dict[str, Any]:
        size = size_for(model, request.size)
        body: dict[str, Any] = {"prompt": prompt, "image_size": {"width": size.width, "height": size.height}}
        if request.seed is not None and model.seed != "none":
            body["seed"] = request.seed
        if request.operation != "text-to-image":
            body |= await self._references(request, model)
        return {**model.parameters, **body}

    async def _references(self, request: GenerationRequest, model: ListedModel) -> dict[str, JsonValue]:
        if model.reference_field == "image_urls":
            chosen = request.references[: model.max_references]
            return {"image_urls": [await self._data_address(reference) for reference in chosen]}
        strength = {} if request.strength is None else {"strength": request.strength}
        return {"image_url": await self._data_address(request.references[0]), **strength}

    async def _data_address(self, reference: ImageRef) -> str:
        """A picture within its own address, so that nothing of ours has to be public."""
        data = await self._blobs(reference.key)
        return f"data:{reference.media_type};base64,{base64.b64encode(data).decode()}"
