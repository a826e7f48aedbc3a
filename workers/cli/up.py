"""`brushfire up`: everything on this machine, until Ctrl-C."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Annotated

import typer

from infra import clock
from infra.campaigns.reading import LoadedCampaign, load_campaigns
from infra.local.specs import EventKind
from workers.cli.exits import EXIT_USAGE
from workers.cli.pipeline import Pipeline
from workers.cli.shared import (
    ConfigOption,
    DataOption,
    fail,
    load_settings,
    run_async,
    run_until_interrupted,
    running,
    say,
)
from workers.intake.feeds import read_feeds, send_signals
from workers.runtime.kinds import KINDS


def up(
    campaigns: Annotated[
        Path | None, typer.Option("--campaigns", help="Folder of campaigns to put in force; else those in force stay.")
    ] = None,
    data: DataOption = None,
    ephemeral: Annotated[bool, typer.Option("--ephemeral", help="Keep nothing beyond this run.")] = False,
    drafters: Annotated[int, typer.Option("--drafters", min=1, max=64, help="Drafter processes.")] = 1,
    scorers: Annotated[int, typer.Option("--scorers", min=1, max=64, help="Scorer processes.")] = 1,
    refiners: Annotated[int, typer.Option("--refiners", min=1, max=64, help="Refiner processes.")] = 1,
    config: ConfigOption = None,
) -> None:
    """Run the broker, the object store and every worker here, until Ctrl-C.

    What was in flight at the end goes on at the next start. With kafka.addresses and store.endpoint in the
    settings only the workers are started, on that cluster.

    Example: brushfire up --campaigns examples/campaigns
    """
    settings = load_settings(config, data=data, ephemeral=ephemeral or None)
    loaded = load_campaigns(campaigns) if campaigns else None
    for problem in loaded.problems if loaded else ():
        say(f"left out: {problem}", style="yellow")
    if loaded and not loaded.loaded:
        fail("no campaign can be used: correct the errors above", EXIT_USAGE)
    processes = dict.fromkeys(KINDS, 1) | {"drafter": drafters, "scorer": scorers, "refiner": refiners}
    pipeline = Pipeline(settings, processes=processes, on_event=_report)
    run_until_interrupted(_up(pipeline, loaded.loaded if loaded else None))


async def _up(pipeline: Pipeline, campaigns: Sequence[LoadedCampaign] | None) -> None:
    async with pipeline:
        if campaigns is not None:
            await pipeline.put_in_force(campaigns)
        await pipeline.start_workers()
        say(
            f"brushfire is up on {pipeline.settings.data}: feed it with `brushfire feed FILE`, look with "
            "`brushfire outcomes`, end it with Ctrl-C",
            style="bold green",
        )
        await pipeline.failed()


def feed(
    files: Annotated[
        list[Path], typer.Argument(help="Google Trends RSS or JSON Lines; a folder means all files in it.")
    ],
    lifetime: Annotated[int, typer.Option("--lifetime", min=1, help="Minutes that a trend lives.")] = 240,
    replay: Annotated[
        bool, typer.Option("--replay", help="Take old feeds as if their newest entry had been seen now.")
    ] = False,
    data: DataOption = None,
    config: ConfigOption = None,
) -> None:
    """Send the signals of feeds to the running stack.

    Example: brushfire feed examples/signals --replay
    """
    settings = running(load_settings(config, data=data))
    feeds = read_feeds(files, lifetime=timedelta(minutes=lifetime), replay=clock.now() if replay else None)
    for rejected in feeds.rejected:
        say(f"left out: {rejected}", style="yellow")
    run_async(send_signals(settings.kafka, feeds.signals))
    say(f"{len(feeds.signals)} signals sent, {len(feeds.rejected)} entries left out")


def _report(name: str, kind: EventKind, detail: str) -> None:
    if kind != "started":
        style = "yellow" if kind in {"exited", "restarting", "failed", "unhealthy"} else "dim"
        say(f"{name} {kind} {detail}", style=style)
