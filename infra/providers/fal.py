"""fal's queue as a provider: submit, poll, fetch the result, fetch the image.

https://docs.fal.ai/model-endpoints/queue. Each endpoint has a body of its own; those of the catalogue and most others
agree on the names used here. In masks white is drawn again.
"""

from __future__ import annotations

from typing import Any, ClassVar, Final

from infra.providers.http.answers import (
    FIRST_ERROR,
    Answer,
    as_list,
    as_object,
    as_text,
    as_whole,
    poll_body,
    text_of,
    unless_gone,
)
from infra.providers.http.masks import white_where_drawn
from infra.providers.http.orders import Attachment, Order
from infra.providers.http.pricing import usual_price
from infra.providers.http.provider import ApiResult, HttpProvider
from infra.settings import ListedModel
from schemas.errors import BadOutput, InvalidRequest, ProviderError, Refused

_UNPROCESSABLE: Final = 422
_TOO_MANY: Final = 429
_POLICY: Final = "content_policy"
_GONE: Final = "fal no longer knows the request"
_UNKNOWN_REQUEST: Final = "00000000-0000-4000-8000-000000000000"
_NO_SUCH_REQUEST: Final = {404, 422}


class FalProvider(HttpProvider):
    """The models of fal. A ticket holds all that another process needs to go on polling."""

    probe_path: ClassVar[str] = ""

    async def probe(self, model: str) -> None:
        """Ask for the status of a request that does not exist: fal has no call that only checks a key."""
        answer = await self._client.call("GET", f"{_place(self.listing.find(model), _UNKNOWN_REQUEST)}/status")
        if answer.status not in _NO_SUCH_REQUEST:
            self._checked(answer)

    async def _begin(self, order: Order) -> str:
        # a request that timed out may be queued all the same, and counts as paid
        path, body = f"/{order.model.called}", await _body(order)
        answer = self._checked(await self._client.call("POST", path, json=body, paid_usd=order.price_usd))
        return text_of(answer, "request_id", order.price_usd)

    async def _look(self, model: ListedModel, request_id: str) -> ApiResult | None:
        place, paid = _place(model, request_id), usual_price(model)
        polled = unless_gone(await self._client.call("GET", f"{place}/status"), _GONE, paid)
        status = poll_body(self._checked(polled))
        if status.get("status") != "COMPLETED":
            return None
        answer = await self._result(place, paid, has_failed=bool(status.get("error")))
        if answer.status >= FIRST_ERROR or status.get("error"):
            raise self._end(answer, status, request_id)
        return _api_result(answer.json(spent_usd=paid), request_id, paid)

    async def _withdraw(self, model: ListedModel, request_id: str) -> float | None:
        answer = await self._client.call("PUT", f"{_place(model, request_id)}/cancel")
        return 0.0 if answer.status < FIRST_ERROR else None  # an error: the image is made already

    async def _result(self, place: str, paid_usd: float, *, has_failed: bool) -> Answer:
        """The result. Raises an error only where it concerns fal's servers and not the request."""
        answer = unless_gone(await self._client.call("GET", place), _GONE, paid_usd)
        is_final = has_failed or answer.status == _UNPROCESSABLE or "x-fal-error-type" in answer.headers
        if answer.status >= FIRST_ERROR and (answer.status == _TOO_MANY or not is_final):
            raise self._error(answer)
        return answer

    def _end(self, answer: Answer, status: dict[str, Any], request_id: str) -> ProviderError:
        """The error of a request that ended without an image; nothing is billed for one."""
        said = self._said(answer) if answer.status >= FIRST_ERROR else str(status.get("error"))
        kind = f"{status.get('error_type', '')} {said}"
        message = f"fal ended {request_id}: {self._client.words(said)}"
        if _POLICY in kind:
            return Refused(message)
        if answer.status == _UNPROCESSABLE:
            return InvalidRequest(message)
        return BadOutput(message)

    def _error(self, answer: Answer) -> ProviderError:
        said = self._said(answer)
        if _POLICY in said:
            return Refused(f"fal refuses: {self._client.words(said)}")
        return self._client.failure(answer, said)

    def _said(self, answer: Answer) -> str:
        """The message in an error's body: a text, or a list of findings with type and message."""
        detail = answer.error_body().get("detail", "")
        if not isinstance(detail, list):
            return str(detail)
        findings = [finding for finding in detail if isinstance(finding, dict)]
        return "; ".join(f"{finding.get('type', '')}: {finding.get('msg', '')}" for finding in findings)


def _place(model: ListedModel, request_id: str) -> str:
    """A request's path: fal keeps requests under owner and alias, without the rest of the endpoint."""
    owner_and_alias = "/".join(model.called.split("/")[:2])
    return f"/{owner_and_alias}/requests/{request_id}"


def _api_result(result: dict[str, Any], request_id: str, paid_usd: float) -> ApiResult:
    images = as_list(result.get("images")) or [result.get("image")]
    if True in as_list(result.get("has_nsfw_concepts")):
        raise Refused(f"fal blacked out {request_id}: not safe for work", spent_usd=paid_usd)
    return ApiResult(request_id, address=as_text(as_object(images[0]).get("url")), seed=as_whole(result.get("seed")))


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
