"""What APIs that take an order, are polled, and point to a file have in common."""

from __future__ import annotations

import json
import time
from abc import ABC, abstractmethod
from typing import Any

from aiohttp import web

from tests.support.simulator.backroom import Backroom
from tests.support.simulator.desk import Desk, Job, Order, Rejected
from tests.support.simulator.sending import elsewhere, rejection, send
from tests.support.simulator.spoiling import PAGE, spoil
from tests.support.simulator.weather import SPOILED


class QueuedApi(ABC):
    """Takes an order; the work goes on without the caller."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.backroom = Backroom(desk)

    @abstractmethod
    def add_routes(self, app: web.Application) -> None:
        """The API's paths."""

    @abstractmethod
    def accepted(self, request: web.Request, job: Job) -> dict[str, Any]:
        """The answer to an order that is taken."""

    @abstractmethod
    def failure(self, status: int) -> dict[str, Any]:
        """The body of an error."""

    async def take(self, request: web.Request, order: Order) -> web.Response:
        """Take an order, or reject it."""
        try:
            job = self.desk.admit(order)
        except Rejected as rejected:
            return rejection(request, self.desk, rejected, self.failure(rejected.status))
        self.backroom.start(job)
        text = json.dumps(self.accepted(request, job))
        text = text[: len(text) // 2] if job.mishap == "malformed" else text
        return web.Response(text=text, content_type="application/json")

    def find(self, request_id: str) -> Job:
        """The job of an id. Raises 404 for an unknown one."""
        job = self.desk.jobs.get(request_id)
        if job is None:
            raise web.HTTPNotFound(text=json.dumps(self.failure(404)), content_type="application/json")
        return job

    def polled(self, request_id: str) -> tuple[Job, web.Response | None]:
        """The job of a poll, and a gateway's page in place of the answer where the mishap wants it."""
        job = self.find(request_id)
        job.call.polls += 1
        if job.mishap == "page" and job.call.polls == 1:
            return job, web.Response(body=PAGE, content_type="text/html")
        return job, None

    async def close(self) -> None:
        """End all work."""
        await self.backroom.close()

    def ended(self, job: Job) -> None:
        """Note that the failure was reported."""
        job.call.answered_at = job.call.answered_at or time.time()

    def file_address(self, request: web.Request, job: Job) -> str:
        """The address of the finished image."""
        host = self.desk.weather.files_host
        origin = request.url.origin() if host is None else request.url.origin().with_host(host)
        return f"{origin}/files/{job.call.id}.jpg"


class FilesApi:
    """Finished images, good or spoiled: all queues point to them."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def add_routes(self, app: web.Application) -> None:
        """The files."""
        app.router.add_get("/files/{id}.jpg", self.file)

    async def file(self, request: web.Request) -> web.StreamResponse:
        """The bytes of an image."""
        job = self._desk.jobs.get(request.match_info["id"])
        if job is None:
            raise web.HTTPNotFound
        return await serve(request, self._desk, job)


async def serve(request: web.Request, desk: Desk, job: Job, *, gone: int = 403) -> web.StreamResponse:
    """The bytes of an image, unless it is gone (answered with the status `gone`) or elsewhere."""
    job.call.downloads += 1
    job.call.answered_at = time.time()
    if job.mishap in {"expired", "lure"}:
        job.call.outcome = "spoiled"
        moved = {"Location": elsewhere(request)}
        return web.Response(status=gone) if job.mishap == "expired" else web.Response(status=302, headers=moved)
    body, content_type = spoil(await job.image(), job.mishap or "")
    seconds = desk.weather.drip_seconds if job.mishap == "drip" and job.call.downloads == 1 else 0.0
    response = await send(request, body, content_type, seconds=seconds)
    job.call.outcome = "spoiled" if job.mishap in SPOILED else "served"
    job.call.answered_at = time.time()
    return response
