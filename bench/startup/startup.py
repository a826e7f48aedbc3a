"""From `brushfire up` to the first signal judged, recovery, the demo: ``python -m bench.startup.startup [PART ...]``.

The parts are up, recovery, memory, demo and imports; all of them by default. ``--python PATH`` measures another
checkout, whose interpreter PATH is (``.venv/bin/python``), to compare with.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import resource
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bench.figures import Figure, report, say
from bench.machine import ROOT, stay_on_cores
from bench.startup.line import LIMIT_SECONDS, Line, command, environment, line, send_signal
from bench.watch import Watch, watching
from infra.kafka.app import SESSION_SECONDS
from infra.kafka.bus import Bus
from schemas.identifiers import brief_id
from schemas.topics import DRAFTS, SCORECARDS, SIGNAL_OUTCOMES, Topic
from workers.runtime.kinds import KINDS
from workers.runtime.worker import quiet_libraries

STARTS: Final = 3
ANSWERED: Final = ("burger", "milkshake", "street food", "comfort food")
"""Topics that a sample campaign answers, one for each brief: a trend is answered once."""
CAMPAIGN: Final = "marrowby-kitchen"
DRAFTS_OF_A_BRIEF: Final = 12
IMPORT: Final = (
    "import resource, {module}; u = resource.getrusage(resource.RUSAGE_SELF); "
    "print(u.ru_utime + u.ru_stime, u.ru_maxrss / 1000)"
)


@dataclass(frozen=True, slots=True)
class Target:
    """The installation that is measured."""

    python: Path

    @property
    def root(self) -> Path:
        """Its checkout."""
        return self.python.absolute().parents[2]


async def up(target: Target) -> list[Figure]:
    """Cold starts on fresh directories: from the command to the first outcome of a signal sent once it is up."""
    say(f"up: {STARTS} cold starts of the durable stack")
    ups, judged, cpu = [], [], []
    for _ in range(STARTS):
        async with _line(target) as (running, bus):
            ups.append(running.up - running.began)
            async with watching(running.addresses, SIGNAL_OUTCOMES) as watch:
                await _sent_until(watch, bus, "knitting patterns")
                judged.append(time.perf_counter() - running.began)
            cpu.append(running.cpu_seconds())
            say(f"  up after {ups[-1]:.2f} s, judged after {judged[-1]:.2f} s, {cpu[-1]:.1f} CPU s")
    return [
        Figure("up: says that it is up, median", statistics.median(ups), "s"),
        Figure("up: first signal judged, median", statistics.median(judged), "s", "<= 5"),
        Figure("up: first signal judged, slowest", max(judged), "s"),
        Figure("up: CPU of all processes until then, median", statistics.median(cpu), "CPU s"),
    ]


async def recovery(target: Target) -> list[Figure]:
    """A router and a drafter that are killed: seconds until their kind works again, beyond the session time-out."""
    figures = []
    say("recovery: kill -9 of the router, then of the drafter")
    async with _line(target) as (running, bus):
        await _first_brief(running, bus)
        for kind, topic, answered in (("router", SIGNAL_OUTCOMES, ANSWERED[1]), ("drafter", DRAFTS, ANSWERED[2])):
            seconds = await _recovered(running, bus, kind, topic, answered)
            say(f"  {kind}: works again {seconds:.2f} s after its kill")
            what = f"recovery: {kind}, beyond the session time-out of {SESSION_SECONDS:g} s"
            figures.append(Figure(what, seconds - SESSION_SECONDS, "s", "<= 2"))
    return figures


async def memory(target: Target) -> list[Figure]:
    """The private memory (PSS) of all processes once each worker has worked."""
    say("memory: PSS after a brief of a sample campaign")
    async with _line(target) as (running, bus):
        idle = running.private_mb()
        await _first_brief(running, bus)
        found = running.private_mb()
    workers = {name: size for name, size in found.items() if name not in {"store", "broker", "up"}}
    return [
        *(Figure(f"memory: {name}", size, "MB") for name, size in found.items()),
        Figure("memory: workers at once after the start", sum(idle.get(name, 0.0) for name in workers), "MB"),
        Figure("memory: workers at work, sum", sum(workers.values()), "MB"),
    ]


async def demo(target: Target) -> list[Figure]:
    """`make demo` after the installation: the same command, into a fresh folder."""
    say("demo: the run of make demo")
    with tempfile.TemporaryDirectory(prefix="brushfire-bench-") as folder:
        examples = ROOT / "examples"
        arguments = (
            "--feed",
            examples / "signals",
            "--campaigns",
            examples / "campaigns",
            "--out",
            Path(folder) / "out",
        )
        began = time.perf_counter()
        process = await asyncio.create_subprocess_exec(
            *command(target.python, "run", *arguments, "--replay", "--fresh", "--ephemeral", "--json"),
            cwd=target.root,
            env=environment(),
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL,
        )
        code = await process.wait()
        wall = time.perf_counter() - began
    if code:
        raise RuntimeError(f"the demo ended with exit code {code}")
    return [Figure("demo: wall", wall, "s", "<= 30")]


async def imports(target: Target) -> list[Figure]:
    """CPU and memory that the modules of each worker kind, and the command line's help, cost a process of its own."""
    say("imports: each worker kind in a process of its own")
    figures = []
    for kind in KINDS:
        done = subprocess.run(  # noqa: S603, ASYNC221 - nothing else runs
            [target.python, "-c", IMPORT.format(module=f"workers.{kind}")],
            cwd=target.root,
            capture_output=True,
            check=True,
        )
        cpu, resident = map(float, done.stdout.split())
        figures += [Figure(f"imports: {kind}", cpu, "CPU s"), Figure(f"imports: {kind}, resident", resident, "MB")]
    return [*figures, Figure("imports: brushfire --help", _cpu_of_help(target), "CPU s")]


