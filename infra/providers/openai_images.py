"""OpenAI's images API as a provider, and every server that speaks it: one call, the picture in its answer.

https://platform.openai.com/docs/api-reference/images. Nothing is left to collect after `submit`, so that a
crash between call and answer costs the call.
"""

from __future__ import annotations

import asyncio
import base64
import binascii
from typing import Any, Final

from infra.providers.base import BlobReader, Generation, Ticket
from infra.providers.http.answers import Answer
from infra.providers.http.client import ApiClient
from infra.providers.http.downloads import download
from infra.providers.http.listing import Listing, price_of, size_for
from infra.providers.http.pictures import Picture, check_picture
from infra.providers.http.prompting import render
from infra.settings import ListedModel
from schemas.errors import BadOutput, BudgetExceeded, ProviderError, Refused, Unavailable
from schemas.generations import GenerationRequest, ModelCard
from schemas.images import ImageRef

_FIRST_ERROR: Final = 400
_REFUSALS: Final = {"moderation_blocked", "content_policy_violation"}
_NO_MONEY: Final = {"insufficient_quota", "billing_hard_limit_reached"}
_FILE_ENDING: Final = {"image/jpeg": "jpg", "image/png": "png", "image/webp": "webp"}

_File = tuple[str, tuple[str, bytes, str]]


class OpenAIProvider:
    """The models of `listing` by way of `client`. Pictures to start from are read with `blobs`."""

    name = "openai"

    def __init__(self, client: ApiClient, listing: Listing, blobs: BlobReader) -> None:
        self._client = client
        self._listing = listing
        self._blobs = blobs

    def models(self) -> tuple[ModelCard, ...]:
        """The listed models."""
        return self._listing.cards()

    async def submit(self, request: GenerationRequest) -> Ticket:
        """Have the picture made; the ticket is finished."""
        model = self._listing.check(request)
        prompt = render(request.prompt, request.safe_area)
        size = size_for(model, request.size)
        price = price_of(model, size)
        fields = {**model.parameters, "model": model.called, "prompt": prompt, "n": 1}
        fields["size"] = f"{size.width}x{size.height}"
        answer, picture = await self._made(request, model, fields, price)
        generation = Generation(
            data=picture.data,
            media_type=picture.media_type,
            size=picture.size,
            model_version=model.called,
            price_usd=price,
            prompt_text=prompt,
            parameters=dict(model.parameters),
        )
        request_id = answer.headers.get("x-request-id") or f"openai-{request.job_id}"
        return Ticket(request.model, request_id, generation)

    async def collect(self, ticket: Ticket) -> Generation:
        """The picture of `ticket`."""
        if ticket.finished is None:
            raise BadOutput(f"{ticket.request_id}: the images API keeps no pictures; submit the request again")
        return ticket.finished

    async def close(self) -> None:
        """Close the connections."""
        await self._client.close()

    async def _made(
        self, request: GenerationRequest, model: ListedModel, fields: dict[str, Any], price: float
    ) -> tuple[Answer, Picture]:
        content = await self._content(request, model, fields)
        try:
            async with asyncio.timeout(self._client.access.limit_seconds):
                path = "/v1/images/edits" if "files" in content else "/v1/images/generations"
                limit = self._client.access.limit_seconds
                answer = await self._client.call("POST", path, seconds=limit, paid_usd=price, **content)
                if answer.status >= _FIRST_ERROR:
                    raise self._error(answer)
                return answer, await self._picture(answer, price)
        except TimeoutError:
            raise Unavailable("openai made no picture in time, and may bill it", spent_usd=price) from None

    async def _content(self, request: GenerationRequest, model: ListedModel, fields: dict[str, Any]) -> dict[str, Any]:
        """The body: JSON, or a form with the pictures to start from (and the mask: transparent is to be drawn)."""
        if request.operation == "text-to-image":
            return {"json": fields}
        files = [await self._file("image[]", reference) for reference in request.references[: model.max_references]]
        if request.operation == "masked-edit" and request.mask is not None:
            files.append(await self._file("mask", request.mask))
        return {"data": {name: str(value) for name, value in fields.items()}, "files": files}

    async def _file(self, field: str, reference: ImageRef) -> _File:
        data = await self._blobs(reference.key)
        return field, (f"{field.strip('[]')}.{_FILE_ENDING[reference.media_type]}", data, reference.media_type)

    async def _picture(self, answer: Answer, price: float) -> Picture:
        items = answer.json(spent_usd=price).get("data")
        first = items[0] if isinstance(items, list) and items and isinstance(items[0], dict) else {}
        if isinstance(first.get("b64_json"), str):
            return await check_picture(_decoded(first["b64_json"], price), spent_usd=price)
        if isinstance(first.get("url"), str):
            fetched = await download(self._client, first["url"], spent_usd=price)
            return await check_picture(fetched.data, fetched.content_type, spent_usd=price)
        raise BadOutput("openai answered without a picture", spent_usd=price)

    def _error(self, answer: Answer) -> ProviderError:
        told = answer.error_body().get("error")
        error = told if isinstance(told, dict) else {"message": told or ""}
        said, code = self._client.without_key(str(error.get("message", ""))), error.get("code")
        if code in _REFUSALS:
            return Refused(f"openai refuses: {said[:300]}")
        if code in _NO_MONEY:
            return BudgetExceeded(f"openai's account has no money left: {said[:300]}")
        return self._client.failure(answer, said)


def _decoded(text: str, price: float) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error:
        raise BadOutput("openai's picture is no base64", spent_usd=price) from None
