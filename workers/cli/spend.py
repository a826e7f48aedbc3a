"""`brushfire spend`: estimates, reservations, costs, and payments that brought no image."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from typing import Annotated

import typer

from infra import clock
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
from workers.cli.spending_reader import SpendingReader, days_between
from workers.reporting.spending import Grouping, rows, total
from workers.reporting.tables import spending_table

DayOption = Annotated[
    datetime | None, typer.Option("--day", formats=["%Y-%m-%d"], help="One day (UTC); by default today.")
]
SinceOption = Annotated[
    datetime | None, typer.Option("--since", formats=["%Y-%m-%d"], help="From this day (UTC) to today.")
]


def spend(
    campaign: Annotated[str | None, typer.Option("--campaign", help="One campaign; by default all.")] = None,
    day: DayOption = None,
    since: SinceOption = None,
    by: Annotated[Grouping, typer.Option("--by", help="What a line is for.")] = "campaign",
    data: DataOption = None,
    as_json: JsonOption = False,
    config: ConfigOption = None,
) -> None:
    """Show the estimate, the reservation and the cost of briefs, and payments that brought no image.

    The day of a brief is the day of its creation, in UTC. With --by model the ledger is read, which keeps 30 days.
    The last line of --json is the total.

    Example: brushfire spend

    Example: brushfire spend --since 2026-11-01 --by model

    Example: brushfire spend --campaign farholm-getaways --day 2026-11-22 --by brief --json
    """
    today = clock.now().astimezone(UTC).date()
    if day is not None and since is not None:
        fail("--day and --since exclude each other; give one of them", EXIT_USAGE)
    asked = day or since
    first = asked.date() if asked is not None else today
    last = first if day is not None else today
    if first > today:
        fail(f"{'--day' if day else '--since'} {first} is after today, {today} (UTC)", EXIT_USAGE)
    settings = load_settings(config, data=data)
    found = run_async(
        with_store(
            settings,
            lambda store: SpendingReader(store, images=by == "model").read(days_between(first, last), campaign),
        )
    )
    lines, whole = rows(found, by), total(found, by)
    if as_json:
        sys.stdout.writelines(f"{row.model_dump_json()}\n" for row in (*lines, whole))
    elif not found:
        whose = f" by {campaign}" if campaign else ""
        say(f"nothing was reserved or spent{whose} from {first} to {last} (UTC)")
    else:
        console.print(spending_table(lines, whole, by))
