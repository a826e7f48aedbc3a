"""The fork server's side: a process that has imported what its children share forks one for each order.

An order comes over a socket from the supervisor. The forked process is orphaned at once, so that the supervisor, a
subreaper, becomes its parent: the supervisor reaps it, and it dies with the supervisor, not with the fork server.
At a fork this process has one thread, no event loop, and no open file but the socket.
"""

from __future__ import annotations

import ctypes
import gc
import json
import os
import signal
import socket
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final, Self

PR_SET_PDEATHSIG: Final = 1  # linux/prctl.h
PR_SET_CHILD_SUBREAPER: Final = 36
ORDER_BYTES: Final = 1_000_000
"""An order at the most: it carries an environment of some 10 kB."""
ADOPTION_SECONDS: Final = 10.0
ARGUMENTS_AT: Final = 45
"""Place of ``arg_start`` in ``/proc/self/stat``, counted behind the command's closing parenthesis."""


@dataclass(frozen=True, slots=True)
class ForkOrder:
    """A process to fork: its command line, its whole environment, its log, its parent-to-be, its working folder."""

    argv: tuple[str, ...]
    env: dict[str, str]
    log: str
    parent: int
    cwd: str | None = None

    def encoded(self) -> bytes:
        """The order as one message."""
        return json.dumps(asdict(self)).encode()

    @classmethod
    def decoded(cls, data: bytes) -> Self:
        """The order in a message."""
        fields = json.loads(data)
        return cls(**{**fields, "argv": tuple(fields["argv"])})


def control(process_control: int, value: int) -> None:
    """Call Linux's ``prctl``."""
    ctypes.CDLL(None, use_errno=True).prctl(process_control, value, 0, 0, 0)


def serve(orders: socket.socket) -> ForkOrder | None:
    """Fork a process for each order. Returns the order in the forked process, and None in this one at the end."""
    gc.collect()
    gc.freeze()  # a collection in a child would otherwise write to, and so copy, every page of what is shared
    while data := orders.recv(ORDER_BYTES):
        reading, writing = os.pipe()
        between = os.fork()
        if between == 0:
            child = os.fork()
            if child == 0:
                os.close(reading)
                os.close(writing)
                orders.close()
                order = ForkOrder.decoded(data)
                _become(order)
                return order
            os.write(writing, str(child).encode())
            os._exit(0)
        os.close(writing)
        os.waitpid(between, 0)  # from here on the child is the supervisor's
        orders.send(os.read(reading, 32))
        os.close(reading)
    return None


def _become(order: ForkOrder) -> None:
    """Make this process what a started one would be: session, life bound to its parent's, folder, log, environment."""
    os.setsid()
    _wait_for_parent(order.parent)
    log = os.open(order.log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o666)
    for stream in (1, 2):
        os.dup2(log, stream)
    os.close(log)
    if order.cwd is not None:
        os.chdir(order.cwd)
    os.environ.clear()
    os.environ.update(order.env)
    sys.argv = list(order.argv[-1:])
    _set_command_line(order.argv)


def _wait_for_parent(parent: int) -> None:
    """Wait until `parent` has adopted this process, then die when it does."""
    deadline = time.monotonic() + ADOPTION_SECONDS
    while os.getppid() != parent:
        if time.monotonic() > deadline:
            os._exit(1)
        time.sleep(0.001)
    control(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:  # it died before the request took effect
        os._exit(1)


def _set_command_line(argv: tuple[str, ...]) -> None:
    """Show `argv` in process listings, as far as there is room, and where an orphan is looked for.

    The kernel reads a process's command line from the memory where it put it at the start.
    """
    places = Path("/proc/self/stat").read_text().rpartition(")")[2].split()
    start, end = (int(place) for place in places[ARGUMENTS_AT : ARGUMENTS_AT + 2])
    title = b"\0".join(word.encode() for word in argv)[: end - start - 1]
    ctypes.memmove(start, title.ljust(end - start, b"\0"), end - start)
