"""`brushfire review` and `brushfire release`: a person's decision on what waits for one."""

from __future__ import annotations

import getpass
from typing import Annotated, Literal

import typer

from infra import clock
from infra.kafka.bus import Bus
from infra.settings import Settings
from schemas.base import Event
from schemas.identifiers import topic_key
from schemas.reviews import Review
from schemas.signals import Signal
from schemas.topics import REVIEWS, SIGNALS, Topic
from workers.cli.shared import (
    ConfigOption,
    DataOption,
    events_of,
    fail,
    load_settings,
    run_async,
    running,
    say,
)


def review(
    brief: Annotated[str, typer.Argument(help="The brief's id.")],
    decision: Annotated[Literal["approve", "reject"], typer.Argument(help="Your decision.")],
    candidate: Annotated[
        list[str] | None, typer.Option("--candidate", help="Only this draft may go up; can be given more than once.")
    ] = None,
    refinement: Annotated[
        str | None, typer.Option("--refinement", help="The decision is on this refinement, which drifted.")
    ] = None,
    note: Annotated[str, typer.Option("--note", help="Why, for the record.")] = "",
    reviewer: Annotated[str, typer.Option("--reviewer", help="Your name; by default the user's.")] = "",
    data: DataOption = None,
    config: ConfigOption = None,
) -> None:
    """Approve or reject a brief whose campaign asks for a review before refinement, or one refinement that drifted.

    Examples:
      brushfire review brf-0123456789abcdef0123 approve --candidate drf-0123456789abcdef0123
      brushfire review brf-0123456789abcdef0123 reject --refinement ref-0123456789abcdef0123 --note "wrong face"
    """
    if refinement and candidate:
        fail("--candidate names drafts that may go up, --refinement one that came back: give one of the two")
    settings = running(load_settings(config, data=data))
    decided = Review(
        brief_id=brief,
        decision=decision,
        candidates=tuple(candidate or ()),
        refinement=refinement,
        reviewer=reviewer or getpass.getuser(),
        note=note,
        reviewed_at=clock.now(),
    )

    run_async(_send(settings, REVIEWS, brief, decided))
    say(f"{refinement or brief}: {decision}")


def release(
    signal: Annotated[str, typer.Argument(help="The id of a signal that is held.")],
    reviewer: Annotated[str, typer.Option("--reviewer", help="Your name; by default the user's.")] = "",
    data: DataOption = None,
    config: ConfigOption = None,
) -> None:
    """Let a held signal through after you have read it. A blocked signal stays blocked.

    Example: brushfire release sig-0123456789abcdef0123
    """
    settings = running(load_settings(config, data=data))
    seen = run_async(events_of(settings, [SIGNALS]))
    found = next((each for each in seen if isinstance(each, Signal) and each.signal_id == signal), None)
    if found is None:
        fail(f"there is no signal {signal!r}: `brushfire signals` lists them")
    cleared = found.model_copy(update={"cleared_by": reviewer or getpass.getuser()})
    run_async(_send(settings, SIGNALS, topic_key(found.topic, found.market), cleared))
    say(f"{signal}: released; `brushfire outcomes` shows its outcome")


async def _send(settings: Settings, topic: Topic, key: str, event: Event) -> None:
    async with Bus(settings.kafka) as bus:
        await bus.send(topic, key, event)
