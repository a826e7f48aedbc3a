"""Processes forked from a warmed one: supervised, killed, ended and found like started ones."""

from __future__ import annotations

import asyncio
import itertools
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from infra.local.fork_server import ForkedProcess, ForkServer, can_fork
from infra.local.processes import ProcessRecord, Trace
from infra.local.specs import ProcessSpec, RestartPolicy
from infra.local.supervisor import Supervisor
from tests.support.stack import wait_until

pytestmark = pytest.mark.skipif(not can_fork(), reason="forks from a server on Linux alone")

NUMBERS = itertools.count(1)
SERVER = """
import json, os, random, signal, socket, sys, threading
from infra.local.forked import serve
order = serve(socket.socket(fileno=int(sys.argv[1])))
if order is None:
    sys.exit()
print(json.dumps({"argv": sys.argv, "cwd": os.getcwd(), "env": dict(os.environ), "group": os.getpgid(0),
                  "parent": os.getppid(), "random": random.random(), "threads": threading.active_count(),
                  "open": sorted(file for file in os.listdir("/proc/self/fd")
                                 if "libffi" not in os.path.realpath(f"/proc/self/fd/{file}"))}), flush=True)
if sys.argv[0] == "fail":
    sys.exit("no disk today")
signal.pause()
"""


@pytest.fixture
def server() -> Iterator[ForkServer]:
    server = ForkServer((sys.executable, "-c", SERVER), dict(os.environ))
    yield server
    server.stop()


async def forked(server: ForkServer, folder: Path, word: str = "wait") -> tuple[ForkedProcess, dict[str, object]]:
    log = folder / f"{word}-{next(NUMBERS)}.log"
    process = await server.fork((sys.executable, word), {"ONLY": "this"}, log, folder)
    async with asyncio.timeout(20):
        while not log.exists() or b"\n" not in log.read_bytes():  # noqa: ASYNC110 - another process writes it
            await asyncio.sleep(0.01)
    return process, json.loads(log.read_text().splitlines()[0])


async def test_a_forked_process_is_like_a_started_one(server: ForkServer, tmp_path: Path) -> None:
    process, said = await forked(server, tmp_path)
    assert said["argv"] == ["wait"]
    assert said["cwd"] == str(tmp_path)
    assert said["env"] == {"ONLY": "this"}
    assert (said["group"], said["parent"]) == (process.pid, os.getpid())
    assert said["threads"] == 1
    assert len(said["open"]) == 4, "standard streams, the listing itself; libffi may keep its file open"
    command = [word for word in psutil.Process(process.pid).cmdline() if word]
    assert command == [sys.executable, "wait"]
    process.send_signal(signal.SIGTERM)
    assert await process.wait() == -signal.SIGTERM
    with pytest.raises(ProcessLookupError):
        process.send_signal(signal.SIGTERM)


async def test_each_draws_random_numbers_of_its_own(server: ForkServer, tmp_path: Path) -> None:
    drawn = [await forked(server, tmp_path) for _ in range(2)]
    assert drawn[0][1]["random"] != drawn[1][1]["random"]
    for process, _ in drawn:
        process.send_signal(signal.SIGKILL)
        await process.wait()


async def test_exit_codes_and_last_words_are_kept(server: ForkServer, tmp_path: Path) -> None:
    process, _ = await forked(server, tmp_path, "fail")
    assert await process.wait() == 1
    assert "no disk today" in (tmp_path / f"fail-{next(NUMBERS) - 1}.log").read_text()


async def test_the_servers_end_harms_no_one_and_it_is_started_again(server: ForkServer, tmp_path: Path) -> None:
    first, _ = await forked(server, tmp_path)
    children = psutil.Process().children()
    (pid,) = [child.pid for child in children if SERVER in child.cmdline()]
    os.kill(pid, signal.SIGKILL)
    second, _ = await forked(server, tmp_path)
    assert first.returncode is None
    for process in (first, second):
        process.send_signal(signal.SIGKILL)
        assert await process.wait() == -signal.SIGKILL


async def test_a_supervisor_restarts_the_one_that_crashed(server: ForkServer, tmp_path: Path) -> None:
    def spec(name: str) -> ProcessSpec:
        return ProcessSpec(
            name, (sys.executable, name), {}, tmp_path / f"{name}.log", restart=RestartPolicy(0.01), forks=server
        )

    record = ProcessRecord(tmp_path / "run.json")
    async with Supervisor(record=record) as supervisor:
        await asyncio.gather(*(supervisor.start(spec(name)) for name in ("a", "b")))
        before = supervisor.pids()
        os.kill(before["a"], signal.SIGKILL)
        async with asyncio.timeout(10):
            while supervisor.pids().get("a") in {None, before["a"]}:  # noqa: ASYNC110 - another task's doing
                await asyncio.sleep(0.01)
        assert supervisor.pids()["b"] == before["b"]
        traces = json.loads((tmp_path / "run.json").read_text())
        assert {trace["pid"] for trace in traces} == set(supervisor.pids().values())
        recorded = [Trace(**{**trace, "argv": tuple(trace["argv"])}) for trace in traces]
        async with asyncio.timeout(10):  # a forked process shows its command line a moment after its pid is known
            while not all(trace.find() for trace in recorded):  # noqa: ASYNC110 - another process's doing
                await asyncio.sleep(0.01)


async def test_where_it_cannot_fork_a_process_is_started_the_plain_way(tmp_path: Path) -> None:
    broken = ForkServer((sys.executable, "-c", "import sys; sys.exit(3)"), {})
    code = "import time; print('here', flush=True); time.sleep(60)"
    spec = ProcessSpec("a", (sys.executable, "-I", "-c", code), {}, tmp_path / "a.log", forks=broken)
    async with Supervisor() as supervisor:
        await supervisor.start(spec)
        await asyncio.to_thread(wait_until, lambda: "here" in (tmp_path / "a.log").read_text())
    broken.stop()


def test_forked_processes_and_their_server_die_with_the_supervisor(tmp_path: Path) -> None:
    code = f"""
import asyncio, os, sys
from pathlib import Path
from infra.local.fork_server import ForkServer
async def main():
    server = ForkServer((sys.executable, "-c", {SERVER!r}), dict(os.environ))
    process = await server.fork((sys.executable, "wait"), {{}}, Path({str(tmp_path / "log")!r}), None)
    print(process.pid, server._process.pid, flush=True)
    await asyncio.sleep(60)
asyncio.run(main())
"""
    supervisor = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    assert supervisor.stdout
    with supervisor.stdout as output:
        pids = [int(pid) for pid in output.readline().split()]
    supervisor.kill()
    supervisor.wait()
    wait_until(lambda: not any(runs(pid) for pid in pids))


def runs(pid: int) -> bool:
    """Whether it runs: one that this process has adopted stays a zombie."""
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
