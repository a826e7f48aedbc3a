"""The simulator as a web server, in this process: `serving` for tests, `run` for a process of its own."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Final

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from tests.support.simulator.control_api import ControlApi
from tests.support.simulator.desk import Desk
from tests.support.simulator.fal_api import FalApi
from tests.support.simulator.openai_api import OpenAiApi
from tests.support.simulator.sending import error, retry_after

HOST: Final = "127.0.0.1"
LARGEST_REQUEST: Final = 64 * 2**20


def application(desk: Desk) -> web.Application:
    """The three interfaces on one server."""
    app = web.Application(client_max_size=LARGEST_REQUEST, middlewares=[_outages(desk)])
    for api in (ControlApi(desk), OpenAiApi(desk), FalApi(desk)):
        api.add_routes(app)
        if not isinstance(api, ControlApi):
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


async def run(seed: int, port: int, told: Callable[[str], None]) -> None:
    """Serve until cancelled; `told` hears the address."""
    async with serving(seed, port) as (_, address):
        told(address)
        await asyncio.Event().wait()


def _outages(desk: Desk) -> Middleware:
    @web.middleware
    async def middleware(request: web.Request, handler: Handler) -> web.StreamResponse:
        """Nobody gets past a provider that is down; in a storm, nobody who polls or fetches either."""
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


def _closing(api: OpenAiApi | FalApi) -> Callable[[web.Application], Awaitable[None]]:
    async def close(_app: web.Application) -> None:
        await api.close()

    return close