def _cpu_of_help(target: Target) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(  # noqa: S603 - the bench's own command
        command(target.python, "--help"), cwd=target.root, capture_output=True, check=True
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


PARTS: Final[dict[str, Callable[[Target], Awaitable[list[Figure]]]]] = {
    "up": up, "recovery": recovery, "memory": memory, "demo": demo, "imports": imports,
}  # fmt: skip


@asynccontextmanager
async def _line(target: Target) -> AsyncIterator[tuple[Line, Bus]]:
    """A started line on a fresh directory, and a bus to it."""
    with tempfile.TemporaryDirectory(prefix="brushfire-bench-") as folder:
        async with line(target.python, target.root, Path(folder) / "data") as running, Bus(running.addresses) as bus:
            yield running, bus


async def _sent_until(watch: Watch, bus: Bus, topic: str) -> None:
    """Send a signal and wait for the first message of `watch`."""
    waiting = asyncio.create_task(watch.take(1, LIMIT_SECONDS))
    await send_signal(bus, topic)
    await waiting


async def _first_brief(running: Line, bus: Bus) -> None:
    """A brief until its last draft is scored: each kind up to the promoter has then worked."""
    async with watching(running.addresses, SCORECARDS) as watch:
        waiting = asyncio.create_task(watch.take(DRAFTS_OF_A_BRIEF, LIMIT_SECONDS))
        await send_signal(bus, ANSWERED[0])
        await waiting


async def _recovered(running: Line, bus: Bus, kind: str, topic: Topic, answered: str) -> float:
    async with watching(running.addresses, topic) as watch:
        killed = time.perf_counter()
        os.kill(running.pids()[kind], signal.SIGKILL)
        sent = await send_signal(bus, answered)
        its_own = (sent.encode(), brief_id(CAMPAIGN, sent).encode())
        await watch.take(1, LIMIT_SECONDS, lambda record: any(name in record.value for name in its_own))
        return time.perf_counter() - killed


async def measure(target: Target, parts: list[str]) -> list[Figure]:
    """The figures of `parts`."""
    figures: list[Figure] = []
    for part in parts:
        figures += await PARTS[part](target)
    return figures


def main(arguments: list[str]) -> None:
    """Measure and report."""
    parser = argparse.ArgumentParser(prog="startup", description=__doc__)
    parser.add_argument("parts", nargs="*", choices=[*PARTS, []], default=[])
    parser.add_argument("--python", type=Path, default=Path(sys.prefix) / "bin" / "python")
    chosen = parser.parse_args(arguments)
    quiet_libraries()
    stay_on_cores()
    target = Target(chosen.python)
    report("startup", asyncio.run(measure(target, chosen.parts or list(PARTS))))


if __name__ == "__main__":
    main(sys.argv[1:])
