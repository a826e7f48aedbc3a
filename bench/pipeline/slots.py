"""How well slots are used, and what a job costs: ``python -m bench.pipeline.slots``.

A model answers in 250 ms; everything else is real, on two cores that carry broker and store as well. Measured are

    drafter         the whole drafter: consumer, guard, slots, ledger and object store, draft and lineage sent
    relay           what is around every worker: consumer, guard, slots, a draft sent; neither ledger nor store
    bare-drafter    the drafter's sends and objects by bare aiokafka and the S3 client on threads
    bare-relay      the relay by bare aiokafka

each in processes of its own, in turns, so that a busy moment of the machine affects all of them. Two processes are
compared with one by their rates. The CPU time gives the most that two cores can do: see `_ceilings`.
"""

from __future__ import annotations

import asyncio
import statistics
from typing import Final

from bench.figures import Figure, report, say
from bench.machine import CORES, machine, stay_on_cores
from bench.pipeline.orders import sample_campaigns
from bench.pipeline.slots_payloads import lay_down_payloads
from bench.pipeline.slots_run import SECONDS, Kind, Load, Run, run
from infra.kafka.bus import Bus
from workers.runtime.worker import quiet_libraries

REPEATS: Final = 3
FEW, MANY, HALF = 64, 512, 32
"""Slots. Two drafters of 64 are more than two cores carry along with the servers; two of 32 are not."""
FEW_ROUNDS: Final = 30
MANY_ROUNDS: Final = 12
TARGETS: Final = {FEW: ">= 0.97", MANY: ">= 0.95"}
TWO_PROCESSES: Final = ">= 1.9"
WHAT: Final[dict[Kind, str]] = {
    "drafter": "drafter",
    "relay": "runtime alone",
    "bare-drafter": "bare aiokafka and S3 client",
    "bare-relay": "bare aiokafka",
}
SINGLE: Final = tuple(
    Load(kind, slots, rounds) for slots, rounds in ((FEW, FEW_ROUNDS), (MANY, MANY_ROUNDS)) for kind in WHAT
)
HALVES: Final = Load("drafter", HALF, FEW_ROUNDS)
PAIRS: Final = {
    Load("relay", FEW, FEW_ROUNDS): Load("relay", FEW, FEW_ROUNDS, processes=2),
    Load("drafter", FEW, FEW_ROUNDS): Load("drafter", FEW, FEW_ROUNDS, processes=2),
    HALVES: Load("drafter", HALF, FEW_ROUNDS, processes=2),
}
LOADS: Final = (
    *(load for pair in PAIRS.items() for load in pair),
    *(load for load in SINGLE if load not in PAIRS),
)
"""One process and two run one after the other, so that they meet the same machine."""

Runs = dict[Load, list[Run]]


async def measure() -> list[Figure]:
    """All figures."""
    runs: Runs = {load: [] for load in LOADS}
    async with machine() as m, Bus(m.settings.kafka) as bus:
        campaign = (await sample_campaigns(m.store))[0]
        await lay_down_payloads(m, bus, campaign)
        for turn in range(REPEATS):
            say(f"turn {turn + 1} of {REPEATS}")
            for load in LOADS:
                runs[load].append(await run(m, bus, campaign, load))
                say(_line(runs[load][-1]))
    return [*_utilisations(runs), *_scaling(runs), *_costs(runs), *_ceilings(runs)]


def _line(r: Run) -> str:
    cpu = ", ".join(f"{name} {milliseconds:.2f}" for name, milliseconds in r.cpu.items())
    what = f"{r.load.processes} x {WHAT[r.load.kind]}, {r.load.slots} slots"
    return f"  {what}: {r.utilisation:.3f}, {r.rate:.0f} jobs/s; CPU ms a job: {cpu}"


def _utilisations(runs: Runs) -> list[Figure]:
    figures = []
    for load in SINGLE:
        what = f"{WHAT[load.kind]}, {load.slots} slots, {SECONDS * 1000:.0f} ms model"
        utilisation = statistics.median(r.utilisation for r in runs[load])
        between = statistics.median(r.between for r in runs[load]) * 1000
        target = None if load.bare else TARGETS[load.slots]
        figures.append(Figure(f"{what}: utilisation (ideal over real time)", utilisation, "ratio", target))
        figures.append(Figure(f"{what}: time of a slot between two calls", between, "ms a job"))
    return figures


def _scaling(runs: Runs) -> list[Figure]:
    figures = []
    for one, two in PAIRS.items():
        ratios = [b.rate / a.rate for a, b in zip(runs[one], runs[two], strict=True)]
        what = f"{WHAT[one.kind]}, {one.slots} slots a process: rate of two processes over that of one"
        figures.append(Figure(what, statistics.median(ratios), "ratio", TWO_PROCESSES))
    return figures


def _costs(runs: Runs) -> list[Figure]:
    """CPU a job at the lower load, and that of Brushfire over its rival's, turn by turn."""
    few = {load.kind: runs[load] for load in SINGLE if load.slots == FEW}
    figures = [
        Figure(f"{WHAT[kind]}: CPU of {name}", statistics.median(r.cpu[name] for r in few[kind]), "CPU ms a job")
        for kind in WHAT
        for name in ("workers", "broker", "store", "bench")
    ]
    rivals: dict[Kind, Kind] = {"drafter": "bare-drafter", "relay": "bare-relay"}
    for ours, rival in rivals.items():
        ratios = [a.cpu["workers"] / b.cpu["workers"] for a, b in zip(few[ours], few[rival], strict=True)]
        figures.append(Figure(f"CPU of {WHAT[ours]} over {WHAT[rival]}", statistics.median(ratios), "ratio"))
    return figures


def _ceilings(runs: Runs) -> list[Figure]:
    """What the cores allow if none is ever idle: one for the process, all of them for process and servers.

    CPU is that of the runs with `MANY` slots, where batches are at their largest and a job at its cheapest.
    """
    figures = []
    wanted = MANY / SECONDS
    for load in (load for load in SINGLE if load.slots == MANY):
        process = statistics.median(r.cpu["workers"] for r in runs[load])
        everything = statistics.median(sum(r.cpu[name] for name in ("workers", "broker", "store")) for r in runs[load])
        possible = min(1000 / process, CORES * 1000 / everything)
        what = f"{WHAT[load.kind]}, {MANY} slots"
        figures += [
            Figure(f"{what}: jobs that would fill the slots", wanted, "jobs/s"),
            Figure(f"{what}: jobs at the most, by the CPU of one core and of {CORES}", possible, "jobs/s"),
            Figure(f"{what}: rate", statistics.median(r.rate for r in runs[load]), "jobs/s"),
            Figure(f"{what}: utilisation at the most, by that CPU", min(1.0, possible / wanted), "ratio"),
        ]
    return figures


def main() -> None:
    """Measure and report."""
    quiet_libraries()
    cores = stay_on_cores()
    if cores != CORES:
        say(f"this machine gives the bench {cores} cores instead of {CORES}: the figures are those of {cores}")
    report("slots", asyncio.run(measure()))


if __name__ == "__main__":
    main()
