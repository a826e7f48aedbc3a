"""`brushfire run`: from feeds to finished assets in one command."""

from __future__ import annotations

import asyncio
import json
import shutil
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import aclosing
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Final

import typer
from rich.live import Live

from infra import clock
from infra.campaigns.reading import Campaigns, load_campaigns
from infra.kafka.tail import follow, read_all
from infra.local.data_directory import DataDirectory
from infra.local.specs import EventKind
from infra.settings import Settings
from routing.scoring.score import overall
from schemas.base import Event
from schemas.errors import InvalidCampaign
from schemas.topics import (
    ASSETS,
    BRIEF_OUTCOMES,
    BRIEFS,
    DEAD_LETTERS,
    DRAFTS,
    EXPRESS_OF,
    FAILURES,
    LINEAGE,
    REFINEMENTS,
    SCORECARDS,
    SIGNAL_OUTCOMES,
    SIGNALS,
)
from workers.cli.exits import EXIT_USAGE
from workers.cli.pipeline import Pipeline
from workers.cli.shared import (
    ConfigOption,
    DataOption,
    JsonOption,
    console,
    fail,
    load_settings,
    run_async,
    say,
)
from workers.intake.feeds import Feeds, read_feeds, send_signals
from workers.reporting.export import export_run
from workers.reporting.run_view import RunView
from workers.reporting.terminal import progress_panel, summary_table

WATCHED: Final = (
    SIGNALS, SIGNAL_OUTCOMES, BRIEFS, DRAFTS, EXPRESS_OF[DRAFTS.name], SCORECARDS, REFINEMENTS,
    EXPRESS_OF[REFINEMENTS.name], FAILURES, ASSETS, BRIEF_OUTCOMES, LINEAGE, DEAD_LETTERS,
)  # fmt: skip
LINE_EVERY_SECONDS: Final = 5.0
"""Interval between two lines of progress, where there is no terminal."""


def run(
    feed: Annotated[
        list[Path], typer.Option("--feed", help="Google Trends RSS or JSON Lines; a folder means all feeds in it.")
    ],
    campaigns: Annotated[Path, typer.Option("--campaigns", help="Folder of campaigns (YAML).")],
    out: Annotated[Path, typer.Option("--out", help="Folder for report, contact sheet and assets.")] = Path("out"),
    data: DataOption = None,
    lifetime: Annotated[int, typer.Option("--lifetime", min=1, help="Minutes that a trend lives.")] = 240,
    replay: Annotated[
        bool, typer.Option("--replay", help="Take old feeds as if their newest entry had been seen now.")
    ] = False,
    fresh: Annotated[bool, typer.Option("--fresh", help="Forget an earlier run in the same data directory.")] = False,
    strict: Annotated[
        bool, typer.Option("--strict", help="Refuse to start while a campaign or feed has an error.")
    ] = False,
    ephemeral: Annotated[bool, typer.Option("--ephemeral", help="Keep the broker in memory.")] = False,
    as_json: JsonOption = False,
    config: ConfigOption = None,
) -> None:
    """Turn feeds into finished assets, write the report, stop everything.

    Waits until every signal and every brief has its outcome. After an interrupt it can be run again. Decisions are
    kept and nothing is paid again, if --data (by default OUT/.brushfire) is the same and --fresh is not given.

    Example: brushfire run --feed examples/signals --campaigns examples/campaigns --out out --replay
    """
    settings = load_settings(config, data=data or out / ".brushfire", ephemeral=ephemeral or None)
    loaded = load_campaigns(campaigns)
    feeds = read_feeds(feed, lifetime=timedelta(minutes=lifetime), replay=clock.now() if replay else None)
    _say_problems(loaded, feeds)
    if not loaded.loaded or (strict and (loaded.problems or feeds.rejected)):
        fail("nothing was started: correct the errors above first", EXIT_USAGE)
    _check_writable(out)
    if fresh:
        _forget(settings.data)
    view = run_async(_run(settings, loaded, feeds, out), interrupted="interrupted; run it again to go on")
    console.print(summary_table(view[0], view[1]))
    for name in ("report.html", "contact-sheet.png"):
        say(f"see {out / name}")
    if as_json:
        sys.stdout.write(json.dumps(view[0].summary(view[1]).model_dump(mode="json"), ensure_ascii=False) + "\n")


