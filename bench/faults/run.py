"""The fault benches' parts: what each runs, and the figures that it gives. The same on every stack."""

from __future__ import annotations

import logging
import tempfile
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Final

from bench.figures import Figure, say
from infra.kafka.app import SESSION_SECONDS
from tests.support.faults.crash import between_submitted_and_done
from tests.support.faults.driver import Planned
from tests.support.faults.flood import Aftermath, Flood, flooded
from tests.support.faults.ground import StackKind
from tests.support.faults.outages import OUTAGES, each
from tests.support.faults.trial import Findings, Plan, under_kills

SEEDS: Final = (1, 2, 3)
CRASHES: Final = 100
RESUME_SECONDS: Final = SESSION_SECONDS + 10.0
"""A dead member is noticed after a session; then work has to go on within 10 s."""
FLAT_MEGABYTES_A_MINUTE: Final = 5.0
"""Memory counts as flat if it grows no faster over the last half of the flood. That it grows at first is its allocator
keeping what the first huge messages took; a leak of the flood's own 30 MB a minute would show."""
BROKER_OUTAGE_SECONDS: Final = 30.0

Part = Callable[[StackKind], Awaitable[list[Figure]]]


async def kills(kind: StackKind) -> list[Figure]:
    """Each seed's run under kills."""
    figures: list[Figure] = []
    for seed in SEEDS:
        figures += _under_kills(f"seed {seed}", await _trial(kind, Plan(seed=seed)))
    return figures


async def stock(kind: StackKind) -> list[Figure]:
    """The first seed's run with faust's own consumer in drafters and refiners: no targets, it is the rival."""
    found = await _trial(kind, Plan(seed=SEEDS[0], stock=("drafter", "refiner")))
    return [
        Figure(figure.figure, figure.value, figure.unit)
        for figure in _under_kills(f"stock consumer, seed {SEEDS[0]}", found)
    ]


async def crash(kind: StackKind) -> list[Figure]:
    """Kills between `submitted` and `done`."""
    say(f"crash: kills of a drafter with two-phase calls in the air, until {CRASHES} jobs were caught")
    with _folder() as folder:
        found = await between_submitted_and_done(kind, Path(folder), CRASHES, say)
    what = "crash between submitted and done"
    return [
        Figure(f"{what}: jobs caught", len(found.caught), "jobs", f">= {CRASHES}"),
        Figure(f"{what}: kills", found.kills, "kills"),
        Figure(f"{what}: paid twice", len(found.caught_paid_twice), "jobs", "<= 0"),
        Figure(f"{what}: lost", found.jobs - found.done, "jobs", "<= 0"),
        Figure(f"{what}: jobs killed between call and submitted", len(found.too_early), "jobs"),
        Figure(f"{what}: of those paid twice", len(found.others_paid_twice), "jobs"),
        Figure(f"{what}: slowest recovery, kill to last draft", max(found.recoveries), "s"),
    ]


async def outages(kind: StackKind) -> list[Figure]:
    """Each outage in a run of 200 jobs."""
    figures: list[Figure] = []
    say("outages")
    with _folder() as folder:
        for found in await each(kind, Path(folder), list(OUTAGES), tell=say):
            figures += [
                Figure(f"{found.name}: draft jobs", found.jobs, "jobs"),
                Figure(f"{found.name}: lost", found.lost, "lost", "<= 0"),
                Figure(f"{found.name}: wrong dead letters", len(found.dead_letters), "letters", "<= 0"),
                Figure(f"{found.name}: briefs not delivered", found.undelivered, "briefs", "<= 0"),
                Figure(f"{found.name}: drafts given up", found.failed_jobs, "jobs"),
                Figure(f"{found.name}: recovery to next draft", found.resumed, "s", f"<= {RESUME_SECONDS:g}"),
                Figure(f"{found.name}: recovery to last outcome", found.finished, "s"),
            ]
    return figures


async def hostile(kind: StackKind) -> list[Figure]:
    """The flood of hostile messages."""
    say("hostile messages")
    with _folder() as folder:
        found = await flooded(kind, Path(folder), Flood(), say)
    for line in [*(f"{count} x {what}" for what, count in found.unburied.items()), *found.unexpected[:10]]:
        say(f"  {line}")
    for name, after in found.memory_after.items():
        slope, before = found.slopes.get(name, 0.0), found.memory_before.get(name, after)
        say(f"  {name}: {before:.0f} -> {after:.0f} MB, {slope:+.1f} MB/min at the end")
    return _flood_figures(found)


async def brokers(_: StackKind) -> list[Figure]:
    """Three brokers, one of which is killed in mid-run and is unavailable for a while."""
    outage = Planned(settled=400, what="broker", target="kafka-2", seconds=BROKER_OUTAGE_SECONDS)
    found = await _trial("cluster-3", Plan(seed=SEEDS[0], kills=0, pauses=0, more=(outage,)))
    return _under_kills("one broker of three killed", found)


