"""Ctrl-C and SIGTERM while something runs that must be put in order first.

The first cancels the work, whatever it is at, and the work stops what it started; that takes as long as the
workers need for what they have in hand. A second one kills the processes, so that it takes no longer.
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
    """A person, or whoever runs this program, wants it to end. Its work has come to an orderly end already."""


async def interruptible(work: Coroutine[Any, Any, T], on_interrupt: Callable[[], None]) -> T:
    """The result of `work`. Raises `Interrupted` once it has ended because of a signal; calls `on_interrupt` before."""
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
    """SIGKILL for every process that this one started, and for theirs. What they had in hand is delivered again."""
    for child in children():
        with suppress(psutil.NoSuchProcess):
            child.kill()


def children() -> list[psutil.Process]:
    """The processes that this one started, and theirs."""
    return psutil.Process().children(recursive=True)
