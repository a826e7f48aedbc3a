"""Keeps a set of processes running and stops them in reverse order."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any, Self

from infra.local.managed import ManagedProcess
from infra.local.processes import ProcessRecord
from infra.local.specs import OnEvent, ProcessSpec
from schemas.errors import StackError


class Supervisor:
    """Starts processes, restarts only the one that crashed, and gives up with the end of its log.

    Use it from the thread that lives as long as the program: on Linux the processes are killed when the
    thread that started them ends.
    """

    def __init__(self, *, record: ProcessRecord | None = None, on_event: OnEvent | None = None) -> None:
        self._record = record
        self._on_event = on_event
        self._managed: dict[str, ManagedProcess] = {}
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._failure: asyncio.Future[None] | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    async def start(self, spec: ProcessSpec) -> None:
        """Start `spec` and return when it is ready. Raises `StackError` where it does not come up."""
        if spec.name in self._managed:
            raise StackError(f"{spec.name} is running already")
        managed = self._managed[spec.name] = ManagedProcess(spec, self._record, self._on_event)
        task = self._tasks[spec.name] = asyncio.create_task(managed.run(), name=f"supervise {spec.name}")
        ready = asyncio.create_task(managed.ready.wait())
        try:
            await asyncio.wait({task, ready}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            ready.cancel()
        if task.done():
            await completed(self._stop_one(spec.name))
            task.result()
        task.add_done_callback(self._gave_up)

    async def failed(self) -> None:
        """Wait until a process is given up, and raise its `StackError`."""
        await asyncio.shield(self._failing())

    async def wait_ready(self, name: str) -> None:
        """Wait until `name` is ready (again)."""
        await self._managed[name].ready.wait()

    def pids(self) -> dict[str, int]:
        """The numbers of the running processes, by name."""
        return {name: managed.pid for name, managed in self._managed.items() if managed.pid is not None}

    async def stop(self, *names: str) -> None:
        """Stop the named processes, or all, the last started first.

        Idempotent; and if the caller is cancelled it completes all the same before the cancellation goes on.
        """
        await completed(self._stop_all(names))

    async def _stop_all(self, names: tuple[str, ...]) -> None:
        for name in reversed([name for name in self._managed if not names or name in names]):
            await self._stop_one(name)

    async def _stop_one(self, name: str) -> None:
        managed, task = self._managed.get(name), self._tasks.get(name)
        if managed is None or task is None:
            return
        task.remove_done_callback(self._gave_up)
        task.cancel()
        await asyncio.wait({task})
        await managed.stop()
        self._managed.pop(name, None)
        self._tasks.pop(name, None)

    def _failing(self) -> asyncio.Future[None]:
        if self._failure is None:
            self._failure = asyncio.get_running_loop().create_future()
        return self._failure

    def _gave_up(self, task: asyncio.Task[None]) -> None:
        error = None if task.cancelled() else task.exception()
        if error is not None and not self._failing().done():
            self._failing().set_exception(error)
            self._failing().exception()  # `failed` raises it; without a caller of `failed` it is no error


async def completed(work: Coroutine[Any, Any, None]) -> None:
    """Run `work` to its end even if the caller is cancelled; then let the cancellation go on."""
    task = asyncio.ensure_future(work)
    cancelled: asyncio.CancelledError | None = None
    while not task.done():
        try:
            await asyncio.shield(task)
        except asyncio.CancelledError as error:
            cancelled = error
        except Exception:  # noqa: BLE001, S110 - `result` below raises it
            pass
    task.result()
    if cancelled is not None:
        raise cancelled
