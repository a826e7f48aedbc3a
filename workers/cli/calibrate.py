"""`brushfire calibrate | alarms`: what a new version of a model changes, and which models changed without one."""

from __future__ import annotations

import json
import sys
from collections.abc import Awaitable, Callable
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Final, TypeVar, get_args

import typer
from rich.table import Table

from infra import clock
from infra.providers.catalogue import open_registry
from infra.settings import Settings
from infra.storage.ledger import Ledger
from infra.storage.memory_store import MemoryStore
from infra.storage.store import ObjectStore
from routing.calibration.watch import Alarm, alarm_in_words, samples_of, watch
from schemas.calibration import CalibrationReport, DialectName, ModelVersion
from schemas.generations import ModelCard
from schemas.golden import GoldenSet
from workers.calibrating.calibrator import CalibrationOptions, Calibrator
from workers.calibrating.golden import golden_from_folder, golden_from_store
from workers.calibrating.runner import GoldenRunner
from workers.calibrating.versions import cards_by_version, required_entry
from workers.cli.exits import EXIT_USAGE
from workers.cli.shared import (
    ConfigOption,
    DataOption,
    JsonOption,
    console,
    fail,
    load_settings,
    run_async,
    say,
    with_store,
)
from workers.generation.generator import Generator
from workers.generation.pacing.gossip import open_pacer

T = TypeVar("T")

EXIT_BEYOND_REPAIR: Final = 3
"""Do not switch to this version. The codes 1 and 2 mean an error and wrong usage, as in all commands."""
SLOTS: Final = 4
"""Images of a golden run that are in flight at once."""

GoldenOption = Annotated[
    Path | None, typer.Option("--golden", help="Folder of golden briefs (YAML); by default the delivered ones.")
]


def calibrate(
    subject: Annotated[str, typer.Argument(help="The version to calibrate: MODEL@VERSION.", metavar="MODEL@VERSION")],
    against: Annotated[
        str | None, typer.Option("--against", help="The version to compare with; by default the one that ran last.")
    ] = None,
    golden: GoldenOption = None,
    campaign: Annotated[str | None, typer.Option("--campaign", help="Only this campaign's delivered briefs.")] = None,
    dialect: Annotated[
        list[str] | None,
        typer.Option("--dialect", help=f"Try this dialect as well: {', '.join(get_args(DialectName))}."),
    ] = None,
    canary: Annotated[
        float | None, typer.Option("--canary", min=0.0, max=1.0, help="Share of the model's drafts for this version.")
    ] = None,
    max_usd: Annotated[float, typer.Option("--max-usd", min=0.0, help="The most that the images may cost.")] = 5.0,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Draw, compare and report; change nothing.")] = False,
    as_json: JsonOption = False,
    data: DataOption = None,
    config: ConfigOption = None,
) -> None:
    """Draw the golden briefs with a version of a model, report what changed, and put the calibration in force.

    With a golden folder and --dry-run no stack needs to run. Exit code 3: no calibration can correct the version.

    Example: brushfire calibrate flux-2-pro@fal-ai/flux-2-pro --golden examples/golden --dry-run
    """
    options = CalibrationOptions(
        subject=_subject(subject),
        against=against,
        dialects=tuple(_dialect(name) for name in dialect or ()),
        canary=canary,
        limit_usd=max_usd,
        dry_run=dry_run,
    )
    settings = load_settings(config, data=data)
    in_memory = dry_run and golden is not None

    async def work(store: ObjectStore) -> CalibrationReport | None:
        return await _calibrate(settings, store, options, golden, campaign)

    report = run_async(_with_any_store(settings, work, in_memory=in_memory))
    if report is None:
        kept = "a dry run, nothing was stored" if dry_run else "it is stored, to compare later versions with"
        say(f"{options.subject} is the first version that ran on this golden set: {kept}")
        return
    if as_json:
        sys.stdout.write(report.model_dump_json() + "\n")
    else:
        _print_report(report, dry_run=dry_run)
    if report.verdict == "beyond-repair":
        raise typer.Exit(EXIT_BEYOND_REPAIR)