async def _trial(kind: StackKind, plan: Plan) -> Findings:
    rival = f", faust's own consumer in {' and '.join(plan.stock)}" if plan.stock else ""
    say(f"{kind}: seed {plan.seed}, {plan.briefs * plan.drafts} jobs, {plan.kills} kills{rival}")
    with _folder() as folder:
        return await under_kills(kind, Path(folder), plan, say)


def _under_kills(what: str, found: Findings) -> list[Figure]:
    losses, payments, verdict = found.losses, found.payments, found.verdict
    undelivered = found.audit.names_of_briefs().total() - found.audit.names_of_briefs()["delivered"]
    for problem in (*found.audit.problems[:10], *verdict.violations[:5]):
        say(f"  {problem}")
    return [
        Figure(f"{what}: draft jobs", found.jobs, "jobs"),
        Figure(f"{what}: kills", found.kills, "kills"),
        Figure(f"{what}: wall", found.seconds, "s"),
        Figure(f"{what}: lost jobs", found.lost_jobs, "jobs", "<= 0"),
        Figure(f"{what}: signals and briefs lost", len(losses.lost_signals | losses.lost_briefs), "lost", "<= 0"),
        Figure(f"{what}: with other than one outcome", len(losses.two_outcomes), "ids", "<= 0"),
        Figure(f"{what}: job ids with more than one object", len(losses.two_objects), "jobs", "<= 0"),
        Figure(f"{what}: briefs not delivered", undelivered, "briefs", "<= 0"),
        Figure(f"{what}: other broken promises that the auditor found", len(found.audit.problems), "", "<= 0"),
        Figure(f"{what}: provider calls paid", payments.paid, "calls"),
        Figure(f"{what}: calls in flight at the kills", len(payments.in_air), "calls"),
        Figure(f"{what}: calls paid but unused", len(payments.unused), "calls", f"<= {len(payments.in_air)}"),
        Figure(f"{what}: of those not in flight at a kill of their process", len(payments.unexplained), "calls",
               "<= 0"),
        Figure(f"{what}: drafts of the two-phase model paid more than once", len(payments.paid_twice), "jobs"),
        Figure(f"{what}: offset samples", verdict.with_commits, "samples"),
        Figure(f"{what}: samples committed past unfinished work", len(verdict.violations), "samples", "<= 0"),
    ]  # fmt: skip


def _flood_figures(found: Aftermath) -> list[Figure]:
    growth = {name: after - found.memory_before.get(name, after) for name, after in found.memory_after.items()}
    what = "hostile messages"
    return [
        Figure(f"{what}: malformed messages sent", found.malformed, "messages"),
        Figure(f"{what}: duplicates sent", found.duplicates, "messages"),
        Figure(f"{what}: wall", found.seconds, "s"),
        Figure(f"{what}: good jobs served", found.served, "jobs", f">= {found.good}"),
        Figure(f"{what}: briefs not delivered", found.undelivered, "briefs", "<= 0"),
        Figure(f"{what}: with exactly one dead letter", found.buried_once, "messages", f">= {found.malformed}"),
        Figure(f"{what}: without a dead letter", found.unburied.total(), "messages", "<= 0"),
        Figure(f"{what}: dead letters of good messages", len(found.unexpected), "letters", "<= 0"),
        Figure(f"{what}: dead letters without a reason", found.without_reason, "letters", "<= 0"),
        Figure(f"{what}: paid calls that no job uses", len(found.payments.unused), "calls", "<= 0"),
        Figure(f"{what}: job ids with more than one object", found.two_objects, "jobs", "<= 0"),
        Figure(f"{what}: workers that ended", found.restarts, "processes", "<= 0"),
        Figure(f"{what}: largest growth of a worker's memory", max(growth.values()), "MB"),
        Figure(
            f"{what}: steepest memory over the last half",
            max(found.slopes.values()),
            "MB/min",
            f"<= {FLAT_MEGABYTES_A_MINUTE:g}",
        ),
    ]


def _folder() -> tempfile.TemporaryDirectory[str]:
    return tempfile.TemporaryDirectory(prefix="brushfire-faults-")


COMMON: Final[dict[str, Part]] = {
    "kills": kills, "stock": stock, "crash": crash, "outages": outages, "hostile": hostile,
}  # fmt: skip


async def measure(kind: StackKind, parts: dict[str, Part], chosen: Sequence[str]) -> list[Figure]:
    """The figures of the `chosen` parts (none: all), each on a stack of its own. Exits with 2 for an unknown part."""
    unknown = [part for part in chosen if part not in parts]
    if unknown:
        raise SystemExit(f"there is no part {', '.join(unknown)}; there are {', '.join(parts)}")
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)  # brokers are stopped here on purpose
    figures: list[Figure] = []
    for part in chosen or parts:
        figures += await parts[part](kind)
    return figures
