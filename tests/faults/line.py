"""A whole line under `brushfire up` that is fed, killed and watched."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random

from infra.local.data_directory import DataDirectory
from infra.local.files import read_json
from schemas.topics import BRIEF_OUTCOMES, SIGNAL_OUTCOMES, Topic
from tests.support.command import assert_nothing_runs_on, called, family_of, kill, started
from tests.support.watching import events_on, wait_for_events, wait_while_running
from workers.reporting.run_view import RunView

PATIENCE_SECONDS = 240.0
"""For all outcomes to arrive, on a machine that has other things to do."""


SAID_CHARACTERS = 3_000
"""Of each log, with a failure."""


class Line:
    """`brushfire up` on one data directory, started as often as it is killed."""

    def __init__(self, folder: Path, campaigns: Path, process: subprocess.Popen[bytes]) -> None:
        self.data = folder / "data"
        self.log = folder / "up.log"
        self.campaigns = campaigns
        self.process = process

    def feed(self, path: Path) -> None:
        """Send the signals of `path`, as if seen now."""
        done = called("feed", path, "--replay", "--lifetime", 600, "--data", self.data)
        assert done.exit_code == 0, done.stderr

    def wait_for(self, topics: tuple[Topic, ...], count: int) -> None:
        """Return as soon as `topics` hold `count` events."""
        wait_for_events(self.process, self.data, topics, count, self.log)

    def wait_for_outcomes(self, signal_ids: list[str]) -> float:
        """Return when every signal and every brief has its outcome, with the seconds that it took."""
        try:
            return wait_while_running(self.process, lambda: self._complete(signal_ids), self.log, PATIENCE_SECONDS)
        except AssertionError as error:
            error.add_note(self._said())
            raise

    def kill_everything(self, order: Random) -> int:
        """SIGKILL for the supervisor, the servers and all workers, in a random order; how many there were."""
        family = family_of(self.process.pid)
        order.shuffle(family)
        kill(family)
        self.process.wait(10)
        assert_nothing_runs_on(self.data)
        return len(family)

    def pid_of(self, name: str) -> int | None:
        """The number of the running process `name`, as the supervisor has noted it."""
        noted = read_json(DataDirectory(self.data).processes) or ()
        return next((int(trace["pid"]) for trace in noted if trace["name"] == name), None)

    def kill_one(self, name: str) -> float:
        """SIGKILL for the process `name`; the seconds until the supervisor has another one running."""
        before = self.pid_of(name)
        assert before is not None
        kill(family_of(before))
        return wait_while_running(self.process, lambda: self.pid_of(name) not in {before, None}, self.log)

    def _said(self) -> str:
        """The last lines of each process's log: the data directory is gone when the failure is read."""
        logs = sorted(DataDirectory(self.data).logs.glob("*.log"))
        return "\n".join(f"--- {log.name}\n{log.read_text(errors='replace')[-SAID_CHARACTERS:]}" for log in logs)

    def _complete(self, signal_ids: list[str]) -> bool:
        view = RunView()
        for event in events_on(self.data, SIGNAL_OUTCOMES, BRIEF_OUTCOMES):
            view.apply(event)
        return view.complete(signal_ids)


@contextmanager
def up(folder: Path, campaigns: Path) -> Iterator[Line]:
    """A line that is up on ``folder/data``."""
    log = folder / "up.log"
    log.write_text("")
    with started("up", "--campaigns", campaigns, "--data", folder / "data", folder=folder, log=log) as process:
        wait_while_running(process, lambda: "brushfire is up" in log.read_text(), log, PATIENCE_SECONDS)
        yield Line(folder, campaigns, process)


def stop(line: Line) -> None:
    """Ctrl-C's twin; fails where it does not end cleanly or leaves something."""
    line.process.terminate()
    assert line.process.wait(120) == 0, line.log.read_text()[-2000:]
    assert_nothing_runs_on(line.data)
