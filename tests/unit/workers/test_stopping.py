"""A worker that is told to stop, while it runs and while it is still starting."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest

from workers.runtime import worker as runtime


class App:
    """A faust app, as far as its start and its stop go."""

    conf = SimpleNamespace(id="brushfire-test")
    crash_reason = None

    def __init__(self, *, starts: bool, stops: bool) -> None:
        self._starts, self._stops = starts, stops
        self.stopped = False

    async def start(self) -> None:
        if not self._starts:
            await asyncio.Event().wait()

    async def wait_until_stopped(self) -> None:
        await asyncio.Event().wait()

    async def stop(self) -> None:
        if not self._stops:
            await asyncio.Event().wait()
        self.stopped = True


class EndedError(Exception):
    """What `os._exit` would have done."""


@pytest.fixture(autouse=True)
def no_exit(monkeypatch: pytest.MonkeyPatch) -> None:
    def ended(code: int) -> None:
        raise EndedError(code)

    monkeypatch.setattr("workers.runtime.worker.os._exit", ended)
    monkeypatch.setattr(runtime, "STARTING_STOP_SECONDS", 0.05)


async def run(app: Any) -> None:
    stopping = asyncio.Event()
    running = asyncio.create_task(runtime._run_app(app, stopping))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    stopping.set()
    async with asyncio.timeout(5):
        await running


@pytest.mark.parametrize("starts", [True, False])
async def test_it_stops_cleanly(starts: bool) -> None:
    app = App(starts=starts, stops=True)
    await run(app)
    assert app.stopped


async def test_a_worker_that_hangs_while_it_starts_ends_its_process_without_an_error() -> None:
    with pytest.raises(EndedError, match="0"):
        await run(App(starts=False, stops=False))