def alarms(
    as_json: JsonOption = False,
    data: DataOption = None,
    config: ConfigOption = None,
) -> None:
    """Report models whose images changed while their version did not. Exit code 1: there are some.

    Example: brushfire alarms
    """
    found = run_async(with_store(load_settings(config, data=data), cards_by_version))
    raised = 0
    for subject, cards in found.items():
        alarm = watch(samples_of(cards))
        if alarm is None:
            continue
        raised += 1
        if as_json:
            sys.stdout.write(_alarm_json(subject, alarm) + "\n")
        else:
            say(alarm_in_words(alarm, subject), style="yellow")
    if raised:
        raise typer.Exit(1)
    if not as_json:
        say(f"{len(found)} versions watched, none moved")


async def _calibrate(
    settings: Settings, store: ObjectStore, options: CalibrationOptions, folder: Path | None, campaign: str | None
) -> CalibrationReport | None:
    registry = open_registry(settings, store)
    try:
        golden = await _golden(store, required_entry(registry, options.subject), folder, campaign)
        say(f"{golden.golden_id}: {len(golden.items)} briefs, {golden.drafts} drafts", style="dim")
        async with open_pacer(registry, settings, store, "calibrate", SLOTS) as pacer:
            generator = Generator(registry, store, Ledger(store, clock.now), clock.now, SLOTS, pacer)
            calibrator = Calibrator(registry, GoldenRunner(generator, store, SLOTS), store, golden)
            return await calibrator.calibrate(options, clock.now())
    finally:
        await registry.close()


async def _golden(store: ObjectStore, card: ModelCard, folder: Path | None, campaign: str | None) -> GoldenSet:
    if folder is not None:
        return await golden_from_folder(folder, store, card)
    found = await golden_from_store(store, campaign)
    if found is None:
        fail("nothing was delivered yet to take golden briefs from: name a folder of them with --golden")
    return found


async def _with_any_store(settings: Settings, work: Callable[[ObjectStore], Awaitable[T]], *, in_memory: bool) -> T:
    return await work(MemoryStore()) if in_memory else await with_store(settings, work)


def _subject(text: str) -> ModelVersion:
    try:
        return ModelVersion.parse(text)
    except ValueError as error:
        fail(str(error), EXIT_USAGE)


def _dialect(text: str) -> DialectName:
    known: tuple[DialectName, ...] = get_args(DialectName)
    found = next((name for name in known if name == text), None)
    if found is None:
        fail(f"there is no dialect {text!r}; there are {', '.join(known)}", EXIT_USAGE)
    return found


def _print_report(report: CalibrationReport, *, dry_run: bool) -> None:
    """Print the report for people: the measurements that moved, and its sentences."""
    moved = [comparison for comparison in report.comparisons if comparison.moved]
    if moved:
        table = Table("measurement", report.against, report.calibration.version, "delta", "95 %", "p (Holm)")
        for c in sorted(moved, key=lambda c: -abs(c.delta)):
            interval = f"{c.low:+.2f} to {c.high:+.2f}"
            table.add_row(
                c.measurement, f"{c.before:.3g}", f"{c.after:.3g}", f"{c.delta:+.2f}", interval, f"{c.p_adjusted:.4f}"
            )
        console.print(table)
    for sentence in report.words:
        say(sentence)
    say(f"{report.pictures} images, ${report.spent_usd:.4f}", style="dim")
    if dry_run:
        say("a dry run: nothing was put in force", style="dim")
    elif report.verdict != "beyond-repair":
        say(f"calibration {report.calibration.number} of {report.calibration.model} is in force")


def _alarm_json(subject: ModelVersion, alarm: Alarm) -> str:
    fields = {**asdict(alarm), "model": subject.model, "version": subject.version}
    return json.dumps(fields, default=lambda moment: moment.isoformat())
