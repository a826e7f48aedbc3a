"""The record of started processes, by which the next start finds what a killed run left behind."""

from __future__ import annotations

import os
import signal
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

import psutil

from infra.local.files import read_json, write_private_json

CLOCK_TOLERANCE_SECONDS: Final = 5.0
"""A start time is counted from the boot time, which a correction of the clock moves a little."""
TERM_SECONDS: Final = 5.0


@dataclass(frozen=True, slots=True)
class Trace:
    """What a process is recognised by: number, start (Unix time) and command line."""

    name: str
    pid: int
    created: float
    argv: tuple[str, ...]

    def find(self) -> psutil.Process | None:
        """The process, if it still runs; None if it ended, even if another process has its number."""
        try:
            process = psutil.Process(self.pid)
            same_start = abs(process.create_time() - self.created) < CLOCK_TOLERANCE_SECONDS
            argv = [*process.cmdline()]
            while argv[-1:] == [""]:  # a forked process has room to spare behind its command line
                argv.pop()
            same = same_start and tuple(argv) == self.argv
            return process if same and process.status() != psutil.STATUS_ZOMBIE else None
        except psutil.Error:
            return None


class ProcessRecord:
    """The file with the traces of this run's processes."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._traces: dict[int, Trace] = {}

    def add(self, name: str, pid: int, argv: Sequence[str]) -> None:
        """Note a process that was just started."""
        with suppress(psutil.NoSuchProcess):  # it ended at once: nothing to find later
            self._traces[pid] = Trace(name, pid, psutil.Process(pid).create_time(), tuple(argv))
            self._save()

    def remove(self, pid: int) -> None:
        """Forget a process that ended."""
        if self._traces.pop(pid, None):
            self._save()

    def clear(self) -> None:
        """Everything has stopped: the file goes."""
        self._traces.clear()
        self._path.unlink(missing_ok=True)

    def end_orphans(self) -> tuple[str, ...]:
        """End what a killed run left (SIGTERM, then SIGKILL) and return the names. Blocks for seconds at most."""
        stored = read_json(self._path)
        traces = [_trace(item) for item in stored] if isinstance(stored, list) else []
        orphans = [(trace, process) for trace in traces if (process := trace.find())]
        _end([process for _, process in orphans])
        self.clear()
        return tuple(trace.name for trace, _ in orphans)

    def _save(self) -> None:
        with suppress(OSError):  # on a full disk a crashed process is started again all the same
            write_private_json(self._path, [asdict(trace) for trace in self._traces.values()])


def _trace(item: dict[str, object]) -> Trace:
    argv = item["argv"]
    return Trace(
        str(item["name"]),
        int(str(item["pid"])),
        float(str(item["created"])),
        tuple(argv) if isinstance(argv, list) else (),
    )


def _end(processes: list[psutil.Process]) -> None:
    for number in (signal.SIGTERM, signal.SIGKILL):
        for process in processes:
            signal_group(process.pid, number)
        _, processes = psutil.wait_procs(processes, timeout=TERM_SECONDS)


def signal_group(pid: int, number: signal.Signals) -> None:
    """Send a signal to the process group that `pid` leads; its end in the meantime is no error."""
    with suppress(ProcessLookupError, PermissionError):  # macOS says the latter of a group of zombies
        os.killpg(pid, number)
