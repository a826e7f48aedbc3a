"""OpenAI's images API: one call, one answer, the image within it."""

from __future__ import annotations

import time
from typing import Any, Final

from aiohttp import web

from tests.support.simulator.desk import Job, Order
from tests.support.simulator.forms import read_form
from tests.support.simulator.images import drawn_where_transparent
from tests.support.simulator.immediate import ImmediateApi
from tests.support.simulator.sending import error, unauthorized

_REFUSAL: Final = {
    "error": {
        "message": "Your request was rejected by the safety system. safety_violations=[violence].",
        "type": "image_generation_user_error",
        "param": None,
        "code": "moderation_blocked",
    }
}
_USAGE: Final = {
    "input_tokens": 100,
    "output_tokens": 272,
    "total_tokens": 372,
    "input_tokens_details": {"text_tokens": 100, "image_tokens": 0},
}


class OpenAiApi(ImmediateApi):
    """The handlers of ``/v1/images``."""

    def add_routes(self, app: web.Application) -> None:
        """The two paths for images, and the models."""
        app.router.add_post("/v1/images/generations", self.generate)
        app.router.add_post("/v1/images/edits", self.edit)
        app.router.add_get("/v1/models/{model}", self.model)

    async def generate(self, request: web.Request) -> web.StreamResponse:
        """An image from words."""
        body = await request.json()
        order = _order(request, body, None, None)
        if body.get("response_format") == "url":
            return await self._by_address(request, order)
        return await self.answer(request, order)

    async def edit(self, request: web.Request) -> web.StreamResponse:
        """An image from an image, within a mask where there is one."""
        texts, files = await read_form(request)
        images = files.get("image[]") or files.get("image")
        if not images:
            return error(400, _said("image is required", "invalid_request_error"))
        drawn = drawn_where_transparent(files["mask"][0][1]) if "mask" in files else None
        return await self.answer(request, _order(request, texts, images[0][1], drawn))

    async def model(self, request: web.Request) -> web.Response:
        """The description of a model."""
        _key(request)
        return web.json_response(
            {"id": request.match_info["model"], "object": "model", "created": 1, "owned_by": "system"}
        )

    def success(self, job: Job, image: str | None) -> dict[str, Any]:
        data = [] if image is None else [{"b64_json": image}]
        return {"created": int(job.call.received_at), "data": data, "usage": _USAGE}

    def failure(self, status: int) -> dict[str, Any]:
        return _said("try again later", "server_error")

    def refusal(self, job: Job) -> web.Response:
        return error(400, _REFUSAL, self.headers(job.call.id))

    def headers(self, request_id: str) -> dict[str, str]:
        return {"x-request-id": request_id}

    async def _by_address(self, request: web.Request, order: Order) -> web.Response:
        """Older models answer with the address of the image, if the request wants it."""
        job = self.desk.admit(order)
        await self.backroom.wait(job)
        job.call.answered_at = time.time()
        address = f"{request.url.origin()}/files/{job.call.id}.jpg"
        return web.json_response({"created": 1, "data": [{"url": address}]}, headers=self.headers(job.call.id))


def _order(request: web.Request, body: dict[str, Any], reference: bytes | None, mask: bytes | None) -> Order:
    size = body.get("size", "auto")
    width, height = (1024, 1024) if size == "auto" else (int(side) for side in size.split("x"))
    operation = "text-to-image" if reference is None else "image-to-image" if mask is None else "masked-edit"
    seed = body.get("seed")
    return Order(
        api="openai",
        key=_key(request),
        model=body["model"],
        operation=operation,
        prompt=body["prompt"],
        width=width,
        height=height,
        seed=None if seed is None else int(seed),
        reference=reference,
        mask=mask,
    )


def _key(request: web.Request) -> str:
    scheme, _, key = request.headers.get("Authorization", "").partition(" ")
    if scheme != "Bearer" or not key:
        raise unauthorized(_said("You didn't provide an API key.", "invalid_request_error"))
    return key


def _said(message: str, kind: str) -> dict[str, Any]:
    return {"error": {"message": message, "type": kind, "param": None, "code": None}}
