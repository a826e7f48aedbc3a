"""Google's Gemini API as far as it draws: ``generateContent``; https://ai.google.dev/api/generate-content."""

from __future__ import annotations

import base64
from typing import Any, Final

from aiohttp import web

from tests.support.simulator.desk import Job, Order
from tests.support.simulator.immediate import ImmediateApi
from tests.support.simulator.sending import unauthorized

_STATUS: Final = {429: "RESOURCE_EXHAUSTED", 500: "INTERNAL"}
_LONG_SIDE: Final = 320
"""Pixels: images of a third of the real size, which cost a tenth."""
_IMAGE_TOKENS: Final = 1290


class GeminiApi(ImmediateApi):
    """The handlers of ``/v1beta/models``."""

    def add_routes(self, app: web.Application) -> None:
        """Drawing, and the description of a model."""
        app.router.add_post("/v1beta/models/{model:[^:/]+}:generateContent", self.generate)
        app.router.add_get("/v1beta/models/{model}", self.model)

    async def generate(self, request: web.Request) -> web.StreamResponse:
        """An image from words, and images where there are some."""
        return await self.answer(request, _order(request, await request.json()))

    async def model(self, request: web.Request) -> web.Response:
        """The description of a model."""
        _key(request)
        return web.json_response({"name": f"models/{request.match_info['model']}", "version": "1"})

    def success(self, job: Job, image: str | None) -> dict[str, Any]:
        parts: list[dict[str, Any]] = [{"text": "Here is your image."}]
        if image is not None:
            kind = "image/png" if job.order.mask is not None else "image/jpeg"
            parts.append({"inlineData": {"mimeType": kind, "data": image}})
        reason = "STOP" if image is not None else "NO_IMAGE"
        return self._told(job, {"content": {"role": "model", "parts": parts}, "finishReason": reason, "index": 0})

    def refusal(self, job: Job) -> web.Response:
        return web.json_response(self._told(job, {"finishReason": "IMAGE_SAFETY", "index": 0}, drawn=0))

    def failure(self, status: int) -> dict[str, Any]:
        return {"error": {"code": status, "message": "try again later", "status": _STATUS.get(status, "UNKNOWN")}}

    def _told(self, job: Job, candidate: dict[str, Any], drawn: int = _IMAGE_TOKENS) -> dict[str, Any]:
        usage: dict[str, Any] = {"promptTokenCount": 200, "candidatesTokenCount": drawn, "totalTokenCount": 200 + drawn}
        usage["promptTokensDetails"] = [{"modality": "TEXT", "tokenCount": 200}]
        usage["candidatesTokensDetails"] = [{"modality": "IMAGE", "tokenCount": drawn}]
        version = f"{job.order.model}-001"
        return {"candidates": [candidate], "usageMetadata": usage, "modelVersion": version, "responseId": job.call.id}


def _order(request: web.Request, body: dict[str, Any]) -> Order:
    parts = body["contents"][0]["parts"]
    images = [part["inlineData"] for part in parts if "inlineData" in part]
    wide, high = (int(side) for side in body["generationConfig"]["imageConfig"]["aspectRatio"].split(":"))
    scale = _LONG_SIDE / max(wide, high)
    return Order(
        api="gemini",
        key=_key(request),
        model=request.match_info["model"],
        operation="image-to-image" if images else "text-to-image",
        prompt="\n".join(part["text"] for part in parts if "text" in part),
        width=round(wide * scale),
        height=round(high * scale),
        reference=base64.b64decode(images[0]["data"]) if images else None,
    )


def _key(request: web.Request) -> str:
    key = request.headers.get("x-goog-api-key", "")
    if not key:
        message = "Method doesn't allow unregistered callers"
        raise unauthorized({"error": {"code": 403, "message": message, "status": "PERMISSION_DENIED"}}, 403)
    return key
