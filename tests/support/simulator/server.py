"""The simulator as a web server, in this process: `serving` for tests, `run` for a process of its own."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Final

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from tests.support.simulator.automatic1111_api import Automatic1111Api
from tests.support.simulator.bfl_api import BflApi
from tests.support.simulator.comfyui_api import ComfyUiApi
from tests.support.simulator.control_api import ControlApi
from tests.support.simulator.desk import Desk
from tests.support.simulator.fal_api import FalApi
from tests.support.simulator.gemini_api import GeminiApi
from tests.support.simulator.immediate import ImmediateApi
from tests.support.simulator.openai_api import OpenAiApi
from tests.support.simulator.queued import FilesApi, QueuedApi
from tests.support.simulator.replicate_api import ReplicateApi
from tests.support.simulator.sending import error, retry_after
from tests.support.simulator.stability_api import StabilityApi

HOST: Final = "127.0.0.1"
LARGEST_REQUEST: Final = 64 * 2**20


_APIS: Final = (
    ControlApi,
    FilesApi,
    OpenAiApi,
    GeminiApi,
    ReplicateApi,
    BflApi,
    StabilityApi,
    Automatic1111Api,
    ComfyUiApi,
    FalApi,
)
"""fal is the last, because it takes every path that is left."""


def application(desk: Desk) -> web.Application:
    """All interfaces on one server."""
    app = web.Application(client_max_size=LARGEST_REQUEST, middlewares=[_outages(desk)])
    for kind in _APIS:
        api = kind(desk)
        api.add_routes(app)
        if isinstance(api, QueuedApi | ImmediateApi):
            app.on_shutdown.append(_closing(api))
    return app


@asynccontextmanager
async def serving(seed: int = 0, port: int = 0) -> AsyncIterator[tuple[Desk, str]]:
    """A server on loopback (port 0: any free one): its desk, and its address such as ``http://127.0.0.1:9000``."""
    desk = Desk(seed)
    runner = web.AppRunner(application(desk), handler_cancellation=True, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    try:
        site = web.TCPSite(runner, HOST, port, backlog=1024)
        await site.start()
        yield desk, f"http://{HOST}:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


async def run(seed: int, port: int, announce: Callable[[str], None]) -> None:
    """Serve until cancelled; `announce` gets the address."""
    async with serving(seed, port) as (_, address):
        announce(address)
        await asyncio.Event().wait()


def _outages(desk: Desk) -> Middleware:
    @web.middleware
    async def middleware(request: web.Request, handler: Handler) -> web.StreamResponse:
        """A provider that is down serves no request; in a storm, it serves no poll and no download either."""
        weather = desk.weather
        if request.path.startswith("/_/"):
            return await handler(request)
        if weather.down == "refuses":
            return error(503, {"detail": "The service is down"})
        if weather.down == "drops" and request.transport is not None:
            request.transport.abort()
        elif weather.storm and request.method != "POST":
            return error(429, {"detail": "Too many requests"}, retry_after(weather.retry_after_seconds))
        return await handler(request) if weather.down == "no" else error(503, {})

    return middleware


def _closing(api: QueuedApi | ImmediateApi) -> Callable[[web.Application], Awaitable[None]]:
    async def close(_app: web.Application) -> None:
        await api.close()

    return close
