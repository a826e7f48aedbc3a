"""fal's queue: submit, poll, fetch the result; https://docs.fal.ai/model-endpoints/queue."""

from __future__ import annotations

import base64
from typing import Any, Final

from aiohttp import web

from tests.support.simulator.desk import Job, Order
from tests.support.simulator.queued import QueuedApi
from tests.support.simulator.sending import error, unauthorized

_NAMED_SIZES: Final = {
    "square_hd": (1024, 1024),
    "square": (512, 512),
    "portrait_4_3": (768, 1024),
    "portrait_16_9": (576, 1024),
    "landscape_4_3": (1024, 768),
    "landscape_16_9": (1024, 576),
}
_REFUSAL: Final = {
    "detail": [
        {
            "loc": ["body", "prompt"],
            "msg": "The content could not be processed because it contained material flagged by a content checker.",
            "type": "content_policy_violation",
            "url": "https://docs.fal.ai/errors/#content_policy_violation",
        }
    ]
}
_FAILURE: Final = {"detail": "The runner failed", "error_type": "runner_server_error"}
_ENDED: Final = {"failed": "runner_server_error", "refused": "content_policy_violation", "cancelled": "cancelled"}


class FalApi(QueuedApi):
    """The handlers of fal's queue."""

    def add_routes(self, app: web.Application) -> None:
        """fal takes every path that no other API has."""
        app.router.add_get("/{owner}/{alias}/requests/{id}/status", self.status)
        app.router.add_put("/{owner}/{alias}/requests/{id}/cancel", self.cancel)
        app.router.add_get("/{owner}/{alias}/requests/{id}", self.result)
        app.router.add_post("/{model:.+}", self.submit)

    async def submit(self, request: web.Request) -> web.Response:
        """Take an order."""
        return await self.take(request, _order(request, await request.json()))

    def accepted(self, request: web.Request, job: Job) -> dict[str, Any]:
        base = f"{request.url.origin()}/{'/'.join(job.order.model.split('/')[:2])}/requests/{job.call.id}"
        urls = {"status_url": f"{base}/status", "response_url": base, "cancel_url": f"{base}/cancel"}
        return {"request_id": job.call.id, **urls, "queue_position": 0}

    def failure(self, status: int) -> dict[str, Any]:
        return {"detail": "Request not found" if status == 404 else "try again later"}

    async def status(self, request: web.Request) -> web.Response:
        """The state of the work."""
        job, page = self.polled(request.match_info["id"])
        if page is not None:
            return page
        outcome = job.call.outcome
        if outcome == "working":
            return web.json_response({"status": "IN_PROGRESS", "logs": None}, status=202)
        state = {"status": "COMPLETED", "logs": None}
        if outcome in _ENDED:
            return web.json_response(state | {"error": _ENDED[outcome], "error_type": _ENDED[outcome]})
        return web.json_response(state | {"metrics": {"inference_time": job.latency}})

    async def result(self, request: web.Request) -> web.Response:
        """The result: the address of the image, or the error."""
        job = self.find(request.match_info["id"])
        call, order = job.call, job.order
        if call.outcome == "working":
            return error(400, {"detail": "Request is still in progress"})
        if call.outcome in _ENDED:
            self.ended(job)
            if call.outcome == "refused":
                return error(422, _REFUSAL, {"X-Fal-Retryable": "false"})
            return error(500, _FAILURE, {"X-Fal-Error-Type": "runner_server_error"})
        size = {"width": order.width, "height": order.height}
        image = {"url": self.file_address(request, job), "content_type": "image/jpeg", **size}
        images = [] if job.mishap == "empty" else [image]
        return web.json_response({"images": images, "seed": order.seed or 0, "prompt": order.prompt})

    async def cancel(self, request: web.Request) -> web.Response:
        """Stop the work, if it is not done; nothing is billed then."""
        job = self.find(request.match_info["id"])
        if not self.backroom.stop(job):
            return error(400, {"status": "ALREADY_COMPLETED"})
        self.ended(job)
        return web.json_response({"status": "CANCELLATION_REQUESTED"}, status=202)


def _order(request: web.Request, body: dict[str, Any]) -> Order:
    width, height = _size(body.get("image_size", "landscape_4_3"))
    scheme, _, key = request.headers.get("Authorization", "").partition(" ")
    if scheme != "Key" or not key:
        raise unauthorized({"detail": "Authentication is required"})
    references = body.get("image_urls") or ([body["image_url"]] if "image_url" in body else [])
    return Order(
        api="fal",
        key=key,
        model=request.match_info["model"],
        operation=_operation(body, references),
        prompt=body["prompt"],
        width=width,
        height=height,
        seed=body.get("seed"),
        reference=from_data_address(references[0]) if references else None,
        mask=from_data_address(body["mask_url"]) if "mask_url" in body else None,
    )


def _operation(body: dict[str, Any], references: list[str]) -> str:
    return "masked-edit" if "mask_url" in body else "image-to-image" if references else "text-to-image"


def from_data_address(address: str) -> bytes:
    """The bytes within a ``data:`` address."""
    return base64.b64decode(address.partition(",")[2])


def _size(value: str | dict[str, int]) -> tuple[int, int]:
    return _NAMED_SIZES[value] if isinstance(value, str) else (value["width"], value["height"])
