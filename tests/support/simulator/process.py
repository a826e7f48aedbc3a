"""The simulator as a process of its own, for tests and benches that kill everything else."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Final

from tests.support.simulator.client import SimulatorClient

ROOT: Final = Path(__file__).resolve().parents[3]
START_SECONDS: Final = 20.0
STOP_SECONDS: Final = 5.0


@asynccontextmanager
async def simulator(seed: int = 0, port: int = 0) -> AsyncIterator[SimulatorClient]:
    """A running simulator; `client.address` is the base URL of providers. Stopped at the end."""
    words = ("-m", "tests.support.simulator", "--port", str(port), "--seed", str(seed))
    process = await asyncio.create_subprocess_exec(sys.executable, *words, cwd=ROOT, stdout=asyncio.subprocess.PIPE)
    try:
        async with SimulatorClient(await _address(process)) as client:
            yield client
    finally:
        await _stop(process)


async def _address(process: asyncio.subprocess.Process) -> str:
    assert process.stdout is not None
    line = await asyncio.wait_for(process.stdout.readline(), START_SECONDS)
    if not line:
        raise RuntimeError("the simulator ended at its start; its error is printed above")
    return line.decode().strip()


async def _stop(process: asyncio.subprocess.Process) -> None:
    with suppress(ProcessLookupError):
        process.terminate()
    try:
        await asyncio.wait_for(process.wait(), STOP_SECONDS)
    except TimeoutError:
        process.kill()
        await process.wait()
