"""Replicate as a provider: create a prediction, poll it, fetch its output file.

https://replicate.com/docs/reference/http. Each model has inputs of its own: `slots` of the listed model map to
their names. A path with a version (``owner/name:version``) runs that version, one without runs an official model.
Output files are deleted after an hour. In masks white is drawn again.
"""

from __future__ import annotations

import re
from typing import Any, ClassVar, Final

from infra.providers.http.answers import (
    FIRST_ERROR,
    Answer,
    as_list,
    as_number,
    as_object,
    as_text,
    poll_body,
    text_of,
    unless_gone,
)
from infra.providers.http.listing import ratio_for
from infra.providers.http.masks import white_where_drawn
from infra.providers.http.orders import Attachment, Order
from infra.providers.http.pricing import usual_price
from infra.providers.http.provider import ApiResult, HttpProvider
from infra.settings import ListedModel
from schemas.errors import BadOutput, ProviderError, Refused

_LARGEST_INLINE: Final = 256 * 1024
"""Bytes of an image up to which Replicate takes it within the request; a larger one is uploaded."""
_ENDED: Final = {"failed", "canceled", "aborted"}
_POLICY: Final = re.compile(
    r"\bNSFW\b|\bE005\b|flagged as sensitive|content (policy|moderation)|safety (check|filter)", re.IGNORECASE
)
"""A refusal is a failed prediction; its message differs from model to model."""
_RESET: Final = re.compile(r"resets in ~?(\d+)\s?s")


class ReplicateProvider(HttpProvider):
    """The models of Replicate."""

    probe_path: ClassVar[str] = ""

    async def probe(self, model: str) -> None:
        """Ask for the model itself, which costs nothing."""
        path = self.listing.find(model).called.partition(":")[0]
        self._checked(await self._client.call("GET", f"/v1/models/{path}"))

    async def _begin(self, order: Order) -> str:
        inputs = {**order.model.parameters, **await self._inputs(order)}
        name, _, version = order.model.called.partition(":")
        path = "/v1/predictions" if version else f"/v1/models/{name}/predictions"
        body = {"version": version, "input": inputs} if version else {"input": inputs}
        answer = self._checked(await self._client.call("POST", path, json=body, paid_usd=order.price_usd))
        return text_of(answer, "id", order.price_usd)

    async def _look(self, model: ListedModel, request_id: str) -> ApiResult | None:
        answer = await self._client.call("GET", f"/v1/predictions/{request_id}")
        paid = usual_price(model)
        body = poll_body(self._checked(unless_gone(answer, "replicate no longer knows the prediction", paid)))
        status = as_text(body.get("status"))
        if status in _ENDED:
            raise self._ended(request_id, body, model)
        if status != "succeeded":
            return None
        output = body.get("output")
        return ApiResult(
            request_id,
            address=as_text(next(iter(as_list(output)), output)),
            version=str(body.get("version") or "").removeprefix("hidden"),
            price_usd=_bill(model, body),
        )

    async def _withdraw(self, model: ListedModel, request_id: str) -> float | None:
        answer = await self._client.call("POST", f"/v1/predictions/{request_id}/cancel")
        if answer.status >= FIRST_ERROR:
            return None
        body = answer.error_body()
        match body.get("status"):
            case "succeeded":
                return None
            case "aborted":  # it had not begun, and is not billed
                return 0.0
            case _:
                return _bill(model, body) or usual_price(model)

    def _ended(self, request_id: str, body: dict[str, Any], model: ListedModel) -> ProviderError:
        said = self._client.words(body.get("error") or body.get("status"))
        spent = _bill_of_ended(model, body)
        if _POLICY.search(said):
            return Refused(f"replicate ended {request_id}: {said}", spent_usd=spent)
        return BadOutput(f"replicate ended {request_id}: {said}", spent_usd=spent)

    def _error(self, answer: Answer) -> ProviderError:
        said = self._said(answer)
        found = _RESET.search(said)
        return self._client.failure(answer, said, wait=float(found[1]) if found else None)

    async def _inputs(self, order: Order) -> dict[str, Any]:
        slots, values = order.model.slots, await self._values(order)
        return {name: values[slot] for slot, name in slots.items() if values.get(slot) is not None}

    async def _values(self, order: Order) -> dict[str, Any]:
        """The values of the request, by slot."""
        slots = order.model.slots
        values: dict[str, Any] = {"prompt": order.prompt, "seed": order.seed}
        values["negative_prompt"] = order.negatives or None
        values |= {"width": order.size.width, "height": order.size.height, "strength": order.request.strength}
        if order.model.ratios:
            values["aspect_ratio"] = ratio_for(order.model, order.request.size)
        if order.references and "image" in slots:
            values["image"] = await self._address(order.references[0], order)
        if order.references and "images" in slots:
            values["images"] = [await self._address(reference, order) for reference in order.references]
        if order.mask is not None:
            white = Attachment(await white_where_drawn(order.mask.data), "image/png")
            values["mask"] = await self._address(white, order)
        return values

    async def _address(self, image: Attachment, order: Order) -> str:
        """The address of `image` for the model: a ``data:`` address, or an uploaded file where it is large."""
        if len(image.data) <= _LARGEST_INLINE:
            return image.address
        form = {"content": image.file(order.request.job_id)}
        answer = self._checked(await self._client.call("POST", "/v1/files", files=form))
        address = as_text(as_object(answer.json().get("urls")).get("get"))
        if not address:
            raise BadOutput("replicate took the file and returned no address")
        return address


def _bill_of_ended(model: ListedModel, body: dict[str, Any]) -> float:
    """What a failed prediction cost: one that was cancelled while it ran is billed like any other."""
    match body.get("status"):
        case "aborted":
            return 0.0
        case "canceled":
            bill = _bill(model, body)
            return usual_price(model) if bill is None else bill
        case _:
            return _bill(model, body) or 0.0


def _bill(model: ListedModel, body: dict[str, Any]) -> float | None:
    """What a prediction cost where it is billed by its time and reports it; else None."""
    seconds = as_number(as_object(body.get("metrics")).get("predict_time"))
    return model.price_usd * seconds if model.per == "second" and seconds is not None and seconds >= 0 else None
