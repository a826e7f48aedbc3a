"""The cluster's servers on this machine: ``python -m tests.support.cluster install`` and ``... up``."""

from __future__ import annotations

import asyncio
import os
import shlex
import signal
import time
from collections.abc import Coroutine
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from infra.settings import Settings, environment, load
from schemas.errors import BrushfireError
from tests.support.cluster.kafka_install import install_kafka, java
from tests.support.cluster.minio_install import install_minio
from tests.support.cluster.stack import ClusterStack

app = typer.Typer(no_args_is_help=True, add_completion=False, help=__doc__)


@app.command()
def install() -> None:
    """Install Apache Kafka (with Maven) and MinIO (with Go) to the user's cache, unless they are there."""
    began = time.monotonic()
    try:
        java()
        typer.echo(f"Apache Kafka: {install_kafka()}")
        typer.echo("MinIO: is built from its source, which takes minutes where it is not there yet ...")
        typer.echo(f"MinIO: {install_minio()}")
    except BrushfireError as error:
        raise typer.Exit(_say(error)) from None
    typer.echo(f"installed in {time.monotonic() - began:.0f} s")


@app.command()
def up(
    brokers: Annotated[int, typer.Option(help="1, or 3 with three copies of everything.")] = 1,
    secure: Annotated[bool, typer.Option("--secure", help="TLS and SASL for Kafka, TLS for MinIO.")] = False,
    data: Annotated[Path | None, typer.Option(help="Data directory.")] = None,
) -> None:
    """Run the servers until Ctrl-C, and write ``cluster.env`` with the settings by which Brushfire reaches them."""
    if brokers not in {1, 3}:
        raise typer.BadParameter("1 or 3", param_hint="--brokers")
    try:
        asyncio.run(_up(load(**({"data": data} if data else {})), 3 if brokers == 3 else 1, secure))
    except BrushfireError as error:
        raise typer.Exit(_say(error)) from None


async def _up(settings: Settings, brokers: Literal[1, 3], secure: bool) -> None:
    ending = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, ending.set)
    async with ClusterStack(settings, brokers=brokers, secure=secure) as stack:
        file = stack.directory.root / "cluster.env"
        _write(file, stack.settings)
        typer.echo(f"running; in another terminal: set -a; . {shlex.quote(str(file))}")
        try:
            await _either(ending.wait(), stack.failed())
        finally:
            file.unlink()


async def _either(*waits: Coroutine[Any, Any, Any]) -> None:
    tasks = [asyncio.ensure_future(wait) for wait in waits]
    done, waiting = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    for task in waiting:
        task.cancel()
    for task in done:
        task.result()


def _write(file: Path, settings: Settings) -> None:
    """The addresses and how to log in: a file for this user alone, for it has secrets in it."""
    file.unlink(missing_ok=True)
    lines = [
        f"{name}={shlex.quote(value)}\n"
        for name, value in environment(settings).items()
        if name.startswith(("BRUSHFIRE_KAFKA__", "BRUSHFIRE_STORE__"))
    ]
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as out:
        out.writelines(lines)


def _say(error: BrushfireError) -> int:
    typer.echo(str(error), err=True)
    return 1


if __name__ == "__main__":
    app()
