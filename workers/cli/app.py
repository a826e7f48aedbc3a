"""The commands and their groups. Each command's module is imported when the command is called, not for `--help`."""

from __future__ import annotations

import sys
from importlib import import_module
from importlib.metadata import version
from typing import Annotated, Any, Final

import typer
from typer.core import TyperCommand, TyperGroup

from workers.runtime.launching import warm_up

COMMANDS: Final = {
    "run": ("run:run", "Turn feeds into finished assets, write the report, stop everything."),
    "up": ("up:up", "Run the broker, the object store and every worker here, until Ctrl-C."),
    "feed": ("up:feed", "Send the signals of feeds to the running stack."),
    "worker": ("worker:worker", "Run one worker until Ctrl-C; start it again, or more of it elsewhere, to scale."),
    "compose": (
        "compose:compose",
        "Draw ads of a campaign with the composer, without any server: to try a brand kit or its copy.",
    ),
    "signals": ("results:signals", "List the signals that came in."),
    "outcomes": ("results:outcomes", "List the outcome of every signal and brief, with its reason."),
    "assets": ("results:assets", "List the finished assets."),
    "lineage": (
        "results:lineage",
        "Show the chain from an asset back to its signal: models, prompts, seeds, scores, decisions, prices.",
    ),
    "spend": (
        "spend:spend",
        "Show the estimate, the reservation and the cost of briefs, and payments that brought no image.",
    ),
    "review": (
        "review:review",
        (
            "Approve or reject a brief whose campaign asks for a review before refinement, or one refinement that "
            "drifted."
        ),
    ),
    "release": ("review:release", "Let a held signal through after you have read it. A blocked signal stays blocked."),
    "campaigns": ("campaigns:app", "Check campaigns, put them in force, list those in force."),
    "models": ("models:app", "The available image models: what they do, what they cost, and whether they answer."),
    "calibrate": (
        "calibrate:calibrate",
        ("Draw the golden briefs with a version of a model, report what changed, and put the calibration in force."),
    ),
    "alarms": (
        "calibrate:alarms",
        "Report models whose images changed while their version did not. Exit code 1: there are some.",
    ),
    "dead-letters": ("dead_letters:app", "Messages that could not be handled: list, show, replay or drop them."),
    "doctor": ("doctor:doctor", "Check this machine: Python, servers, fonts, text shaping, disk."),
}
"""By name: the module of this package with the function or group, and the first sentence of its help."""


START_WORKERS: Final = frozenset({"run", "up"})
"""Their workers are forked from a process that takes seconds to import: it begins before they are imported."""


class Commands(TyperGroup):
    """The group of all commands. For its own help it knows their summaries; it imports what is called."""

    def __init__(self, **attributes: Any) -> None:
        summaries = {name: TyperCommand(name, help=summary) for name, (_, summary) in COMMANDS.items()}
        super().__init__(**{**attributes, "commands": summaries})

    def resolve_command(self, ctx: Any, args: list[str]) -> tuple[str | None, Any, list[str]]:
        """The command that `args` call, imported, and the arguments behind its name."""
        name, command, rest = super().resolve_command(ctx, args)
        if name in START_WORKERS and "--help" not in rest:
            warm_up()
        return name, load_command(name) if name else command, rest


def load_command(name: str) -> Any:
    """The command or group `name`, from its module."""
    module, _, attribute = COMMANDS[name][0].partition(":")
    found = getattr(import_module(f"workers.cli.{module}"), attribute)
    if isinstance(found, typer.Typer):
        return typer.main.get_group(found)
    alone = typer.Typer(add_completion=False)
    alone.command(name)(found)
    return typer.main.get_command(alone)


app = typer.Typer(
    cls=Commands,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Answers a trend while it is still one: many cheap drafts, few expensive refinements, finished ad images.",
)


def _version(asked: bool) -> None:
    if asked:
        sys.stdout.write(f"brushfire {version('brushfire')}\n")
        raise typer.Exit


@app.callback()
def options(
    _: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="Say which version.")] = False,
) -> None:
    """Options of every command."""
