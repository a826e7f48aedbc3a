"""The commands and their groups: `brushfire --help`."""

from __future__ import annotations

import sys
from importlib.metadata import version
from typing import Annotated

import typer

from workers.cli import (
    calibrate,
    campaigns,
    compose,
    dead_letters,
    doctor,
    models,
    results,
    review,
    run,
    spend,
    up,
    worker,
)

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Answers a trend while it is still one: many cheap drafts, few expensive refinements, finished ad images.",
)
app.command()(run.run)
app.command()(up.up)
app.command()(up.feed)
app.command()(worker.worker)
app.command()(compose.compose)
app.command()(results.signals)
app.command()(results.outcomes)
app.command()(results.assets)
app.command()(results.lineage)
app.command()(spend.spend)
app.command()(review.review)
app.command()(review.release)
app.add_typer(campaigns.app, name="campaigns")
app.add_typer(models.app, name="models")
app.command()(calibrate.calibrate)
app.command()(calibrate.alarms)
app.add_typer(dead_letters.app, name="dead-letters")
app.command()(doctor.doctor)


def _version(asked: bool) -> None:
    if asked:
        sys.stdout.write(f"brushfire {version('brushfire')}\n")
        raise typer.Exit


@app.callback()
def options(
    _: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="Say which version.")] = False,
) -> None:
    """Options of every command."""
