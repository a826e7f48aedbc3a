"""How worker processes are started: their command, their environment, and the server that they are forked from."""

from __future__ import annotations

import os
import sys
from functools import cache
from typing import Final

from infra.local.fork_server import ForkServer, can_fork

MALLOC: Final = {"MALLOC_MMAP_THRESHOLD_": "268435456", "MALLOC_TRIM_THRESHOLD_": "536870912"}
"""glibc gives large blocks back to the system at once and faults them in again for the next image; keeping
them took JPEG decoding from 6.3 to 3.3 ms."""
ONE_THREAD: Final = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
"""The processes fill the cores; numerical libraries with threads of their own would only contend."""
WORKER: Final = (sys.executable, "-P", "-m", "workers.runtime.process")
"""The command of a worker, up to its kind. It imports nothing from the current folder."""
FORK_SERVER: Final = "fork-server"


@cache
def fork_server() -> ForkServer | None:
    """The fork server of this process, not started yet; None where the platform has no such thing.

    What the allocator and numerical libraries read of the environment they read at the server's start.
    """
    return ForkServer((*WORKER, FORK_SERVER), {**os.environ, **MALLOC, **ONE_THREAD}) if can_fork() else None


def warm_up() -> None:
    """Start the fork server of this process, which imports while this one goes on."""
    server = fork_server()
    if server is not None:
        server.start()
