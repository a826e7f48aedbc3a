"""fal's queue: submit, poll, fetch the result, fetch the picture."""

from __future__ import annotations

import asyncio
import base64
import time
from typing import Any, Final

from aiohttp import web

from tests.support.simulator.desk import Desk, Job, Order, TurnedAway
from tests.support.simulator.sending import error, retry_after, send
from tests.support.simulator.spoiling import spoil
from tests.support.simulator.weather import SPOILED

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


class FalApi:
    """The handlers of fal's queue, and of the pictures that it points to."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._work: dict[str, asyncio.Task[None]] = {}

    def add_routes(self, app: web.Application) -> None:
        """Everything but the control interface and OpenAI's paths is fal's."""
        app.router.add_get("/files/{id}.jpg", self.file)
        app.router.add_get("/{owner}/{alias}/requests/{id}/status", self.status)
        app.router.add_put("/{owner}/{alias}/requests/{id}/cancel", self.cancel)
        app.router.add_get("/{owner}/{alias}/requests/{id}", self.result)
        app.router.add_post("/{model:.+}", self.submit)

    async def close(self) -> None:
        """End all work."""
        for task in self._work.values():
            task.cancel()
        await asyncio.gather(*self._work.values(), return_exceptions=True)

    async def submit(self, request: web.Request) -> web.Response:
        """Take an order; the work goes on by itself."""
        order = _order(request, await request.json())
        try:
            job = self._desk.admit(order)
        except TurnedAway as turned:
            headers = retry_after(self._desk.weather.retry_after_seconds) if turned.status == 429 else {}
            return error(
                turned.status, {"detail": "try again later"}, headers | {"x-fal-request-id": turned.request_id}
            )
        task = self._work[job.call.id] = asyncio.create_task(self._desk.work(job))
        task.add_done_callback(lambda _: self._work.pop(job.call.id, None))
        base = f"{request.url.origin()}/{'/'.join(order.model.split('/')[:2])}/requests/{job.call.id}"
        urls = {"status_url": f"{base}/status", "response_url": base, "cancel_url": f"{base}/cancel"}
        return web.json_response({"request_id": job.call.id, **urls, "queue_position": 0})

    async def status(self, request: web.Request) -> web.Response:
        """Where the work stands."""
        job = self._find(request)
        job.call.polls += 1
        match job.call.outcome:
            case "working":
                return web.json_response({"status": "IN_PROGRESS", "logs": None}, status=202)
            case "failed" | "refused" | "cancelled":
                kind = {"failed": "runner_server_error", "refused": "content_policy_violation"}
                name = kind.get(job.call.outcome, "cancelled")
                return web.json_response({"status": "COMPLETED", "logs": None, "error": name, "error_type": name})
            case _:
                return web.json_response(
                    {"status": "COMPLETED", "logs": None, "metrics": {"inference_time": job.latency}}
                )

    async def result(self, request: web.Request) -> web.Response:
        """The result: where the picture is, or what went wrong."""
        job = self._find(request)
        call, order = job.call, job.order
        if call.outcome == "working":
            return error(400, {"detail": "Request is still in progress"})
        if call.outcome in {"refused", "failed", "cancelled"}:
            call.answered_at = call.answered_at or time.time()
            if call.outcome == "refused":
                return error(422, _REFUSAL, {"X-Fal-Retryable": "false"})
            return error(500, _FAILURE, {"X-Fal-Error-Type": "runner_server_error"})
        host = self._desk.weather.files_host
        origin = request.url.origin() if host is None else request.url.origin().with_host(host)
        picture = {"url": f"{origin}/files/{call.id}.jpg", "content_type": "image/jpeg"}
        size = {"width": order.width, "height": order.height}
        return web.json_response({"images": [picture | size], "seed": order.seed or 0, "prompt": order.prompt})

    async def cancel(self, request: web.Request) -> web.Response:
        """Stop the work, if it is not done; nothing is billed then."""
        job = self._find(request)
        task = self._work.get(job.call.id)
        if job.call.outcome != "working" or task is None:
            return error(400, {"status": "ALREADY_COMPLETED"})
        task.cancel()
        job.call.outcome = "cancelled"
        job.call.answered_at = time.time()
        return web.json_response({"status": "CANCELLATION_REQUESTED"}, status=202)

    async def file(self, request: web.Request) -> web.StreamResponse:
        """The bytes of a picture, good or spoiled."""
        job = self._find(request)
        job.call.downloads += 1
        body, content_type = spoil(await job.picture(), job.mishap or "")
        seconds = self._desk.weather.drip_seconds if job.mishap == "drip" and job.call.downloads == 1 else 0.0
        response = await send(request, body, content_type, seconds=seconds)
        job.call.outcome = "spoiled" if job.mishap in SPOILED else "served"
        job.call.answered_at = time.time()
        return response

    def _find(self, request: web.Request) -> Job:
        job = self._desk.jobs.get(request.match_info["id"])
        if job is None:
            raise web.HTTPNotFound(text='{"detail": "Request not found"}', content_type="application/json")
        return job


def _order(request: web.Request, body: dict[str, Any]) -> Order:
    width, height = _size(body.get("image_size", "landscape_4_3"))
    scheme, _, key = request.headers.get("Authorization", "").partition(" ")
    if scheme != "Key" or not key:
        raise web.HTTPUnauthorized(text='{"detail": "Authentication is required"}', content_type="application/json")
    references = body.get("image_urls") or [body["image_url"]] if "image_url" in body or "image_urls" in body else []
    return Order(
        api="fal",
        key=key,
        model=request.match_info["model"],
        operation="image-to-image" if references else "text-to-image",
        prompt=body["prompt"],
        width=width,
        height=height,
        seed=body.get("seed"),
        reference=base64.b64decode(references[0].partition(",")[2]) if references else None,
    )


def _size(value: str | dict[str, int]) -> tuple[int, int]:
    return _NAMED_SIZES[value] if isinstance(value, str) else (value["width"], value["height"])
