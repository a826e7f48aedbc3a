"""Stability's REST API (v2beta): generate, edit, upscale; https://platform.stability.ai/docs/api-reference."""

from __future__ import annotations

import json
from typing import Any, Final

from aiohttp import web

from tests.support.simulator.desk import Desk, Job, Order, Rejected
from tests.support.simulator.forms import read_form
from tests.support.simulator.immediate import ImmediateApi
from tests.support.simulator.sending import error, rejection, unauthorized
from tests.support.simulator.spoiling import PAGE

_POLLED: Final = {"edit/replace-background-and-relight", "upscale/creative"}
_SIDE: Final = 320
_NAMES: Final = {429: "rate_limit_exceeded", 404: "not_found", 500: "internal_error"}


class StabilityApi(ImmediateApi):
    """The handlers of the image services, and of the results of those that take longer."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._polled: set[str] = set()

    def add_routes(self, app: web.Application) -> None:
        """The services, the results, the balance."""
        app.router.add_post("/v2beta/stable-image/{kind}/{service}", self.make)
        app.router.add_get("/v2beta/results/{id}", self.result)
        app.router.add_get("/v1/user/balance", self.balance)

    async def make(self, request: web.Request) -> web.StreamResponse:
        """An image, now or later."""
        if request.content_type != "multipart/form-data":
            return error(400, _said("bad_request", "content-type: must be multipart/form-data"))
        order = await _order(request)
        if order.model not in _POLLED:
            return await self.answer(request, order)
        try:
            job = self.desk.admit(order)
        except Rejected as rejected:
            return rejection(request, self.desk, rejected, self.failure(rejected.status))
        self.backroom.start(job)
        text = json.dumps({"id": job.call.id})
        text = text[: len(text) // 2] if job.mishap == "malformed" else text
        return web.Response(text=text, content_type="application/json")

    async def result(self, request: web.Request) -> web.StreamResponse:
        """The state of longer work: 202 while it goes on, the image once it is done."""
        job = self.desk.jobs.get(request.match_info["id"])
        if job is None:
            return error(404, self.failure(404))
        job.call.polls += 1
        if job.mishap == "page" and job.call.polls == 1:
            return web.Response(body=PAGE, content_type="text/html")
        if job.mishap == "expired":
            job.call.outcome = "spoiled"
            return error(404, self.failure(404))
        if job.call.outcome == "working":
            return web.json_response({"id": job.call.id, "status": "in-progress"}, status=202)
        if job.call.outcome == "failed":  # the work itself has failed: another poll would not help
            return web.json_response({"finish_reason": "ERROR", "seed": 0})
        return await self._deliver(request, job)

    async def balance(self, request: web.Request) -> web.Response:
        """What is left."""
        _key(request)
        return web.json_response({"credits": 1000.0})

    def success(self, job: Job, image: str | None) -> dict[str, Any]:
        name = "result" if job.order.model in _POLLED else "image"
        made = {} if image is None else {name: image}
        return made | {"finish_reason": "SUCCESS", "seed": job.order.seed or 0}

    def failure(self, status: int) -> dict[str, Any]:
        return _said(_NAMES.get(status, "error"), "try again later")

    def refusal(self, job: Job) -> web.Response:
        if job.order.model in _POLLED:
            return web.json_response({"finish_reason": "CONTENT_FILTERED", "seed": 0})
        return error(403, _said("content_moderation", "Your request was flagged by our content moderation system"))


async def _order(request: web.Request) -> Order:
    form, parts = await read_form(request)
    files = {name: found[0][1] for name, found in parts.items()}
    image, mask = files.get("image") or files.get("subject_image"), files.get("mask")
    return Order(
        api="stability",
        key=_key(request),
        model=f"{request.match_info['kind']}/{request.match_info['service']}",
        operation="masked-edit" if mask else "image-to-image" if image else "text-to-image",
        prompt=form.get("prompt") or form.get("background_prompt") or "",
        width=_SIDE,
        height=_SIDE,
        seed=int(form["seed"]) if "seed" in form else None,
        reference=image,
        mask=mask,
    )


def _key(request: web.Request) -> str:
    scheme, _, key = request.headers.get("Authorization", "").partition(" ")
    if scheme != "Bearer" or not key:
        raise unauthorized(_said("unauthorized", "missing or invalid api key"))
    return key


def _said(name: str, *errors: str) -> dict[str, Any]:
    return {"id": "0a1b2c3d", "name": name, "errors": list(errors)}
