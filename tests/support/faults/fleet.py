"""The workers of a fault run: processes of their own, each with an API key of its own, restarted when they die."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import Collection, Mapping
from typing import Self

import psutil

from infra.local.specs import ProcessSpec, RestartPolicy
from infra.settings import environment
from tests.support.command import ROOT
from tests.support.faults.ground import Ground
from tests.support.faults.load import LISTED
from workers.runtime.kinds import KINDS, WorkerKind
from workers.runtime.launching import MALLOC, ONE_THREAD

AT_ONCE = RestartPolicy(first_delay=0.2, longest_delay=2.0, give_up_after=1_000_000)
"""A supervisor that never despairs: it is the workers that are on trial."""
STOP_SECONDS = 15.0
STOCK = "tests.support.faults.stock_process"
TWO_OF_EACH: Mapping[WorkerKind, int] = dict.fromkeys(KINDS, 2)


class Fleet:
    """`counts` processes of each kind on `ground`; those of the kinds in `stock` with faust's own consumer.

    A process is named ``drafter-1``, and so are its API key and its log. `variables` go over the environment, and
    `prefixes` go before the command of the processes that they name.
    """

    def __init__(
        self,
        ground: Ground,
        counts: Mapping[WorkerKind, int] = TWO_OF_EACH,
        *,
        stock: Collection[WorkerKind] = (),
        variables: Mapping[str, str] | None = None,
        prefixes: Mapping[str, tuple[str, ...]] | None = None,
    ) -> None:
        self._ground = ground
        self._stock = stock
        self._prefixes = prefixes or {}
        self._variables = variables or {}
        self.kind_of = {f"{kind}-{number}": kind for kind, count in counts.items() for number in range(1, count + 1)}

    async def start(self) -> None:
        """Start every process."""
        specs = [self._spec(name, kind) for name, kind in self.kind_of.items()]
        await asyncio.gather(*(self._ground.supervisor.start(spec) for spec in specs))

    async def stop(self) -> None:
        """Stop every process, all at once."""
        await asyncio.gather(*(self._ground.supervisor.stop(name) for name in self.kind_of))

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    def pid(self, name: str) -> int | None:
        """The number of the running process, or None between two lives."""
        return self._ground.supervisor.pids().get(name)

    def memory(self) -> dict[str, float]:
        """Resident megabytes of each process that runs."""
        pids = self._ground.supervisor.pids()
        return {name: _resident(pids[name]) / 1e6 for name in self.kind_of if name in pids}

    def log(self, name: str) -> str:
        """What a process has written in all its lives."""
        path = self._ground.logs / f"{name}.log"
        return path.read_text(errors="replace") if path.exists() else ""

    def _spec(self, name: str, kind: WorkerKind) -> ProcessSpec:
        module = STOCK if kind in self._stock else "workers.runtime.process"
        return ProcessSpec(
            name=name,
            argv=(*self._prefixes.get(name, ()), sys.executable, "-m", module, kind),
            env=self._environment(name),
            cwd=ROOT,
            log_path=self._ground.logs / f"{name}.log",
            restart=AT_ONCE,
            stop_seconds=STOP_SECONDS,
        )

    def _environment(self, name: str) -> dict[str, str]:
        ours = {key: value for key, value in os.environ.items() if not key.startswith("BRUSHFIRE_")}
        address = self._ground.simulator.address
        providers = {
            "BRUSHFIRE_PROVIDERS__FAL__KEY": name,
            "BRUSHFIRE_PROVIDERS__FAL__BASE_URL": address,
            "BRUSHFIRE_PROVIDERS__OPENAI__KEY": name,
            "BRUSHFIRE_PROVIDERS__OPENAI__BASE_URL": address,
            "BRUSHFIRE_PROVIDERS__OPENAI__MODELS": json.dumps(LISTED),
        }
        settings = environment(self._ground.settings)
        return {**ours, **MALLOC, **ONE_THREAD, **settings, **providers, **self._variables}


def _resident(pid: int) -> int:
    try:
        return int(psutil.Process(pid).memory_info().rss)
    except psutil.NoSuchProcess:
        return 0
