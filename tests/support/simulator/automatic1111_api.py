"""The API of AUTOMATIC1111's web UI and of Forge."""

from __future__ import annotations

import base64
import json
from typing import Any

from aiohttp import web

from tests.support.simulator.desk import Job, Order
from tests.support.simulator.immediate import ImmediateApi
from tests.support.simulator.sending import unauthorized


class Automatic1111Api(ImmediateApi):
    """The handlers of ``/sdapi/v1``. There is no policy: what is forbidden elsewhere fails here."""

    def add_routes(self, app: web.Application) -> None:
        """Drawing, drawing over, enlarging, and which checkpoints there are."""
        app.router.add_post("/sdapi/v1/txt2img", self.make)
        app.router.add_post("/sdapi/v1/img2img", self.make)
        app.router.add_post("/sdapi/v1/extra-single-image", self.make)
        app.router.add_get("/sdapi/v1/sd-models", self.checkpoints)

    async def make(self, request: web.Request) -> web.StreamResponse:
        """An image."""
        return await self.answer(request, _order(request, await request.json()))

    async def checkpoints(self, request: web.Request) -> web.Response:
        """Which there are."""
        _key(request)
        return web.json_response([{"title": "cheap.safetensors", "model_name": "cheap"}])

    def success(self, job: Job, image: str | None) -> dict[str, Any]:
        if job.order.operation == "upscale":
            return {"html_info": "<div></div>", "image": image or ""}
        info = json.dumps({"seed": job.order.seed, "sd_model_name": "cheap", "sd_model_hash": "6ce0161689"})
        return {"images": [] if image is None else [image], "parameters": {}, "info": info}

    def failure(self, status: int) -> dict[str, Any]:
        return {"error": "OutOfMemoryError", "detail": "", "body": "", "errors": "CUDA out of memory."}


def _order(request: web.Request, body: dict[str, Any]) -> Order:
    images, is_upscale = body.get("init_images") or [], "upscaling_resize_w" in body
    images = [body["image"]] if is_upscale else images
    mask = base64.b64decode(body["mask"]) if "mask" in body else None
    operation = "upscale" if is_upscale else "masked-edit" if mask else "image-to-image" if images else "text-to-image"
    return Order(
        api="automatic1111",
        key=_key(request),
        model="" if is_upscale else body["override_settings"]["sd_model_checkpoint"],
        operation=operation,
        prompt=body.get("prompt", ""),
        width=body["upscaling_resize_w"] if is_upscale else body["width"],
        height=body["upscaling_resize_h"] if is_upscale else body["height"],
        seed=body.get("seed"),
        reference=base64.b64decode(images[0]) if images else None,
        mask=mask,
    )


def _key(request: web.Request) -> str:
    scheme, _, key = request.headers.get("Authorization", "").partition(" ")
    if scheme != "Basic":
        raise unauthorized({"detail": "Incorrect username or password"})
    return base64.b64decode(key).decode()
