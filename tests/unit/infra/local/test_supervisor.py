"""The supervisor over small real processes."""

from __future__ import annotations

import asyncio
import dataclasses
import os
import signal
import sys
from pathlib import Path

import psutil
import pytest

from infra.local.managed import ManagedProcess
from infra.local.processes import ProcessRecord
from infra.local.specs import ProcessSpec, RestartPolicy
from infra.local.supervisor import Supervisor
from schemas.errors import StackError

QUICK = RestartPolicy(first_delay=0.01, longest_delay=0.02, give_up_after=3)
WAITS = "import signal; print('here', flush=True); signal.pause()"
STUBBORN = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); " + WAITS


class Events(list[tuple[str, str]]):
    def note(self, name: str, kind: str, _: str) -> None:
        self.append((name, kind))


def spec(directory: Path, code: str, name: str = "one", *, stop_seconds: float = 5.0) -> ProcessSpec:
    log = directory / f"{name}.log"

    async def has_spoken() -> bool:
        return log.exists() and b"here" in log.read_bytes()

    return ProcessSpec(
        name=name,
        argv=(sys.executable, "-I", "-S", "-c", code),
        env={},
        log_path=log,
        ready=has_spoken,
        ready_seconds=20.0,
        stop_seconds=stop_seconds,
        restart=QUICK,
    )


async def until_replaced(supervisor: Supervisor, name: str, pid: int) -> int:
    async with asyncio.timeout(10):
        while supervisor.pids().get(name) in {None, pid}:  # noqa: ASYNC110 - another task's doing, which has no event
            await asyncio.sleep(0.01)
    return supervisor.pids()[name]


async def test_only_the_crashed_one_is_started_again(tmp_path: Path) -> None:
    events = Events()
    async with Supervisor(on_event=events.note) as supervisor:
        await asyncio.gather(*(supervisor.start(spec(tmp_path, WAITS, name)) for name in ("a", "b")))
        before = supervisor.pids()
        os.kill(before["a"], signal.SIGKILL)
        assert await until_replaced(supervisor, "a", before["a"]) != before["a"]
        assert supervisor.pids()["b"] == before["b"]
    kinds = [kind for name, kind in events if name == "a"]
    assert kinds[:5] == ["started", "ready", "exited", "restarting", "started"]
    assert [event for event in events if event[1] == "stopped"] == [("b", "stopped"), ("a", "stopped")]


async def test_one_that_is_broken_though_it_answers_is_replaced_at_once(tmp_path: Path) -> None:
    told, events = ["", "it remembers a full disk"], Events()
    healing = dataclasses.replace(spec(tmp_path, WAITS), broken=lambda: told.pop() if len(told) > 1 else None)
    async with Supervisor(on_event=events.note) as supervisor:
        await supervisor.start(healing)
        async with asyncio.timeout(20):
            while events.count(("one", "ready")) < 2:  # noqa: ASYNC110 - another task's doing, which has no event
                await asyncio.sleep(0.01)
    kinds = [kind for _, kind in events]
    assert kinds == ["started", "ready", "unhealthy", "exited", "restarting", "started", "ready", "stopped"]


async def test_one_that_never_comes_up_is_given_up_with_its_last_words(tmp_path: Path) -> None:
    events = Events()
    async with Supervisor(on_event=events.note) as supervisor:
        with pytest.raises(StackError, match=r"(?s)one: exit code 3, 3 times in a row.*no disk today"):
            await supervisor.start(spec(tmp_path, "import sys; print('no disk today'); sys.exit(3)"))
        assert supervisor.pids() == {}
    assert events.count(("one", "started")) == 3
    assert events[-1] == ("one", "failed")


async def test_one_that_is_given_up_later_is_reported(tmp_path: Path) -> None:
    flag = tmp_path / "broken"
    code = f"import os, sys; os.path.exists({str(flag)!r}) and sys.exit(4); " + WAITS
    async with Supervisor() as supervisor:
        await supervisor.start(spec(tmp_path, code))
        flag.touch()
        os.kill(supervisor.pids()["one"], signal.SIGKILL)
        async with asyncio.timeout(10):
            with pytest.raises(StackError, match="one: exit code 4, 3 times in a row"):
                await supervisor.failed()


async def test_a_missing_program_is_an_error_with_its_name(tmp_path: Path) -> None:
    async with Supervisor() as supervisor:
        missing = ProcessSpec("one", ("/no/such/program",), {}, tmp_path / "one.log", restart=QUICK)
        with pytest.raises(StackError, match="/no/such/program"):
            await supervisor.start(missing)


async def test_one_that_ignores_sigterm_is_killed_with_its_children(tmp_path: Path) -> None:
    code = f"import subprocess, sys; subprocess.Popen([sys.executable, '-c', {STUBBORN!r}]); " + STUBBORN
    supervisor = Supervisor()
    await supervisor.start(spec(tmp_path, code, stop_seconds=0.2))
    children = psutil.Process(supervisor.pids()["one"]).children()
    assert len(children) == 1
    await supervisor.stop()
    psutil.wait_procs(children, timeout=5)
    assert not children[0].is_running() or children[0].status() == psutil.STATUS_ZOMBIE


async def test_stop_completes_although_cancelled(tmp_path: Path) -> None:
    supervisor = Supervisor()
    await supervisor.start(spec(tmp_path, STUBBORN, "a", stop_seconds=0.3))
    await supervisor.start(spec(tmp_path, STUBBORN, "b", stop_seconds=0.3))
    pids = list(supervisor.pids().values())
    stopping = asyncio.create_task(supervisor.stop())
    await asyncio.sleep(0)
    stopping.cancel()
    with pytest.raises(asyncio.CancelledError):
        await stopping
    assert not any(psutil.pid_exists(pid) for pid in pids)
    await supervisor.stop()


async def test_one_that_does_not_answer_any_more_is_replaced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("infra.local.managed.HEALTH_SECONDS", 0.02)
    answers = True

    async def ready() -> bool:
        return answers

    events = Events()
    hung = ProcessSpec("one", (sys.executable, "-I", "-S", "-c", WAITS), {}, tmp_path / "one.log", ready=ready,
                       unhealthy_seconds=0.1, restart=QUICK)  # fmt: skip
    async with Supervisor(on_event=events.note) as supervisor:
        await supervisor.start(hung)
        first, answers = supervisor.pids()["one"], False
        await until_replaced(supervisor, "one", first)
        answers = True
        await supervisor.wait_ready("one")
    assert ("one", "unhealthy") in events


async def test_orphans_are_ended_and_other_processes_are_not(tmp_path: Path) -> None:
    record = ProcessRecord(tmp_path / "run.json")
    killed_run = [ManagedProcess(spec(tmp_path, WAITS, name), record, None) for name in ("orphan", "other")]
    tasks = [asyncio.create_task(managed.run()) for managed in killed_run]
    for managed in killed_run:
        await managed.ready.wait()
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    orphan, other = (managed.pid for managed in killed_run)
    stored = (tmp_path / "run.json").read_text().replace(f'"pid": {other}', f'"pid": {os.getpid()}')
    (tmp_path / "run.json").write_text(stored)
    ended = await asyncio.to_thread(ProcessRecord(tmp_path / "run.json").end_orphans)
    assert ended == ("orphan",)
    assert not psutil.pid_exists(orphan or 0) or psutil.Process(orphan).status() == psutil.STATUS_ZOMBIE
    assert killed_run[1].pid == other
    assert not (tmp_path / "run.json").exists()
    for managed in killed_run:
        await managed.stop()
