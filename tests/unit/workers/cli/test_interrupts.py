"""Ctrl-C and SIGTERM cancel the work once, wait for its end, and do not count as a failure."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess

import psutil
import pytest

from tests.support.stack import wait_until
from workers.cli import interrupts
from workers.cli.interrupts import Interrupted, interruptible


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
async def test_a_signal_cancels_the_work_and_waits_for_its_end(number: signal.Signals) -> None:
    happened: list[str] = []

    async def work() -> None:
        os.kill(os.getpid(), number)
        try:
            await asyncio.Event().wait()
        finally:
            await asyncio.sleep(0)  # an orderly end takes turns of the loop
            happened.append("in order")

    with pytest.raises(Interrupted):
        await interruptible(work(), lambda: happened.append("noticed"))
    assert happened == ["noticed", "in order"]


async def test_the_second_signal_kills_what_the_first_one_waits_for(monkeypatch: pytest.MonkeyPatch) -> None:
    happened: list[str] = []
    children: list[psutil.Process] = []  # other tests have children of this process too
    monkeypatch.setattr(interrupts, "children", lambda: children)

    async def work() -> int:
        child = await asyncio.create_subprocess_exec("sleep", "60")
        children.append(psutil.Process(child.pid))
        os.kill(os.getpid(), signal.SIGINT)
        try:
            await child.wait()
        except asyncio.CancelledError:
            os.kill(os.getpid(), signal.SIGINT)
            happened.append(f"child ended with {await child.wait()}")
            raise
        return 0

    with pytest.raises(Interrupted):
        await interruptible(work(), lambda: happened.append("noticed"))
    assert happened == ["noticed", "child ended with -9"]


async def test_without_a_signal_results_errors_and_cancellations_pass_through() -> None:
    async def result() -> int:
        return 3

    async def error() -> int:
        raise ValueError("its own")

    async def cancelled() -> int:
        raise asyncio.CancelledError

    assert await interruptible(result(), lambda: None) == 3
    with pytest.raises(ValueError, match="its own"):
        await interruptible(error(), lambda: None)
    with pytest.raises(asyncio.CancelledError):
        await interruptible(cancelled(), lambda: None)


def test_the_children_are_those_of_this_process_and_theirs() -> None:
    with subprocess.Popen(["sh", "-c", "sleep 60 & wait"]) as child:
        try:
            wait_until(lambda: len(psutil.Process(child.pid).children()) == 1)
            found = {process.pid for process in interrupts.children()}
            assert {child.pid, psutil.Process(child.pid).children()[0].pid} <= found
        finally:
            for process in psutil.Process(child.pid).children():
                process.kill()
            child.kill()
