"""The control interface below ``/_/``: sets the weather and reads the counts."""

from __future__ import annotations

from aiohttp import web
from pydantic import ValidationError

from tests.support.simulator.desk import Desk
from tests.support.simulator.weather import Weather


class ControlApi:
    """The handlers of ``/_/``."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def add_routes(self, app: web.Application) -> None:
        """All paths below ``/_/``."""
        app.router.add_get("/_/weather", self.weather)
        app.router.add_put("/_/weather", self.set_weather)
        app.router.add_get("/_/calls", self.calls)
        app.router.add_delete("/_/calls", self.forget)
        app.router.add_get("/_/open", self.open)
        app.router.add_route("*", "/_/elsewhere", self.elsewhere)

    async def weather(self, _request: web.Request) -> web.Response:
        """The present weather."""
        return web.json_response(text=self._desk.weather.model_dump_json())

    async def set_weather(self, request: web.Request) -> web.Response:
        """Set the weather from now on; what is left out is at its default."""
        try:
            self._desk.weather = Weather.model_validate_json(await request.read())
        except ValidationError as error:
            return web.json_response({"error": str(error)}, status=422)
        return await self.weather(request)

    async def calls(self, request: web.Request) -> web.Response:
        """All calls, or with ``?since=N`` those from number N on."""
        return web.json_response(text=self._desk.log.to_json(int(request.query.get("since", "0"))))

    async def forget(self, _request: web.Request) -> web.Response:
        """Forget all calls."""
        self._desk.clear()
        return web.Response(status=204)

    async def open(self, _request: web.Request) -> web.Response:
        """The number of open calls, by key."""
        return web.json_response(self._desk.log.open_by_key())

    async def elsewhere(self, request: web.Request) -> web.Response:
        """The target of redirects. A client that follows one is recorded with its headers."""
        self._desk.lured.append(dict(request.headers))
        return web.json_response({"secret": "of a private network"})
