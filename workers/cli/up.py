"""`brushfire up`: everything on this machine, until Ctrl-C."""

from __future__ import annotations

import asyncio
import signal
from datetime import timedelta
from pathlib import Path
from typing import Annotated

import typer
from infra.campaigns import load_campaigns

from infra import clock
from infra.local.specs import EventKind
from infra.settings import Settings
from workers.cli.ingest import read_feeds, send_signals
from workers.cli.pipeline import Pipeline
from workers.cli.shared import (
    ConfigOption,
    DataOption,
    console,
    fail,
    load_settings,
    run_async,
    running,
)
from workers.kinds import KINDS


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
        console.print(f"left out: {problem}", style="yellow", markup=False, highlight=False)
    if loaded and not loaded.loaded:
        fail("no campaign can be used: mend the errors above", 2)
    processes = dict.fromkeys(KINDS, 1) | {"drafter": drafters, "scorer": scorers, "refiner": refiners}
    pipeline = Pipeline(settings, processes=processes, on_event=_tell)
    run_async(_up(pipeline, loaded.loaded if loaded else None, settings))


async def _up(pipeline: Pipeline, campaigns: tuple | None, settings: Settings) -> None:  # type: ignore[type-arg]
    stopping = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stopping.set)
    async with pipeline:
        if campaigns is not None:
            await pipeline.put_in_force(campaigns)
        await pipeline.start_workers()
        console.print(
            f"[bold green]brushfire is up[/] on {settings.data}: feed it with `brushfire feed FILE`, "
            "look with `brushfire outcomes`, end it with Ctrl-C",
            highlight=False,
        )
        stopped = asyncio.ensure_future(stopping.wait())
        failed = asyncio.ensure_future(pipeline.failed())
        done, _ = await asyncio.wait({stopped, failed}, return_when=asyncio.FIRST_COMPLETED)
        for task in (stopped, failed):
            task.cancel()
        console.print("stopping: what is in hand comes to its end first ...")
        if failed in done:
            failed.result()


def feed(
    files: Annotated[
        list[Path], typer.Argument(help="Google Trends RSS or JSON Lines; a folder stands for all in it.")
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
        console.print(f"left out: {rejected}", style="yellow", markup=False, highlight=False)
    run_async(send_signals(settings.kafka.addresses or (), feeds.signals))
    console.print(f"{len(feeds.signals)} signals sent, {len(feeds.rejected)} entries left out", highlight=False)


def _tell(name: str, kind: EventKind, detail: str) -> None:
    if kind != "started":
        style = "yellow" if kind in {"exited", "restarting", "failed", "unhealthy"} else "dim"
        console.print(f"{name} {kind} {detail}", style=style, markup=False, highlight=False)
