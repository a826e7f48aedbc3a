"""Google's Gemini image models ("Nano Banana") as a provider: one call, the image among the answer's parts.

https://ai.google.dev/gemini-api/docs/image-generation. One image a call, a ratio instead of a size, no mask.
A refusal is a successful answer (HTTP 200) that says why it has no image. The bytes carry Google's C2PA mark.
"""

from __future__ import annotations

import re
from typing import Any, ClassVar, Final

from infra.providers.http.answers import Answer, as_list, as_object, as_text
from infra.providers.http.listing import ratio_for
from infra.providers.http.orders import Order, decoded
from infra.providers.http.pricing import Tokens, price_of_tokens, token_count
from infra.providers.http.provider import ApiResult, HttpProvider
from infra.settings import ListedModel
from schemas.errors import BadOutput, ProviderError, Refused

_REFUSALS: Final = {
    "SAFETY", "PROHIBITED_CONTENT", "BLOCKLIST", "SPII", "RECITATION", "LANGUAGE", "JAILBREAK", "IMAGE_SAFETY",
    "IMAGE_PROHIBITED_CONTENT", "IMAGE_RECITATION",
}  # fmt: skip
"""Reasons to finish, or to block a prompt, that a second attempt would get again. IMAGE_OTHER, NO_IMAGE, OTHER,
MALFORMED_RESPONSE and MAX_TOKENS may pass."""
_SECONDS: Final = re.compile(r"^(\d+(?:\.\d+)?)s$")


class GeminiProvider(HttpProvider):
    """The Gemini models that draw."""

    probe_path: ClassVar[str] = "/v1beta/models/{model}"

    async def _begin(self, order: Order) -> ApiResult:
        path = f"/v1beta/models/{order.model.called}:generateContent"
        limit = self._client.access.limit_seconds
        answer = await self._client.call("POST", path, seconds=limit, paid_usd=order.price_usd, json=_body(order))
        return self._result(self._checked(answer).json(spent_usd=order.price_usd), order)

    def _result(self, body: dict[str, Any], order: Order) -> ApiResult:
        candidate = as_object(next(iter(as_list(body.get("candidates"))), None))
        image = _image(candidate)
        bill = _bill(order.model, body.get("usageMetadata"), drew=bool(image))
        self._refuse(as_object(body.get("promptFeedback")).get("blockReason"), "the prompt", bill)
        if not image:
            reason = candidate.get("finishReason")
            self._refuse(reason, "the image", bill)
            said = self._client.words(candidate.get("finishMessage") or reason or "no reason given")
            raise BadOutput(f"gemini answered without an image: {said}", spent_usd=_or(bill, order.price_usd))
        return ApiResult(
            request_id=str(body.get("responseId") or ""),
            data=decoded(image.get("data"), self.name, _or(bill, order.price_usd)),
            content_type=str(image.get("mimeType") or ""),
            version=str(body.get("modelVersion") or ""),
            price_usd=bill,
        )

    def _refuse(self, reason: object, what: str, bill: float | None) -> None:
        if as_text(reason) in _REFUSALS:
            raise Refused(f"gemini refuses {what}: {reason}", spent_usd=_or(bill, 0.0))

    def _error(self, answer: Answer) -> ProviderError:
        error = as_object(answer.error_body().get("error"))
        said = f"{error.get('status', '')} {error.get('message', '')}".strip()
        return self._client.failure(answer, said, wait=_retry_delay(error.get("details")))


def _body(order: Order) -> dict[str, Any]:
    images = [{"inlineData": {"mimeType": part.media_type, "data": part.base64}} for part in order.references]
    image = {"aspectRatio": ratio_for(order.model, order.request.size), **order.model.parameters}
    return {
        "contents": [{"role": "user", "parts": [{"text": order.prompt}, *images]}],
        "generationConfig": {"responseModalities": ["TEXT", "IMAGE"], "imageConfig": image},
    }


def _image(candidate: dict[str, Any]) -> dict[str, Any]:
    """The last part that is an image and not a thought (Nano Banana Pro thinks in images), or nothing."""
    found = [as_object(part) for part in as_list(as_object(candidate.get("content")).get("parts"))]
    images = [as_object(part.get("inlineData")) for part in found if part.get("inlineData") and not part.get("thought")]
    return images[-1] if images else {}


def _bill(model: ListedModel, usage: object, *, drew: bool) -> float | None:
    """What the tokens of an answer cost; None where it does not report them.

    With an image (`drew`) and without details, all tokens count as the image's, which cost ten times as much as a
    text's: an answer may leave the details out, but the image is always billed.
    """
    reported = as_object(usage)
    received = token_count(reported.get("candidatesTokenCount"))
    if model.tokens is None or not reported or (drew and not received):
        return None
    drawn = _of_images(reported.get("candidatesTokensDetails")) or (received if drew else 0)
    shown = _of_images(reported.get("promptTokensDetails"))
    tokens = Tokens(
        text_in=max(0, token_count(reported.get("promptTokenCount")) - shown),
        image_in=shown,
        text_out=max(0, received - drawn) + token_count(reported.get("thoughtsTokenCount")),
        image_out=drawn,
    )
    return price_of_tokens(model.tokens, tokens)


def _of_images(details: object) -> int:
    entries = [as_object(entry) for entry in as_list(details)]
    return sum(token_count(entry.get("tokenCount")) for entry in entries if entry.get("modality") == "IMAGE")


def _retry_delay(details: object) -> float | None:
    """The seconds of a google.rpc.RetryInfo, such as ``22s``; None without one."""
    for detail in as_list(details):
        found = _SECONDS.match(str(as_object(detail).get("retryDelay", "")))
        if found:
            return float(found[1])
    return None


def _or(value: float | None, other: float) -> float:
    return other if value is None else value
