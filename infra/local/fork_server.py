"""Processes forked from one that has imported what they share: its supervisor's side. Linux only."""

from __future__ import annotations

import asyncio
import atexit
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Final

from infra.local.forked import PR_SET_CHILD_SUBREAPER, ForkOrder, control
from schemas.errors import StackError

REAPED_BY_ANOTHER: Final = 255
"""The exit code of a process whose own was taken by another part of this program; asyncio says the same."""
ANSWER_SECONDS: Final = 60.0
"""The first fork waits for the imports, on a busy machine for a while."""
_LAUNCHER: Final = Path(__file__).with_name("launcher.py")


def launcher() -> tuple[str, ...]:
    """What goes before a command so that its process dies with this one; nothing where the platform cannot."""
    return (sys.executable, "-I", "-S", str(_LAUNCHER), str(os.getpid())) if sys.platform == "linux" else ()


def can_fork() -> bool:
    """Whether this platform has what forking from a server takes."""
    return sys.platform == "linux" and hasattr(os, "pidfd_open")


class ForkedProcess:
    """A forked process, with the surface of `asyncio.subprocess.Process` that a supervisor uses."""

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self.returncode: int | None = None
        self._loop = asyncio.get_running_loop()
        self._ended = asyncio.Event()
        self._descriptor = os.pidfd_open(pid)
        self._loop.add_reader(self._descriptor, self._reap)

    async def wait(self) -> int:
        """Wait for its end; the exit code, or the negative number of the signal that killed it."""
        await self._ended.wait()
        assert self.returncode is not None
        return self.returncode

    def send_signal(self, number: int) -> None:
        """Send a signal. Raises `ProcessLookupError` once it has ended."""
        if self.returncode is not None:
            raise ProcessLookupError(self.pid)
        signal.pidfd_send_signal(self._descriptor, number)

    def _reap(self) -> None:
        self._loop.remove_reader(self._descriptor)
        os.close(self._descriptor)
        try:
            self.returncode = os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])
        except ChildProcessError:
            self.returncode = REAPED_BY_ANOTHER
        self._ended.set()


class ForkServer:
    """Runs ``argv FD`` as the server, which calls `infra.local.forked.serve` with the socket FD; again, if it dies.

    Forked processes are children of this process: neither the server's end nor its crash touches them.
    """

    def __init__(self, argv: tuple[str, ...], env: Mapping[str, str]) -> None:
        """`env` is the server's own; that of a forked process comes with its order."""
        self._argv = (*launcher(), *argv)
        self._env = env
        self._process: subprocess.Popen[bytes] | None = None
        self._orders: socket.socket | None = None
        self._one_at_a_time = asyncio.Lock()

    def start(self) -> None:
        """Start the server unless it runs, and return while it imports."""
        if self._process is not None and self._process.poll() is None:
            return
        self.stop()
        atexit.register(self.stop)
        control(PR_SET_CHILD_SUBREAPER, 1)
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            ours.setblocking(False)  # noqa: FBT003 - its only argument
            self._orders = ours
            self._process = subprocess.Popen(  # noqa: S603 - this program itself
                [*self._argv, str(theirs.fileno())],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                env=dict(self._env),
                pass_fds=(theirs.fileno(),),
                start_new_session=True,
            )

    async def fork(self, argv: tuple[str, ...], env: Mapping[str, str], log: Path, cwd: Path | None) -> ForkedProcess:
        """A process forked from the server. Raises `StackError` where that fails twice."""
        order = ForkOrder(argv, dict(env), str(log), os.getpid(), str(cwd) if cwd else None)
        forking = asyncio.create_task(self._forked(order))
        try:
            return await asyncio.shield(forking)
        except asyncio.CancelledError:
            with suppress(StackError):
                (await forking).send_signal(signal.SIGKILL)  # no one would look after it
            raise

    def stop(self) -> None:
        """End the server, which holds nothing; what was forked lives on. Idempotent."""
        atexit.unregister(self.stop)
        if self._orders is not None:
            self._orders.close()
        if self._process is not None:
            self._process.kill()
            self._process.wait()
        self._orders = self._process = None

    async def _forked(self, order: ForkOrder) -> ForkedProcess:
        async with self._one_at_a_time:
            for _ in range(2):
                self.start()
                pid = await self._pid_of(order)
                if pid is not None:
                    return ForkedProcess(pid)
                self.stop()
        raise StackError(f"{' '.join(order.argv)}: cannot be forked")

    async def _pid_of(self, order: ForkOrder) -> int | None:
        """The number of the forked process; None where the server has died or does not answer."""
        assert self._orders is not None
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                await loop.sock_sendall(self._orders, order.encoded())
                answer = await loop.sock_recv(self._orders, 32)
        except OSError:  # a time-out is one too
            return None
        return int(answer) if answer else None
