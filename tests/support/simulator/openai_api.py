"""OpenAI's images API: one call, one answer, the picture within it."""

from __future__ import annotations

import asyncio
import base64
import json
import time
from typing import Any, Final

from aiohttp import web

from tests.support.simulator.desk import Desk, Job, Order, TurnedAway
from tests.support.simulator.sending import error, retry_after, send
from tests.support.simulator.spoiling import spoil
from tests.support.simulator.weather import SPOILED

_REFUSAL: Final = {
    "error": {
        "message": "Your request was rejected by the safety system. safety_violations=[violence].",
        "type": "image_generation_user_error",
        "param": None,
        "code": "moderation_blocked",
    }
}


class OpenAiApi:
    """The handlers of ``/v1/images``."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._work: set[asyncio.Task[None]] = set()

    def add_routes(self, app: web.Application) -> None:
        """The two paths for pictures."""
        app.router.add_post("/v1/images/generations", self.generate)
        app.router.add_post("/v1/images/edits", self.edit)

    async def close(self) -> None:
        """End all work."""
        for task in self._work:
            task.cancel()
        await asyncio.gather(*self._work, return_exceptions=True)

    async def generate(self, request: web.Request) -> web.StreamResponse:
        """A picture from words."""
        return await self._answer(request, await request.json(), None, "text-to-image")

    async def edit(self, request: web.Request) -> web.StreamResponse:
        """A picture from a picture, within a mask where there is one."""
        form = await request.post()
        images = [field for name, field in form.items() if name in {"image", "image[]"}]
        if not images or not isinstance(images[0], web.FileField):
            return error(400, _said("image is required", "invalid_request_error"))
        fields = {name: value for name, value in form.items() if isinstance(value, str)}
        operation = "masked-edit" if "mask" in form else "image-to-image"
        return await self._answer(request, fields, images[0].file.read(), operation)

    async def _answer(
        self, request: web.Request, body: dict[str, Any], reference: bytes | None, operation: str
    ) -> web.StreamResponse:
        order = _order(request, body, reference, operation)
        try:
            job = self._desk.admit(order)
        except TurnedAway as turned:
            headers = retry_after(self._desk.weather.retry_after_seconds) if turned.status == 429 else {}
            return error(turned.status, _said("try again later", "server_error"), headers | _id(turned.request_id))
        work = asyncio.create_task(self._desk.work(job))
        self._work.add(work)
        work.add_done_callback(self._work.discard)
        try:
            await asyncio.shield(work)  # the model goes on when the client has hung up, and the bill comes
            return await self._deliver(request, job, as_url=body.get("response_format") == "url")
        except (asyncio.CancelledError, ConnectionError):
            if job.call.is_open:
                job.call.outcome = "abandoned"
            if job.mishap == "hang":
                work.cancel()
            raise

    async def _deliver(self, request: web.Request, job: Job, *, as_url: bool) -> web.StreamResponse:
        call = job.call
        call.answered_at = time.time()
        if call.outcome == "refused":
            return error(400, _REFUSAL, _id(call.id))
        if call.outcome == "failed":
            return error(500, _said("The server had an error", "server_error"), _id(call.id))
        picture, content_type = spoil(await job.picture(), job.mishap or "")
        if as_url:
            return web.json_response(
                {"data": [{"url": f"{request.url.origin()}/files/{call.id}.jpg"}]}, headers=_id(call.id)
            )
        answer = {"created": int(call.received_at), "data": [{"b64_json": base64.b64encode(picture).decode()}]}
        body = picture if job.mishap == "wrong_type" else json.dumps(answer).encode()
        kind = content_type if job.mishap == "wrong_type" else "application/json"
        seconds = self._desk.weather.drip_seconds if job.mishap == "drip" else 0.0
        response = await send(request, body, kind, headers=_id(call.id), seconds=seconds)
        call.outcome = "spoiled" if job.mishap in SPOILED else "served"
        call.answered_at = time.time()
        return response


def _order(request: web.Request, body: dict[str, Any], reference: bytes | None, operation: str) -> Order:
    size = body.get("size", "auto")
    width, height = (1024, 1024) if size == "auto" else (int(side) for side in size.split("x"))
    scheme, _, key = request.headers.get("Authorization", "").partition(" ")
    if scheme != "Bearer" or not key:
        said = _said("You didn't provide an API key.", "invalid_request_error")
        raise web.HTTPUnauthorized(text=json.dumps(said), content_type="application/json")
    return Order(
        api="openai",
        key=key,
        model=body["model"],
        operation=operation,
        prompt=body["prompt"],
        width=width,
        height=height,
        reference=reference,
    )


def _said(message: str, kind: str) -> dict[str, Any]:
    return {"error": {"message": message, "type": kind, "param": None, "code": None}}


def _id(request_id: str) -> dict[str, str]:
    return {"x-request-id": request_id}
