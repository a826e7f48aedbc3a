"""Runs the command line as a process of its own, and searches for processes that it leaves behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import psutil
from typer.testing import CliRunner

from tests.support.stack import wait_until

ROOT = Path(__file__).parents[2]


def environment(**changes: str) -> dict[str, str]:
    """This environment without the developer's own settings, and with `changes`."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("BRUSHFIRE_")}
    return {**kept, "PYTHONPATH": str(ROOT), "NO_COLOR": "1", "COLUMNS": "200", **changes}


def called(*arguments: object) -> Any:
    """`brushfire ARGUMENT…` in this process, which saves the seconds of a start."""
    from workers.cli.app import app

    return CliRunner(env={"COLUMNS": "200", "NO_COLOR": "1"}).invoke(app, [str(argument) for argument in arguments])


def arguments_of(*arguments: object) -> list[str]:
    return [sys.executable, "-m", "workers.cli.main", *map(str, arguments)]


def brushfire(*arguments: object, folder: Path, seconds: float = 100, **variables: str) -> Any:
    """Run `brushfire ARGUMENT…` in `folder` to its end. Returns a `subprocess.CompletedProcess` of texts."""
    return subprocess.run(
        arguments_of(*arguments),
        cwd=folder,
        env=environment(**variables),
        capture_output=True,
        text=True,
        timeout=seconds,
        check=False,
    )


@contextmanager
def started(*arguments: object, folder: Path, log: Path, **variables: str) -> Iterator[subprocess.Popen[bytes]]:
    """`brushfire ARGUMENT…` while the context lasts, its output in `log`. At the end its processes are killed."""
    with log.open("ab") as output:
        process = subprocess.Popen(
            arguments_of(*arguments), cwd=folder, env=environment(**variables), stdout=output, stderr=output
        )
    family: list[psutil.Process] = []
    try:
        yield process
    finally:
        family = family_of(process.pid)
        kill(family)
        process.wait(10)


def family_of(pid: int) -> list[psutil.Process]:
    """The process `pid` and those that it started, if they still run."""
    try:
        parent = psutil.Process(pid)
        return [member for member in (parent, *parent.children(recursive=True)) if _runs(member)]
    except psutil.NoSuchProcess:
        return []


def kill(processes: list[psutil.Process]) -> None:
    """Send SIGKILL to each, in this order."""
    for process in processes:
        with suppress(psutil.NoSuchProcess):
            process.send_signal(signal.SIGKILL)


def running_on(data: Path) -> list[psutil.Process]:
    """Every process that has the folder `data` in its command line, its environment or its open files."""
    ours = {process.pid for process in (psutil.Process(), *psutil.Process().parents())}
    return [p for p in psutil.process_iter() if p.pid not in ours and _runs(p) and _names(p, str(data))]


def assert_nothing_runs_on(data: Path, seconds: float = 10.0) -> None:
    """Wait until no process uses `data`: the kernel takes a moment to end children of a killed parent."""
    wait_until(lambda: not running_on(data), seconds)


def _runs(process: psutil.Process) -> bool:
    try:
        return process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def _names(process: psutil.Process, folder: str) -> bool:
    try:
        words = (*process.cmdline(), *process.environ().values(), *(file.path for file in process.open_files()))
    except psutil.Error:
        return False
    return any(folder in word for word in words)
