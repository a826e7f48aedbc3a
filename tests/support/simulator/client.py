"""A typed client of the control interface."""

from __future__ import annotations

from typing import Any, Self

import httpx
from pydantic import TypeAdapter

from tests.support.simulator.log import Call
from tests.support.simulator.weather import Weather

_CALLS = TypeAdapter(list[Call])


class SimulatorClient:
    """Sets the weather of the simulator at `address` and reads its counts."""

    def __init__(self, address: str) -> None:
        self.address = address
        self._http = httpx.AsyncClient(base_url=f"{address}/_", timeout=30.0, trust_env=False)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def close(self) -> None:
        """Release the connections."""
        await self._http.aclose()

    async def weather(self) -> Weather:
        """The present weather."""
        return Weather.model_validate_json((await self._ask("GET", "/weather")).content)

    async def set_weather(self, weather: Weather) -> None:
        """Set the weather from now on."""
        await self._ask("PUT", "/weather", content=weather.model_dump_json())

    async def change_weather(self, **changes: Any) -> Weather:
        """Change a part of the weather. Returns the weather before."""
        before = await self.weather()
        await self.set_weather(Weather.model_validate({**before.model_dump(), **changes}))
        return before

    async def calls(self, since: int = 0) -> list[Call]:
        """All calls from number `since` on."""
        return _CALLS.validate_json((await self._ask("GET", "/calls", params={"since": since})).content)

    async def open_calls(self) -> dict[str, int]:
        """The number of open calls, by API key."""
        counts: dict[str, int] = (await self._ask("GET", "/open")).json()
        return counts

    async def forget(self) -> None:
        """Forget all calls."""
        await self._ask("DELETE", "/calls")

    async def _ask(self, method: str, path: str, **options: Any) -> httpx.Response:
        answer = await self._http.request(method, path, **options)
        return answer.raise_for_status()
