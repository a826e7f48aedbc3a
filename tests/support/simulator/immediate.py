"""What APIs that answer with the image itself have in common."""

from __future__ import annotations

import asyncio
import base64
import json
import time
from abc import ABC, abstractmethod
from typing import Any

from aiohttp import web

from tests.support.simulator.backroom import Backroom
from tests.support.simulator.desk import Desk, Job, Order, Rejected
from tests.support.simulator.sending import error, rejection, send
from tests.support.simulator.spoiling import OVERSIZE, spoil
from tests.support.simulator.weather import SPOILED


class ImmediateApi(ABC):
    """Takes an order, works while the caller waits, answers."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.backroom = Backroom(desk)

    @abstractmethod
    def add_routes(self, app: web.Application) -> None:
        """The API's paths."""

    @abstractmethod
    def success(self, job: Job, image: str | None) -> dict[str, Any]:
        """The good answer with `image` in base64, or the same answer without one."""

    @abstractmethod
    def failure(self, status: int) -> dict[str, Any]:
        """The body of an error."""

    def refusal(self, _job: Job) -> web.Response:
        """The answer to an order that the content policy forbids."""
        raise NotImplementedError("this API has no policy")

    def headers(self, request_id: str) -> dict[str, str]:
        """The headers of every answer."""
        return {}

    async def answer(self, request: web.Request, order: Order) -> web.StreamResponse:
        """The answer to an order."""
        try:
            job = self.desk.admit(order)
        except Rejected as rejected:
            headers = self.headers(rejected.request_id)
            return rejection(request, self.desk, rejected, self.failure(rejected.status), headers)
        if request.transport is None:  # the client hung up before its turn, and no task would cancel this
            job.call.outcome = "abandoned"
            raise ConnectionResetError
        await self.backroom.wait(job)
        try:
            return await self._deliver(request, job)
        except (asyncio.CancelledError, ConnectionError):
            if job.call.is_open:
                job.call.outcome = "abandoned"
            raise

    async def close(self) -> None:
        """End all work."""
        await self.backroom.close()

    async def _deliver(self, request: web.Request, job: Job) -> web.StreamResponse:
        call = job.call
        call.answered_at = time.time()
        if call.outcome == "refused":
            return self.refusal(job)
        if call.outcome == "failed":
            return error(500, self.failure(500), self.headers(call.id))
        body, kind = await self._body(job)
        seconds = self.desk.weather.drip_seconds if job.mishap == "drip" else 0.0
        response = await send(request, body, kind, headers=self.headers(call.id), seconds=seconds)
        call.outcome = "spoiled" if job.mishap in SPOILED else "served"
        call.answered_at = time.time()
        return response

    async def _body(self, job: Job) -> tuple[bytes, str]:
        image, kind = spoil(await job.image(), job.mishap or "")
        if job.mishap == "wrong_type":
            return image, kind
        inline = None if job.mishap == "empty" else base64.b64encode(image).decode()
        body = json.dumps(self.success(job, inline)).encode()
        if job.mishap == "malformed":
            body = body[: len(body) // 2]
        return body + (b" " * OVERSIZE if job.mishap == "oversize" else b""), "application/json"
