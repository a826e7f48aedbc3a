"""Ctrl-C and SIGTERM while something runs that must be stopped in order.

The first signal cancels the work, and the work stops what it started. That takes as long as the workers need for their
jobs in flight. A second signal kills the processes at once.
"""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable, Coroutine
from contextlib import suppress
from typing import Any, Final, TypeVar

import psutil

T = TypeVar("T")

_SIGNALS: Final = (signal.SIGINT, signal.SIGTERM)


class Interrupted(Exception):
    """The user or the system asked the program to end. Its work has been stopped in order."""


async def interruptible(work: Coroutine[Any, Any, T], on_interrupt: Callable[[], None]) -> T:
    """Await `work`. A signal calls `on_interrupt` and cancels it; then `Interrupted` is raised."""
    loop = asyncio.get_running_loop()
    task = loop.create_task(work)
    interrupted = False

    def interrupt() -> None:
        nonlocal interrupted
        if interrupted:
            kill_children()
            return
        interrupted = True
        on_interrupt()
        task.cancel()

    for number in _SIGNALS:
        loop.add_signal_handler(number, interrupt)
    try:
        return await task
    except asyncio.CancelledError:
        if not interrupted:
            raise
        raise Interrupted from None


def kill_children() -> None:
    """SIGKILL for every process that this one started, and for theirs. Their jobs in flight are delivered again."""
    for child in children():
        with suppress(psutil.NoSuchProcess):
            child.kill()


def children() -> list[psutil.Process]:
    """The processes that this one started, and theirs."""
    return psutil.Process().children(recursive=True)
