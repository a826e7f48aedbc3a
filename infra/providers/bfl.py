"""Black Forest Labs as a provider: submit, poll at the address that the answer names, fetch the image.

https://docs.bfl.ai. One region keeps a request, so only its polling address identifies it. That address is
the ticket's request id; it is followed with the key to `key_hosts` and nowhere else. Results are deleted after ten
minutes. In masks white is drawn again.
"""

from __future__ import annotations

import base64
from typing import Any, ClassVar, Final

from infra.providers.http.answers import (
    Answer,
    as_number,
    as_object,
    as_text,
    as_whole,
    poll_body,
    text_of,
    unless_gone,
)
from infra.providers.http.listing import ratio_for
from infra.providers.http.masks import white_where_drawn
from infra.providers.http.orders import Order
from infra.providers.http.pricing import usual_price
from infra.providers.http.provider import ApiResult, HttpProvider
from infra.settings import ListedModel
from schemas.errors import BadOutput, ProviderError, Refused

_MODERATED: Final = {"Request Moderated", "Content Moderated"}
_CREDIT_USD: Final = 0.01
"""https://bfl.ai/pricing."""
_FAILED: Final = {"Error", "Failed"}
_NOT_FOUND: Final = "Task not found"


class BflProvider(HttpProvider):
    """The FLUX models of Black Forest Labs."""

    probe_path: ClassVar[str] = "/v1/credits"

    async def _begin(self, order: Order) -> str:
        path = f"/v1/{order.model.called}"
        answer = await self._client.call("POST", path, json=await _body(order), paid_usd=order.price_usd)
        return text_of(self._checked(answer), "polling_url", order.price_usd)

    async def _look(self, model: ListedModel, request_id: str) -> ApiResult | None:
        paid = usual_price(model)
        answer = unless_gone(await self._client.call("GET", request_id), "bfl no longer knows the request", paid)
        body = poll_body(self._checked(answer))
        status = as_text(body.get("status"))
        if status in _MODERATED:
            raise Refused(f"bfl refuses: {status}{self._detail(body)}")
        if status == _NOT_FOUND:  # as with 404: what was made was paid
            raise BadOutput(f"bfl no longer knows the request: {status}{self._detail(body)}", spent_usd=paid)
        if status in _FAILED:
            raise BadOutput(f"bfl ended the request: {status}{self._detail(body)}")
        if status != "Ready":
            return None
        result = as_object(body.get("result"))
        address, seed = as_text(result.get("sample")), as_whole(result.get("seed"))
        return ApiResult(request_id, address=address, seed=seed, price_usd=_bill(body))

    def _detail(self, body: dict[str, Any]) -> str:
        said = body.get("details") or body.get("error")
        return "" if not said else f": {self._client.words(said)}"

    def _error(self, answer: Answer) -> ProviderError:
        wait = as_number(answer.error_body().get("retry_after"))
        return self._client.failure(answer, self._said(answer), wait=wait)


def _bill(body: dict[str, Any]) -> float | None:
    """What an image cost, where the answer reports it (in credits); else None."""
    cost = as_number(body.get("cost")) or 0.0
    return cost * _CREDIT_USD if cost > 0 else None


async def _body(order: Order) -> dict[str, Any]:
    body: dict[str, Any] = {**order.model.parameters, "prompt": order.prompt}
    if order.seed is not None:
        body["seed"] = order.seed
    if order.mask is not None:  # the fill model keeps the image's own size
        white = await white_where_drawn(order.mask.data)
        return body | {"image": order.references[0].base64, "mask": base64.b64encode(white).decode()}
    if order.model.ratios:
        body["aspect_ratio"] = ratio_for(order.model, order.request.size)
    else:
        body |= {"width": order.size.width, "height": order.size.height}
    for number, reference in enumerate(order.references, 1):
        body["input_image" if number == 1 else f"input_image_{number}"] = reference.base64
    return body
