"""`brushfire review`: the word of a person on a brief that waits for it."""

from __future__ import annotations

import getpass
from typing import Annotated, Literal

import typer

from infra import clock
from infra.kafka.bus import Bus
from schemas.reviews import Review
from schemas.topics import REVIEWS
from workers.cli.shared import ConfigOption, DataOption, console, load_settings, run_async, running


def review(
    brief: Annotated[str, typer.Argument(help="The brief's id.")],
    decision: Annotated[Literal["approve", "reject"], typer.Argument(help="What you say of it.")],
    candidate: Annotated[
        list[str] | None, typer.Option("--candidate", help="Only this draft may go up; can be given more than once.")
    ] = None,
    note: Annotated[str, typer.Option("--note", help="Why, for the record.")] = "",
    reviewer: Annotated[str, typer.Option("--reviewer", help="Who says so.")] = "",
    data: DataOption = None,
    config: ConfigOption = None,
) -> None:
    """Approve or reject a brief whose campaign asks for a review before refinement.

    Example: brushfire review brf-0123456789abcdef0123 approve --candidate drf-0123456789abcdef0123
    """
    settings = running(load_settings(config, data=data))
    word = Review(
        brief_id=brief,
        decision=decision,
        candidates=tuple(candidate or ()),
        reviewer=reviewer or getpass.getuser(),
        note=note,
        reviewed_at=clock.now(),
    )

    async def send() -> None:
        async with Bus(settings.kafka.addresses or ()) as bus:
            await bus.send(REVIEWS, brief, word)

    run_async(send())
    console.print(f"{brief}: {decision}", markup=False, highlight=False)
