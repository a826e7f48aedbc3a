"""Replicate's HTTP API: predictions and files; https://replicate.com/docs/reference/http."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from typing import Any, Final

from aiohttp import web

from tests.support.simulator.desk import Desk, Job, Order
from tests.support.simulator.fal_api import from_data_address
from tests.support.simulator.forms import read_form
from tests.support.simulator.queued import QueuedApi
from tests.support.simulator.sending import unauthorized

_STATUS: Final = {"working": "processing", "failed": "failed", "refused": "failed", "cancelled": "canceled"}
_REFUSAL: Final = (
    "The input or output was flagged as sensitive. Please try again with different inputs. (E005) (aBcDeFgHiJ)"
)
_SIDE: Final = 320


class ReplicateApi(QueuedApi):
    """The handlers of predictions and of the files that they start from."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.files: dict[str, bytes] = {}

    def add_routes(self, app: web.Application) -> None:
        """Predictions of official models and of versions, files, the description of a model."""
        app.router.add_post("/v1/models/{owner}/{name}/predictions", self.create)
        app.router.add_get("/v1/models/{owner}/{name}", self.model)
        app.router.add_post("/v1/predictions", self.create)
        app.router.add_get("/v1/predictions/{id}", self.get)
        app.router.add_post("/v1/predictions/{id}/cancel", self.cancel)
        app.router.add_post("/v1/files", self.upload)

    async def create(self, request: web.Request) -> web.Response:
        """Take an order."""
        answer = await self.take(request, self._order(request, await request.json()))
        answer.set_status(201 if answer.status == 200 else answer.status)
        return answer

    async def get(self, request: web.Request) -> web.Response:
        """The state of a prediction."""
        job, page = self.polled(request.match_info["id"])
        return page or web.json_response(self._prediction(request, job))

    async def cancel(self, request: web.Request) -> web.Response:
        """Stop the work, if it is not done."""
        job = self.find(request.match_info["id"])
        if self.backroom.stop(job):
            self.ended(job)
        return web.json_response(self._prediction(request, job))

    async def upload(self, request: web.Request) -> web.Response:
        """Keep a file that a prediction is to start from."""
        _key(request)
        data = (await read_form(request))[1]["content"][0][1]
        name = hashlib.sha256(data).hexdigest()[:32]
        self.files[name] = data
        address = f"{request.url.origin()}/v1/files/{name}"
        return web.json_response({"id": name, "size": len(data), "urls": {"get": address}}, status=201)

    async def model(self, request: web.Request) -> web.Response:
        """The description of a model."""
        _key(request)
        return web.json_response({"owner": request.match_info["owner"], "name": request.match_info["name"]})

    def accepted(self, request: web.Request, job: Job) -> dict[str, Any]:
        return self._prediction(request, job) | {"status": "starting"}

    def failure(self, status: int) -> dict[str, Any]:
        detail = "Request was throttled. Your rate limit resets in ~30s." if status == 429 else "try again later"
        return {"title": "Error", "detail": detail, "status": status}

    def _prediction(self, request: web.Request, job: Job) -> dict[str, Any]:
        outcome = job.call.outcome
        if outcome in {"failed", "refused"}:
            self.ended(job)
        status = _STATUS.get(outcome, "succeeded")
        base = f"{request.url.origin()}/v1/predictions/{job.call.id}"
        made = status == "succeeded" and job.mishap != "empty"
        errors = {"refused": _REFUSAL, "failed": "Prediction failed: CUDA out of memory"}
        return {
            "id": job.call.id,
            "model": job.order.model.partition(":")[0],
            "version": job.order.model.partition(":")[2] or "hidden",
            "input": {"prompt": job.order.prompt},
            "output": self.file_address(request, job) if made else None,
            "error": errors.get(outcome),
            "logs": "",
            "status": status,
            "data_removed": False,
            "created_at": datetime.fromtimestamp(job.call.received_at, UTC).isoformat(),
            "metrics": {"predict_time": job.latency} if status == "succeeded" else {},
            "urls": {"get": base, "cancel": f"{base}/cancel", "web": base},
        }

    def _order(self, request: web.Request, body: dict[str, Any]) -> Order:
        told = body["input"]
        images = told.get("input_images") or [told[name] for name in ("image", "input_image") if name in told]
        path = "/".join(request.match_info.get(part, "") for part in ("owner", "name"))
        reference = self._bytes(images[0]) if images else None
        mask = self._bytes(told["mask"]) if "mask" in told else None
        return Order(
            api="replicate",
            key=_key(request),
            model=path if path != "/" else f"anyone/anything:{body['version']}",
            operation="masked-edit" if mask else "image-to-image" if images else "text-to-image",
            prompt=told.get("prompt", ""),
            width=told.get("width", _SIDE),
            height=told.get("height", _SIDE),
            seed=told.get("seed"),
            reference=reference,
            mask=mask,
        )

    def _bytes(self, address: str) -> bytes:
        return from_data_address(address) if address.startswith("data:") else self.files[address.rpartition("/")[2]]


def _key(request: web.Request) -> str:
    scheme, _, key = request.headers.get("Authorization", "").partition(" ")
    if scheme != "Bearer" or not key:
        detail = "You did not pass a valid authentication token"
        raise unauthorized({"title": "Unauthenticated", "detail": detail, "status": 401})
    return key
