"""`brushfire dead-letters`: what could not be handled, and why."""

from __future__ import annotations

import typer
from rich.table import Table

from schemas.dead_letters import DeadLetter
from schemas.topics import DEAD_LETTERS
from workers.cli.shared import (
    ConfigOption,
    DataOption,
    JsonOption,
    console,
    events_of,
    load_settings,
    print_json,
    run_async,
)

app = typer.Typer(no_args_is_help=True, help="What could not be handled, and why.")


@app.command("list")
def list_(data: DataOption = None, as_json: JsonOption = False, config: ConfigOption = None) -> None:
    """List the dead letters of the running stack.

    Example: brushfire dead-letters list --json
    """
    events = run_async(events_of(load_settings(config, data=data), [DEAD_LETTERS]))
    letters = [event for event in events if isinstance(event, DeadLetter)]
    if as_json:
        print_json(letters)
        return
    table = Table("at", "worker", "topic", "place", "error", "reason")
    for letter in letters:
        place = f"{letter.partition}:{letter.offset}"
        table.add_row(f"{letter.failed_at:%H:%M:%S}", letter.worker, letter.topic, place, letter.error, letter.reason)
    console.print(table, markup=False)
