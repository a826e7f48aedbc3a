"""A `brushfire up` as a command of its own, and what it costs: processes by name, CPU, private memory."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import psutil

from bench.machine import ROOT
from infra import clock
from infra.kafka.bus import Bus
from schemas.identifiers import signal_id
from schemas.signals import Headline, Signal
from schemas.topics import SIGNALS

UP: Final = b"brushfire is up"
LIMIT_SECONDS: Final = 120.0


class Line:
    """A running `brushfire up`. `began` and `up` are moments of `time.perf_counter`."""

    def __init__(self, data: Path, process: asyncio.subprocess.Process, began: float) -> None:
        self._data = data
        self._process = process
        self.began = began
        self.up = began

    async def wait_until_up(self) -> None:
        """Return when the command says that it is up. Raises `RuntimeError` with its output where it ends before."""
        assert self._process.stderr is not None
        said = b""
        async for text in self._process.stderr:
            said += text
            if UP in text:
                self.up = time.perf_counter()
                return
        raise RuntimeError(said.decode(errors="replace"))

    @property
    def addresses(self) -> tuple[str, ...]:
        """Where the broker listens."""
        return tuple(json.loads((self._data / "stack.json").read_text())["addresses"])

    def pids(self) -> dict[str, int]:
        """The numbers of the servers and workers, by name, from the record of the data directory."""
        return {trace["name"]: trace["pid"] for trace in json.loads((self._data / "run.json").read_text())}

    def private_mb(self) -> dict[str, float]:
        """Proportional set size in MB of each process and its children, by name; the supervisor as ``up``."""
        named = {"up": self._process.pid, **self.pids()}
        return {name: sum(map(_pss, _family(pid, set(named.values()) - {pid}))) for name, pid in named.items()}

    def cpu_seconds(self) -> float:
        """CPU seconds that the command and all its descendants have used so far."""
        return sum(_cpu(process) for process in _family(self._process.pid, set()))

    async def stop(self) -> None:
        """End it, as Ctrl-C does."""
        with suppress(ProcessLookupError):
            self._process.send_signal(signal.SIGTERM)
        try:
            async with asyncio.timeout(LIMIT_SECONDS):
                await self._process.communicate()
        except TimeoutError:
            self._process.kill()


@asynccontextmanager
async def line(python: Path, root: Path, data: Path) -> AsyncIterator[Line]:
    """`brushfire up` of the checkout `root` on the fresh directory `data`, until it says that it is up."""
    began = time.perf_counter()
    process = await asyncio.create_subprocess_exec(
        *command(python, "up", "--campaigns", ROOT / "examples" / "campaigns", "--data", data),
        cwd=root,
        env=environment(),
        stderr=asyncio.subprocess.PIPE,
    )
    found = Line(data, process, began)
    try:
        await found.wait_until_up()
        yield found
    finally:
        await found.stop()


def command(python: Path, *arguments: object) -> list[str]:
    """`brushfire ARGUMENT...` of the installation that `python` belongs to."""
    return [str(python), "-m", "workers.cli.main", *map(str, arguments)]


def environment() -> dict[str, str]:
    """This environment without settings."""
    return {name: value for name, value in os.environ.items() if not name.startswith("BRUSHFIRE_")}


async def send_signal(bus: Bus, topic: str) -> str:
    """Send a trend of this moment on `topic`; returns its id."""
    now = clock.now()
    found = Signal(
        signal_id=signal_id("bench", "GB", topic, now.isoformat()),
        source="bench",
        topic=topic,
        market="GB",
        language="en",
        volume=10_000,
        observed_at=now,
        expires_at=now + timedelta(hours=4),
        headlines=(Headline(text=f"Where to find the best {topic} this weekend", source="bench", language="en"),),
    )
    await bus.send(SIGNALS, found.signal_id, found)
    return found.signal_id


def _family(pid: int, others: set[int]) -> list[Any]:
    """The process `pid` and what it started, without `others` and what those started."""
    try:
        process = psutil.Process(pid)
        children = process.children()
    except psutil.NoSuchProcess:
        return []
    return [
        process,
        *(member for child in children if child.pid not in others for member in _family(child.pid, others)),
    ]


def _pss(process: Any) -> float:
    try:
        rollup = Path(f"/proc/{process.pid}/smaps_rollup").read_text()
    except OSError:
        return 0.0
    return sum(int(row.split()[1]) for row in rollup.splitlines() if row.startswith("Pss:")) / 1000


def _cpu(process: Any) -> float:
    try:
        times = process.cpu_times()
    except psutil.NoSuchProcess:
        return 0.0
    return float(times.user + times.system + times.children_user + times.children_system)
