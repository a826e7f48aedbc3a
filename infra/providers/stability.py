"""Stability AI as a provider: generate, edit, relight, upscale; some answer with the image, some are polled.

https://platform.stability.ai/docs/api-reference (v2beta). The path of a listed model is its call below
``/v2beta/stable-image/``, such as ``generate/core`` or ``edit/inpaint``. All take forms. Results that are polled are
deleted after a day. In masks white is drawn again.
"""

from __future__ import annotations

from typing import Any, ClassVar, Final

from infra.providers.http.answers import Answer, as_list, as_whole, poll_body, text_of, unless_gone
from infra.providers.http.listing import ratio_for
from infra.providers.http.masks import white_where_drawn
from infra.providers.http.orders import Attachment, Order, decoded
from infra.providers.http.pricing import usual_price
from infra.providers.http.provider import ApiResult, HttpProvider, unusable
from infra.settings import ListedModel
from schemas.errors import BadOutput, ProviderError, Refused

_POLLED: Final = {"edit/replace-background-and-relight", "upscale/creative"}
_WORDLESS: Final = {"upscale/fast"}
"""Calls that take an image and nothing else."""
_IN_PROGRESS: Final = 202
_JSON: Final = {"Accept": "application/json"}
_POLICY: Final = "content_moderation"

_Form = list[tuple[str, tuple[str | None, bytes | str, str] | tuple[None, str]]]


class StabilityProvider(HttpProvider):
    """Stability's image services."""

    probe_path: ClassVar[str] = "/v1/user/balance"
    poll_seconds: ClassVar[float] = 10.0

    async def _begin(self, order: Order) -> ApiResult | str:
        service, polled = order.model.called, order.model.called in _POLLED
        answer = await self._client.call(
            "POST",
            f"/v2beta/stable-image/{service}",
            seconds=None if polled else self._client.access.limit_seconds,
            paid_usd=order.price_usd,
            headers=_JSON,
            files=await _form(order),
        )
        self._checked(answer)
        if polled:
            return text_of(answer, "id", order.price_usd)
        request_id = answer.headers.get("x-request-id", "")
        return self._result(answer.json(spent_usd=order.price_usd), request_id, order.price_usd)

    async def _look(self, model: ListedModel, request_id: str) -> ApiResult | None:
        if model.called not in _POLLED:
            return await super()._look(model, request_id)
        paid = usual_price(model)
        answer = await self._client.call("GET", f"/v2beta/results/{request_id}", headers=_JSON, made_usd=paid)
        self._checked(unless_gone(answer, "stability no longer has the result", paid))
        body = poll_body(answer)
        return None if answer.status == _IN_PROGRESS else self._result(body, request_id, paid)

    def _result(self, body: dict[str, Any], request_id: str, price: float) -> ApiResult:
        """The image of an answer; a filtered one is not billed."""
        reason = body.get("finish_reason")
        if reason == "CONTENT_FILTERED":
            raise Refused("stability refuses: the image was filtered")
        if reason == "ERROR":
            raise BadOutput("stability made no image: it reported an error")
        data = decoded(body.get("image") or body.get("result"), self.name, price)
        return ApiResult(request_id, data, seed=as_whole(body.get("seed")))

    def _error(self, answer: Answer) -> ProviderError:
        body = answer.error_body()
        said = "; ".join(str(error) for error in as_list(body.get("errors")))
        said = f"{body.get('name', '')}: {said or self._said(answer)}".strip(": ")
        if body.get("name") == _POLICY:
            return Refused(f"stability refuses: {self._client.words(said)}")
        return self._client.failure(answer, said)


async def _form(order: Order) -> _Form:
    """The body as a multipart form, which the API requires even where no part is a file."""
    fields = {name: (None, _text(value)) for name, value in _fields(order).items()}
    return [*fields.items(), *(await _files(order)).items()]


def _fields(order: Order) -> dict[str, Any]:
    service, request = order.model.called, order.request
    fields: dict[str, Any] = {"output_format": "png", **order.model.parameters}
    if service in _WORDLESS:
        return fields
    fields["background_prompt" if request.operation == "relight" else "prompt"] = order.prompt
    if order.negatives:
        fields["negative_prompt"] = order.negatives
    if order.seed is not None:
        fields["seed"] = order.seed
    if request.operation == "text-to-image":
        fields["aspect_ratio"] = ratio_for(order.model, request.size)
    if request.operation == "image-to-image":
        fields["strength"] = 0.5 if request.strength is None else request.strength
        if service == "generate/sd3":
            fields["mode"] = "image-to-image"
    return fields


def _text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


async def _files(order: Order) -> dict[str, tuple[str, bytes, str]]:
    operation = order.request.operation
    if operation == "text-to-image":
        return {}
    if operation not in {"image-to-image", "masked-edit", "upscale", "relight"}:
        raise unusable(operation, "stability")
    name = "subject_image" if operation == "relight" else "image"
    files = {name: order.references[0].file("image")}
    if order.mask is not None:
        files["mask"] = Attachment(await white_where_drawn(order.mask.data), "image/png").file("mask")
    return files
