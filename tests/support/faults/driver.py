"""What breaks a running line from outside: signals to workers, servers that restart or stay away, bad weather."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from random import Random
from typing import Literal

from tests.support.faults.fleet import Fleet
from tests.support.faults.ground import Ground
from tests.support.faults.progress import Progress
from workers.runtime.kinds import WorkerKind

What = Literal["kill", "terminate", "pause", "broker", "store", "weather"]

WEIGHTS: dict[WorkerKind, int] = {
    "drafter": 8, "refiner": 3, "scorer": 3, "finisher": 2, "promoter": 2, "router": 1, "retrier": 1,
}  # fmt: skip
"""How often each kind is the victim: most often those that spend money."""
PAUSE_SECONDS = (2.0, 6.0)
"""How long a stopped process does not run: shorter than a session, so that it comes back as if nothing had been."""
SPAN = (0.03, 0.95)
"""The share of the draft jobs between which acts fall: while there is work for every stage."""
END_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class Act:
    """Something done to the line at `at` (seconds of the epoch). `ended`: when the victim was gone, or was back."""

    what: What
    target: str
    at: float
    ended: float


@dataclass(frozen=True, slots=True)
class Planned:
    """An act that falls due once so many draft jobs are settled."""

    settled: int
    what: What
    target: str
    seconds: float = 0.0


def plan(seed: int, jobs: int, kills: int, pauses: int, victims: dict[str, WorkerKind]) -> list[Planned]:
    """`kills` (two thirds SIGKILL, one third SIGTERM) and `pauses`, spread over a run of `jobs` draft jobs."""
    random = Random(seed)
    names = list(victims)
    weights = [WEIGHTS[victims[name]] for name in names]
    whats: list[What] = ["terminate" if number % 3 == 2 else "kill" for number in range(kills)]
    whats += ["pause"] * pauses
    random.shuffle(whats)
    moments = sorted(random.randint(int(SPAN[0] * jobs), int(SPAN[1] * jobs)) for _ in whats)
    return [
        Planned(moment, what, random.choices(names, weights)[0], random.uniform(*PAUSE_SECONDS))
        for moment, what in zip(moments, whats, strict=True)
    ]


class Driver:
    """Acts, and keeps the list of its `acts`. `told` hears of each."""

    def __init__(self, ground: Ground, fleet: Fleet, told: Callable[[str], None] = lambda _: None) -> None:
        self._ground = ground
        self._fleet = fleet
        self._told = told
        self.acts: list[Act] = []

    async def drive(self, acts: list[Planned], progress: Progress, limit_seconds: float) -> None:
        """Do each of `acts` when its moment comes, or give up once nothing has moved for `limit_seconds`."""
        for act in acts:
            if not await progress.wait(partial(progress.reached, act.settled), 3600.0, quiet=limit_seconds):
                self._told(f"nothing has moved for {limit_seconds:.0f} s: the rest of the acts is left out")
                return
            await self._do(act)

    async def _do(self, act: Planned) -> None:
        self._told(f"{act.what} {act.target} at {act.settled} jobs")
        match act.what:
            case "kill":
                await self.kill(act.target)
            case "terminate":
                await self.terminate(act.target)
            case "pause":
                await self.pause(act.target, act.seconds)
            case "broker" | "store":
                await self.take_away(act.target, act.seconds)
            case "weather":
                raise ValueError("the weather is not planned, it is changed with `bad_weather`")

    async def kill(self, name: str) -> None:
        """SIGKILL, and return when the process is gone."""
        await self._signal(name, signal.SIGKILL, "kill")

    async def terminate(self, name: str) -> None:
        """SIGTERM, and return when the process has ended in good order (or was killed after `END_SECONDS`)."""
        await self._signal(name, signal.SIGTERM, "terminate")

    async def pause(self, name: str, seconds: float) -> None:
        """SIGSTOP, and SIGCONT `seconds` later."""
        pid = await self._running(name)
        began = time.time()
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGSTOP)
            await asyncio.sleep(seconds)
            os.kill(pid, signal.SIGCONT)
        self.acts.append(Act("pause", name, began, time.time()))

    async def restart_broker(self, number: int = 0) -> None:
        """SIGKILL for a broker, and return when its successor is ready."""
        name = self._ground.brokers[number]
        pid, began = await self._running(name), time.time()
        os.kill(pid, signal.SIGKILL)
        await self._ground.restarted(name, pid)
        self.acts.append(Act("broker", name, began, time.time()))

    async def take_away(self, server: str, seconds: float) -> None:
        """SIGKILL for a server that is down for `seconds`; returns when it is ready again."""
        began = time.time()
        await self._ground.take_down(server)
        await asyncio.sleep(max(0.0, began + seconds - time.time()))
        await self._ground.bring_up(server)
        self.acts.append(Act("store" if server == self._ground.store_name else "broker", server, began, time.time()))

    async def bad_weather(self, seconds: float, **changes: object) -> None:
        """Change the provider's weather for `seconds`."""
        began = time.time()
        before = await self._ground.simulator.change_weather(**changes)
        try:
            await asyncio.sleep(seconds)
        finally:
            await self._ground.simulator.set_weather(before)
            self.acts.append(Act("weather", str(changes), began, time.time()))

    async def _signal(self, name: str, number: signal.Signals, what: What) -> None:
        pid, began = await self._running(name), time.time()
        with suppress(ProcessLookupError):
            os.kill(pid, number)
        while self._fleet.pid(name) == pid:
            await asyncio.sleep(0.02)
            if time.time() - began > END_SECONDS:
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
        self.acts.append(Act(what, name, began, time.time()))

    async def _running(self, name: str) -> int:
        """The number of `name`'s process, waited for where it is between two lives."""
        while (pid := self._ground.supervisor.pids().get(name)) is None:  # noqa: ASYNC110 - another process
            await asyncio.sleep(0.02)
        return pid
