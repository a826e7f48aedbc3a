"""OpenAI's images API as a provider, and every compatible server: one call, the image in its answer.

https://platform.openai.com/docs/api-reference/images. Nothing is left to collect after `submit`, so a crash between
call and answer costs the call. In masks the transparent part is drawn again, as in a request.
"""

from __future__ import annotations

from typing import Any, ClassVar, Final

from infra.providers.http.answers import Answer, as_list, as_object, as_text
from infra.providers.http.orders import Order, decoded
from infra.providers.http.pricing import Tokens, price_of_tokens, token_count
from infra.providers.http.provider import ApiResult, HttpProvider
from infra.settings import ListedModel
from schemas.errors import BudgetExceeded, ProviderError, Refused

_REFUSALS: Final = {"moderation_blocked", "content_policy_violation"}
_NO_MONEY: Final = {"insufficient_quota", "billing_hard_limit_reached"}


class OpenAIProvider(HttpProvider):
    """The models of OpenAI, or of a compatible server."""

    probe_path: ClassVar[str] = "/v1/models/{model}"

    async def _begin(self, order: Order) -> ApiResult:
        path = "/v1/images/edits" if order.references else "/v1/images/generations"
        limit = self._client.access.limit_seconds
        content = _content(order)
        answer = await self._client.call("POST", path, seconds=limit, paid_usd=order.price_usd, **content)
        return self._result(self._checked(answer), order)

    def _result(self, answer: Answer, order: Order) -> ApiResult:
        body = answer.json(spent_usd=order.price_usd)
        price = _bill(order.model, body.get("usage"))
        first = as_object(next(iter(as_list(body.get("data"))), None))
        inline = first.get("b64_json")
        data = None if inline is None else decoded(inline, self.name, order.price_usd)
        return ApiResult(answer.headers.get("x-request-id", ""), data, as_text(first.get("url")), price_usd=price)

    def _error(self, answer: Answer) -> ProviderError:
        body = answer.error_body().get("error")
        error = body if isinstance(body, dict) else {"message": body or self._said(answer)}
        said, code = self._client.words(error.get("message", "")), as_text(error.get("code"))
        if code in _REFUSALS:
            return Refused(f"{self.name} refuses: {said}")
        if code in _NO_MONEY:
            return BudgetExceeded(f"{self.name}'s account has no money left: {said}")
        return self._client.failure(answer, said)


def _content(order: Order) -> dict[str, Any]:
    """The body: JSON, or a form with the images to start from and the mask."""
    fields = {**order.model.parameters, "model": order.model.called, "prompt": order.prompt, "n": 1}
    fields["size"] = f"{order.size.width}x{order.size.height}"
    if order.seed is not None:  # OpenAI's own models take none; some compatible servers do
        fields["seed"] = order.seed
    if not order.references:
        return {"json": fields}
    files = [("image[]", reference.file("image")) for reference in order.references]
    if order.mask is not None:
        files.append(("mask", order.mask.file("mask")))
    return {"data": {name: str(value) for name, value in fields.items()}, "files": files}


def _bill(model: ListedModel, reported: object) -> float | None:
    """What the tokens of an answer cost; None where the model is not billed by tokens, or none are reported."""
    usage = as_object(reported)
    if model.tokens is None or not token_count(usage.get("output_tokens")):
        return None
    shown = as_object(usage.get("input_tokens_details")) or {"text_tokens": usage.get("input_tokens")}
    tokens = Tokens(
        text_in=token_count(shown.get("text_tokens")),
        image_in=token_count(shown.get("image_tokens")),
        image_out=token_count(usage.get("output_tokens")),
    )
    return price_of_tokens(model.tokens, tokens)
