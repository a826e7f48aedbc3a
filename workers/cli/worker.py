"""`brushfire worker NAME`: one worker process, on the embedded stack or on a cluster."""

from __future__ import annotations

from typing import Annotated

import typer

from workers.cli.shared import ConfigOption, DataOption, load_settings, run_async, running
from workers.runtime.kinds import WorkerKind, concurrency_of, run_kind
from workers.runtime.worker import quiet_libraries


def worker(
    name: Annotated[WorkerKind, typer.Argument(help="Which worker to run.")],
    concurrency: Annotated[
        int | None,
        typer.Option("--concurrency", min=1, max=1024, help="Jobs at once; router and promoter work on one."),
    ] = None,
    data: DataOption = None,
    config: ConfigOption = None,
) -> None:
    """Run one worker until Ctrl-C; start it again, or more of it elsewhere, to scale.

    It joins the running embedded stack, or the cluster that the settings name. On SIGTERM or Ctrl-C it
    finishes its jobs in flight.

    Example: brushfire worker drafter --concurrency 64
    """
    quiet_libraries()
    settings = running(load_settings(config, data=data))
    slots = concurrency_of(name, settings)
    if concurrency is not None and slots > 1:
        slots = concurrency
    run_async(run_kind(name, settings, slots))
