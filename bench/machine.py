"""The machine that a bench measures: two cores, the embedded durable stack, and processes whose CPU is read."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

import psutil

from infra.kafka.admin import create_topics
from infra.local.specs import ProcessSpec, RestartPolicy
from infra.local.stack import EmbeddedStack, ExternalStack, stack_for
from infra.settings import ConcurrencySettings, Settings, environment
from infra.storage.minio_store import MinioStore
from workers.runtime.launching import MALLOC, ONE_THREAD

CORES: Final = 2
SERVERS: Final = ("broker", "store")
ROOT: Final = Path(__file__).parents[1]


class Machine:
    """A running stack with its topics, and the processes that were started on it."""

    def __init__(self, stack: EmbeddedStack | ExternalStack, store: MinioStore) -> None:
        self._stack = stack
        self.store = store
        self.settings = stack.settings

    @property
    def addresses(self) -> tuple[str, ...]:
        """Where the broker listens."""
        return self.settings.kafka.addresses or ()

    async def start(self, name: str, module: str, *arguments: str) -> None:
        """Start ``python -m module arguments`` as `name`, its environment that of a worker. A crash is final."""
        await self._stack.supervisor.start(
            ProcessSpec(
                name=name,
                argv=(sys.executable, "-m", module, *arguments),
                env=worker_environment(self.settings),
                cwd=ROOT,
                log_path=Path(self.settings.data) / "logs" / f"{name}.log",
                restart=RestartPolicy(give_up_after=1),
                stop_seconds=30.0,
            )
        )

    async def stop(self, *names: str) -> None:
        """Stop processes, and return when they have ended."""
        await self._stack.supervisor.stop(*names)

    async def failed(self) -> None:
        """Wait until a process is given up, and raise its error."""
        await self._stack.failed()

    def cpu_seconds(self, names: Sequence[str]) -> dict[str, float]:
        """CPU seconds (user and system) that each named process has used since its start."""
        pids = self._stack.supervisor.pids()
        return {name: _cpu(pids[name]) for name in names if name in pids}


@asynccontextmanager
async def machine(concurrency: Mapping[str, int] | None = None) -> AsyncIterator[Machine]:
    """A stack in a fresh directory, on `CORES` cores; `concurrency` by worker kind over the defaults."""
    with tempfile.TemporaryDirectory(prefix="brushfire-bench-") as folder:
        jobs = ConcurrencySettings(**{"scorer": CORES, "finisher": CORES, **(concurrency or {})})
        settings = Settings(data=Path(folder), concurrency=jobs)
        async with stack_for(settings) as stack:
            kafka = stack.settings.kafka
            await create_topics(kafka, kafka.partitions, kafka.replication_factor)
            async with MinioStore(stack.settings.store) as store:
                yield Machine(stack, store)


def stay_on_cores() -> int:
    """Bind this process, and all that it will start, to `CORES` cores; how many it now has."""
    process = psutil.Process()
    if not hasattr(process, "cpu_affinity"):  # macOS binds no process to cores
        return psutil.cpu_count() or CORES
    process.cpu_affinity(process.cpu_affinity()[:CORES])
    return len(process.cpu_affinity())


def worker_environment(settings: Settings) -> dict[str, str]:
    """The environment that `brushfire up` gives its workers."""
    env = {**os.environ, **MALLOC, **ONE_THREAD, **environment(settings)}
    env.pop("BRUSHFIRE_CONFIG", None)
    return env


def _cpu(pid: int) -> float:
    times = psutil.Process(pid).cpu_times()
    return float(times.user + times.system)
