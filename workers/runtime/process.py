"""One worker as a process of its own: ``python -P -m workers.runtime.process KIND``, its settings in the environment.

A supervisor starts workers this way: what the command line needs beyond the worker is not imported. With
``fork-server FD`` as its arguments it is the process from which a supervisor has workers forked: it imports their
modules once for all, which saves most of their start and half of their memory.
"""

from __future__ import annotations

import asyncio
import socket
import sys
from importlib import import_module
from typing import Final, cast

from infra import settings as settings_module
from infra.local.forked import serve
from schemas.errors import BrushfireError
from workers.runtime.kinds import KINDS, WorkerKind, concurrency_of, run_kind
from workers.runtime.launching import FORK_SERVER

WARMED: Final = (
    *(f"workers.{kind}" for kind in KINDS if kind != "scorer"), "infra.providers.composer",
)  # fmt: skip
"""Modules that a fork server imports: those of all kinds, which share most of theirs; the scorer's start a thread."""
PREPARED: Final = (("workers.router", "signal_screen"), ("infra.lexicons.language", "identifier"))
"""Functions that it calls: what they return once for a process, the router would otherwise wait for at its start."""


def main(kind: WorkerKind) -> None:
    """Run the worker `kind` until SIGTERM or SIGINT."""
    from workers.runtime.worker import quiet_libraries  # noqa: PLC0415 - a fork server has it, others load it now

    quiet_libraries()
    try:
        settings = settings_module.load()
        asyncio.run(run_kind(kind, settings, concurrency_of(kind, settings)))
    except BrushfireError as error:
        sys.exit(f"{kind}: {error}")


def fork_server(descriptor: int) -> str | None:
    """Fork workers as ordered over the socket `descriptor`. Returns the kind in a forked worker, None at the end."""
    for module in WARMED:
        import_module(module)
    for module, function in PREPARED:
        getattr(import_module(module), function)()
    order = serve(socket.socket(fileno=descriptor))
    return order.argv[-1] if order is not None else None


if __name__ == "__main__":
    chosen = fork_server(int(sys.argv[2])) if sys.argv[1] == FORK_SERVER else sys.argv[1]
    if chosen is not None:
        main(cast("WorkerKind", chosen))
