"""One supervised process through its starts, crashes and its stop."""

from __future__ import annotations

import asyncio
import errno
import os
import signal
from contextlib import suppress
from typing import Final

from infra.local.files import last_lines, rotate
from infra.local.fork_server import ForkedProcess, launcher
from infra.local.processes import ProcessRecord, signal_group
from infra.local.specs import EventKind, OnEvent, Probe, ProcessSpec
from schemas.errors import StackError

POLL_SECONDS: Final = 0.05
HEALTH_SECONDS: Final = 5.0
PROBE_SECONDS: Final = 5.0
Process = asyncio.subprocess.Process | ForkedProcess


class ManagedProcess:
    """Runs `spec` until `stop`. `run` ends only by an error (it gave up) or by cancellation."""

    def __init__(self, spec: ProcessSpec, record: ProcessRecord | None, on_event: OnEvent | None) -> None:
        self.spec = spec
        self.ready = asyncio.Event()
        self._record = record
        self._on_event = on_event
        self._process: Process | None = None
        self._crashes = 0

    @property
    def pid(self) -> int | None:
        """The number of the running process, or None between two runs."""
        running = self._process is not None and self._process.returncode is None
        return self._process.pid if running and self._process else None

    async def run(self) -> None:
        """Start, watch and restart. Raises `StackError` after too many crashes in a row."""
        try:
            rotate(self.spec.log_path)
            await self._run_again_and_again()
        except OSError as error:
            raise self._failure(f"cannot be started: {error}") from error

    async def _run_again_and_again(self) -> None:
        while True:
            await self._until_it_may_start()
            began = asyncio.get_running_loop().time()
            reason = await self._one_run()
            healthy = asyncio.get_running_loop().time() - began >= self.spec.restart.healthy_seconds
            self._crashes = 1 if healthy else self._crashes + 1
            self._tell("exited", reason)
            if self._crashes >= self.spec.restart.give_up_after:
                raise self._failure(f"{reason}, {self._crashes} times in a row")
            delay = self.spec.restart.delay(self._crashes)
            self._tell("restarting", f"in {delay:.1f} s")
            await asyncio.sleep(delay)

    async def stop(self) -> None:
        """SIGTERM, then SIGKILL to the whole group after `stop_seconds`. Returns when it has ended."""
        process = self._process
        if process is None or process.returncode is not None:
            return
        with suppress(ProcessLookupError):
            process.send_signal(signal.SIGTERM)
        try:
            async with asyncio.timeout(self.spec.stop_seconds):
                await process.wait()
        except TimeoutError:
            signal_group(process.pid, signal.SIGKILL)
            await process.wait()
        self._ended(process.pid)
        self._tell("stopped", f"exit code {process.returncode}")

    async def _one_run(self) -> str:
        """One process from start to end; why it ended."""
        process = self._process = await self._spawn()
        if self._record:
            self._record.add(self.spec.name, process.pid, self.spec.argv)
        self._tell("started", f"pid {process.pid}")
        watch = asyncio.create_task(self._watch(process))
        try:
            code = await process.wait()
        finally:
            watch.cancel()
            self.ready.clear()
        self._ended(process.pid)
        unhealthy = "" if watch.cancelled() or not watch.done() else watch.result()
        return unhealthy or (f"killed by {signal.Signals(-code).name}" if code < 0 else f"exit code {code}")

    async def _spawn(self) -> Process:
        if not os.access(self.spec.argv[0], os.X_OK):
            raise FileNotFoundError(errno.ENOENT, "no such program, or it may not be executed", self.spec.argv[0])
        if self.spec.forks is not None:
            with suppress(StackError):  # then it is started the plain way
                return await self.spec.forks.fork(self.spec.argv, self.spec.env, self.spec.log_path, self.spec.cwd)
        with self.spec.log_path.open("ab") as log:
            return await asyncio.create_subprocess_exec(
                *launcher(),
                *self.spec.argv,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=log,
                stderr=asyncio.subprocess.STDOUT,
                env=dict(self.spec.env),
                cwd=self.spec.cwd,
                start_new_session=True,  # a Ctrl-C in the terminal is the supervisor's to handle
            )

    async def _watch(self, process: Process) -> str:
        """Set `ready`, then look after the process's health; kill it, with the reason, where that fails."""
        loop = asyncio.get_running_loop()
        limit, failing_since = self.spec.ready_seconds, loop.time()
        while True:
            problem = await _problem(self.spec.ready)
            if problem is None:
                limit, failing_since = self.spec.unhealthy_seconds, loop.time()
                self._became_ready()
                if self.spec.broken is not None and (broken := self.spec.broken()) is not None:
                    return self._replaced(process, broken, broken)
            elif loop.time() - failing_since > limit:
                return self._replaced(process, problem, f"not ready for {limit:.0f} s ({problem})")
            if self.spec.ready is None:
                return ""
            await asyncio.sleep(HEALTH_SECONDS if self.ready.is_set() else POLL_SECONDS)

    def _replaced(self, process: Process, problem: str, reason: str) -> str:
        signal_group(process.pid, signal.SIGKILL)
        self._tell("unhealthy", problem)
        return reason

    async def _until_it_may_start(self) -> None:
        deadline = asyncio.get_running_loop().time() + 2 * self.spec.ready_seconds
        while (problem := await _problem(self.spec.may_start)) is not None:
            if asyncio.get_running_loop().time() > deadline:
                raise self._failure(f"cannot be started: {problem}")
            await asyncio.sleep(POLL_SECONDS * 4)

    def _became_ready(self) -> None:
        if not self.ready.is_set():
            self.ready.set()
            self._tell("ready", f"pid {self.pid}")

    def _ended(self, pid: int) -> None:
        signal_group(pid, signal.SIGKILL)  # what it started itself goes with it
        if self._record:
            self._record.remove(pid)

    def _tell(self, kind: EventKind, detail: str) -> None:
        if self._on_event:
            self._on_event(self.spec.name, kind, detail)

    def _failure(self, reason: str) -> StackError:
        self._tell("failed", reason)
        lines = last_lines(self.spec.log_path)
        return StackError(f"{self.spec.name}: {reason}. Its log, {self.spec.log_path}, ends:\n{lines}")


async def _problem(probe: Probe | None) -> str | None:
    """None where `probe` says yes; else what it says instead."""
    if probe is None:
        return None
    try:
        async with asyncio.timeout(PROBE_SECONDS):
            return None if await probe() else "the probe says no"
    except TimeoutError:
        return f"no answer in {PROBE_SECONDS:.0f} s"
    except Exception as error:  # noqa: BLE001 - a probe may fail in any way; what counts is that it failed
        return f"{type(error).__name__}: {error}"
