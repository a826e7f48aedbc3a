"""A started stack for tests: import `running_stack` into a conftest to have it as a fixture.

The servers run for the whole session, in memory. The supervisor's event loop does not run between set-up and
teardown, so a test that kills a server starts a stack of its own.
"""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import psutil
import pytest
import pytest_asyncio

from infra.local.stack import stack_for
from infra.settings import Settings

BINARIES = ("weed", "tansu")


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def running_stack(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Settings]:
    """The resolved settings of a running, ephemeral stack."""
    settings = Settings(data=tmp_path_factory.mktemp("stack"), ephemeral=True)
    async with stack_for(settings) as stack:
        yield stack.settings


def servers_of(data: Path) -> list[psutil.Process]:
    """The servers that run on the data directory `data`, regardless of what started them."""
    running = psutil.process_iter(["name"])
    return [process for process in running if process.info["name"] in BINARIES and _belongs(process, data)]


def wait_until(true: Callable[[], bool], seconds: float = 15.0) -> None:
    """Return once `true()` holds; fail after `seconds`. It blocks the event loop."""
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "not within the time"
        time.sleep(0.02)


def _belongs(process: psutil.Process, data: Path) -> bool:
    """Whether the server has its log in the data directory."""
    try:
        return any(Path(file.path).is_relative_to(data) for file in process.open_files())
    except psutil.Error:
        return False
