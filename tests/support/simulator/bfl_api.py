"""Black Forest Labs' API: submit, poll at the address of the answer; https://docs.bfl.ai."""

from __future__ import annotations

import base64
from typing import Any, Final

from aiohttp import web

from tests.support.simulator.desk import Job, Order
from tests.support.simulator.queued import QueuedApi
from tests.support.simulator.sending import unauthorized

_STATUS: Final = {"working": "Pending", "failed": "Error", "refused": "Content Moderated", "cancelled": "Error"}
_SIDE: Final = 320


class BflApi(QueuedApi):
    """The handlers of the FLUX models."""

    def add_routes(self, app: web.Application) -> None:
        """The models, the result of a request, the credits that are left."""
        app.router.add_get("/v1/get_result", self.result)
        app.router.add_get("/v1/credits", self.credits)
        app.router.add_post("/v1/{model:flux-[^/]+}", self.submit)

    async def submit(self, request: web.Request) -> web.Response:
        """Take an order."""
        return await self.take(request, _order(request, await request.json()))

    async def result(self, request: web.Request) -> web.Response:
        """The state of a request."""
        _key(request)
        job, page = self.polled(request.query["id"])
        if page is not None:
            return page
        status = _STATUS.get(job.call.outcome, "Ready")
        body: dict[str, Any] = {"id": job.call.id, "status": status, "result": None, "progress": None, "details": None}
        if job.call.outcome in {"failed", "refused"}:
            self.ended(job)
            body["details"] = {"Moderation Reasons": ["Safety Filter"]} if job.call.outcome == "refused" else None
        if status == "Ready":
            sample = {} if job.mishap == "empty" else {"sample": self.file_address(request, job)}
            body["cost"] = job.call.billed_usd * 100
            body["result"] = {**sample, "prompt": job.order.prompt, "seed": job.order.seed or 0}
        return web.json_response(body)

    async def credits(self, request: web.Request) -> web.Response:
        """What is left."""
        _key(request)
        return web.json_response({"credits": 1000.0})

    def accepted(self, request: web.Request, job: Job) -> dict[str, Any]:
        return {"id": job.call.id, "polling_url": f"{request.url.origin()}/v1/get_result?id={job.call.id}"}

    def failure(self, status: int) -> dict[str, Any]:
        return {"detail": "Task not found" if status == 404 else "try again later"}


def _order(request: web.Request, body: dict[str, Any]) -> Order:
    image, mask = body.get("input_image") or body.get("image"), body.get("mask")
    return Order(
        api="bfl",
        key=_key(request),
        model=request.match_info["model"],
        operation="masked-edit" if mask else "image-to-image" if image else "text-to-image",
        prompt=body["prompt"],
        width=body.get("width", _SIDE),
        height=body.get("height", _SIDE),
        seed=body.get("seed"),
        reference=base64.b64decode(image, validate=True) if image else None,
        mask=base64.b64decode(mask, validate=True) if mask else None,
    )


def _key(request: web.Request) -> str:
    key = request.headers.get("x-key", "")
    if not key:
        raise unauthorized({"detail": "Not authenticated"}, 403)
    return key
