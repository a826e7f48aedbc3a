"""Simulated providers that record every request, also those that they reject while they are down."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from aiohttp import web
from aiohttp.typedefs import Handler

from tests.support.simulator.desk import Desk
from tests.support.simulator.server import HOST, application


@dataclass(frozen=True, slots=True)
class Received:
    """A request: its time (seconds of the epoch), method, path, and the status of its answer."""

    at: float
    method: str
    path: str
    status: int


@dataclass(frozen=True, slots=True)
class Provider:
    """A provider at `address`: its behaviour and calls are in `desk`, all requests in `received`."""

    desk: Desk
    address: str
    received: list[Received]


@asynccontextmanager
async def provider() -> AsyncIterator[Provider]:
    """A provider in this process, on a free port."""
    desk, received = Desk(), list[Received]()

    @web.middleware
    async def note(request: web.Request, handler: Handler) -> web.StreamResponse:
        at = time.time()
        answer = await handler(request)
        received.append(Received(at, request.method, request.path, answer.status))
        return answer

    app = application(desk)
    app.middlewares.insert(0, note)
    runner = web.AppRunner(app, handler_cancellation=True, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    try:
        await web.TCPSite(runner, HOST, 0, backlog=1024).start()
        yield Provider(desk, f"http://{HOST}:{runner.addresses[0][1]}", received)
    finally:
        await runner.cleanup()