async def _run(settings: Settings, loaded: Campaigns, feeds: Feeds, out: Path) -> tuple[RunView, float]:
    started = time.monotonic()
    async with Pipeline(settings, on_event=_note_process) as pipeline:
        await asyncio.gather(pipeline.put_in_force(loaded.loaded), pipeline.start_workers())
        await send_signals(pipeline.settings.kafka, feeds.signals)
        await _watch(pipeline, [signal.signal_id for signal in feeds.signals], started)
        assert pipeline.store is not None
        view = await _complete_view(pipeline, loaded, feeds)
        wall = time.monotonic() - started
        export = export_run(view, pipeline.store, out, title="Brushfire run", generated_at=clock.now(), wall_s=wall)
        await asyncio.gather(export, pipeline.stop_workers())  # the workers are done: only the store is needed
    return view, time.monotonic() - started


async def _complete_view(pipeline: Pipeline, loaded: Campaigns, feeds: Feeds) -> RunView:
    """The view of the whole run, read again from all topics: some events may arrive after the last outcome."""
    view = RunView(rate=overall)
    for problem in loaded.problems:
        view.note_problem(str(problem))
    for rejected in feeds.rejected:
        view.reject_input(rejected.file, rejected.place, rejected.reason)
    for event in await read_all(pipeline.settings.kafka, WATCHED):
        view.apply(event)
    return view


async def _watch(pipeline: Pipeline, expected: Sequence[str], started: float) -> None:
    """Follow the run until it is complete. Raises the error of a process that fails permanently."""
    following = asyncio.ensure_future(_follow(pipeline, expected, started))
    failing = asyncio.ensure_future(pipeline.failed())
    try:
        done, _ = await asyncio.wait({following, failing}, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()
    finally:
        for task in (following, failing):
            task.cancel()
        await asyncio.gather(following, failing, return_exceptions=True)


async def _follow(pipeline: Pipeline, expected: Sequence[str], started: float) -> None:
    view = RunView(rate=overall)
    progress = _Progress(view, started)
    with progress:
        async with aclosing(follow(pipeline.settings.kafka, WATCHED)) as events:
            async for event in events:
                if isinstance(event, Event):
                    view.apply(event)
                progress.update()
                if event is None and view.complete(expected):
                    return


class _Progress:
    """A live panel on a terminal, a line now and then elsewhere."""

    def __init__(self, view: RunView, started: float) -> None:
        self._view = view
        self._started = started
        self._updated_at = 0.0
        self._live = Live(console=console, refresh_per_second=4, transient=True) if console.is_terminal else None

    def __enter__(self) -> None:
        if self._live:
            self._live.start()

    def __exit__(self, *_: object) -> None:
        if self._live:
            self._live.stop()

    def update(self) -> None:
        """Show the progress, if the interval has passed."""
        now = time.monotonic()
        if now - self._updated_at < (0.25 if self._live else LINE_EVERY_SECONDS):
            return
        self._updated_at = now
        elapsed = now - self._started
        if self._live:
            self._live.update(progress_panel(self._view, elapsed))
            return
        stages = ", ".join(f"{stage.name} {stage.done}" for stage in self._view.stages())
        say(f"{elapsed:5.0f} s  {stages}")


def _say_problems(loaded: Campaigns, feeds: Feeds) -> None:
    problems: list[InvalidCampaign | str] = [*loaded.problems, *(str(error) for error in feeds.rejected)]
    for problem in problems:
        say(f"left out: {problem}", style="yellow")


def _note_process(name: str, kind: EventKind, detail: str) -> None:
    if kind in {"exited", "restarting", "failed", "unhealthy"}:
        say(f"{name} {kind} {detail}", style="yellow")


def _check_writable(out: Path) -> None:
    """End with advice before the work starts, where the results could not be written."""
    try:
        out.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=out):
            pass
    except OSError as error:
        fail(f"{out}: cannot be written ({error.strerror}); choose another folder with --out", EXIT_USAGE)


def _forget(data: Path) -> None:
    """Remove the data of an earlier run. A folder that is not one is not changed; one in use is refused."""
    directory = DataDirectory(data)
    if not directory.lock_file.exists():
        return
    directory.lock()
    try:
        for folder in (directory.store, directory.ephemeral_store, directory.logs, directory.root / "faust"):
            if folder.exists():
                shutil.rmtree(folder)
    except OSError as error:
        fail(f"{data}: cannot be emptied ({error}); remove it, or name another directory with --data")
    finally:
        directory.unlock()
