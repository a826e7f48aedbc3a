"""What the commands share: options, settings, the running stack, output and errors."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from importlib import import_module
from pathlib import Path
from typing import Annotated, Any, Final, NoReturn, TypeVar

import typer
from rich.console import Console

from infra import settings as settings_module
from infra.kafka.tail import read_all
from infra.local.discovery import read_running
from infra.settings import Settings
from infra.storage.minio_store import MinioStore
from infra.storage.store import ObjectStore
from schemas.base import Event
from schemas.errors import BrushfireError
from schemas.topics import Topic
from workers.cli.exits import EXIT_INTERRUPTED, EXIT_TROUBLE
from workers.cli.interrupts import Interrupted, children, interruptible

T = TypeVar("T")

console: Final = Console(stderr=True)
"""Output for people. Output for programs goes to standard output."""
if not console.is_terminal and "COLUMNS" not in os.environ:
    console.width = 160  # a log is not as narrow as the terminal that rich assumes

ConfigOption = Annotated[
    Path | None, typer.Option("--config", help="Settings file (TOML); by default BRUSHFIRE_CONFIG or ./brushfire.toml.")
]
DataOption = Annotated[Path | None, typer.Option("--data", help="Data directory of the embedded stack.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON, one document a line, for programs.")]


def fail(message: str, code: int = EXIT_TROUBLE) -> NoReturn:
    """Print an error and end with `code`."""
    say(f"brushfire: {message}", style="bold red")
    raise typer.Exit(code)


def say(message: str, *, style: str = "") -> None:
    """Print a message for people. Lines are not broken, so that paths can be copied; markup has no effect."""
    console.print(message, style=style, markup=False, highlight=False, soft_wrap=True)


def load_settings(config: Path | None, **overrides: Any) -> Settings:
    """The settings, with those `overrides` that are not None."""
    return settings_module.load(config, **{key: value for key, value in overrides.items() if value is not None})


def check_own_models(settings: Settings) -> str:
    """Load the user's own models and try them; returns in words what there is.

    A worker that cannot load its model would fail again at every restart, so this is checked before anything starts.
    OpenCV is imported only where a model is named.

    Raises:
        InvalidSettings: A model cannot be used; the message says what to write instead.
    """
    if not settings.alignment.is_on:
        return "off, optional: docs/scoring.md says how to give it a CLIP model"
    (check,) = import_module("infra.programs.own_clip").alignment_checks(settings.alignment)
    return f"{check.name} ({check.version})"


def run_async(work: Coroutine[Any, Any, T], *, interrupted: str = "interrupted") -> T:
    """Run `work` to its end. An error or an interrupt ends the command with a message."""
    try:
        return asyncio.run(interruptible(work, _say_stopping))
    except BrushfireError as error:
        fail(str(error))
    except Interrupted:
        fail(interrupted, EXIT_INTERRUPTED)


def run_until_interrupted(work: Coroutine[Any, Any, None]) -> None:
    """Run `work` until it is interrupted, which is how it is meant to end."""
    try:
        asyncio.run(interruptible(work, _say_stopping))
    except BrushfireError as error:
        fail(str(error))
    except Interrupted:
        say("stopped")


def _say_stopping() -> None:
    if children():
        say("stopping: waiting for the jobs in flight; Ctrl-C again stops at once", style="dim")


def running(settings: Settings) -> Settings:
    """The settings with the addresses of the running stack. Ends with advice where no stack is running."""
    if settings.kafka.addresses and settings.store.endpoint:
        return settings
    found = read_running(settings)
    if found is None:
        fail(
            f"no stack is running on {settings.data}: start one with `brushfire up`, name its data directory with "
            "--data, or point --out at the folder of a finished run"
        )
    return found


async def with_store(settings: Settings, work: Callable[[ObjectStore], Awaitable[T]]) -> T:
    """Run `work` with the object store of the running stack."""
    async with MinioStore(running(settings).store) as store:
        return await work(store)


async def events_of(settings: Settings, topics: Sequence[Topic]) -> list[Event]:
    """All events of `topics` on the running stack."""
    return await read_all(running(settings).kafka, topics)


def print_json(events: Sequence[Event]) -> None:
    """Print events as JSON lines."""
    for event in events:
        sys.stdout.write(event.model_dump_json() + "\n")
