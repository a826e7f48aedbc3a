"""`brushfire dead-letters`: messages that could not be handled, to be shown, replayed or dropped."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Annotated, Final, Literal

import typer
from rich.table import Table

from infra.kafka.bus import Bus
from infra.settings import Settings
from infra.storage.store import ObjectStore
from schemas.base import Event
from schemas.dead_letters import DeadLetter
from schemas.identifiers import digest
from schemas.topics import DEAD_LETTERS
from workers.cli.shared import (
    ConfigOption,
    DataOption,
    JsonOption,
    console,
    events_of,
    fail,
    load_settings,
    print_json,
    run_async,
    running,
    say,
    with_store,
)
from workers.reporting.words import styled

app = typer.Typer(no_args_is_help=True, help="Messages that could not be handled: list, show, replay or drop them.")

Fate = Literal["replayed", "dropped"]
MARKS: Final = "dead-letters/"
"""Prefix of the objects that record a dead letter's fate, by its id."""

IdsArgument = Annotated[list[str] | None, typer.Argument(help="Ids, as `brushfire dead-letters list` shows them.")]
TopicOption = Annotated[str, typer.Option("--topic", help="Only those of this topic.")]
WorkerOption = Annotated[str, typer.Option("--worker", help="Only those of this worker.")]
ErrorOption = Annotated[str, typer.Option("--error", help="Only those of this error, such as Unavailable.")]
AllOption = Annotated[bool, typer.Option("--all", help="All open ones.")]


def letter_id(letter: DeadLetter) -> str:
    """The id of a dead letter: the same for the same message failing again at the same place."""
    return "let-" + digest((letter.topic, letter.partition, letter.offset, letter.worker))


@app.command("list")
def list_(
    topic: TopicOption = "",
    worker: WorkerOption = "",
    error: ErrorOption = "",
    every: Annotated[bool, typer.Option("--all", help="Also those that were replayed or dropped.")] = False,
    data: DataOption = None,
    as_json: JsonOption = False,
    config: ConfigOption = None,
) -> None:
    """List the open dead letters.

    Example: brushfire dead-letters list --worker refiner
    """
    settings = running(load_settings(config, data=data))
    letters = _filtered(_open(settings, every=every), topic, worker, error)
    if as_json:
        print_json(list[Event](letters.values()))
        return
    table = Table("id", "at", "worker", "topic", "tries", "error", "reason")
    for name, letter in letters.items():
        cells = (name, f"{letter.failed_at:%H:%M:%S}", letter.worker, letter.topic, str(letter.attempts))
        table.add_row(*(styled(cell) for cell in (*cells, letter.error, letter.reason)))
    console.print(table)


@app.command()
def show(
    letter: Annotated[str, typer.Argument(help="The id of a dead letter.")],
    data: DataOption = None,
    config: ConfigOption = None,
) -> None:
    """Show a whole dead letter, with the message in it.

    Example: brushfire dead-letters show let-0123456789abcdef0123
    """
    settings = running(load_settings(config, data=data))
    found = _open(settings, every=True).get(letter)
    if found is None:
        fail(f"there is no dead letter {letter!r}: `brushfire dead-letters list --all` shows them")
    fields = found.model_dump(mode="json", exclude={"key", "value"})
    say(json.dumps(fields, indent=2, ensure_ascii=False))
    say(_readable(found.value or b""))


@app.command()
def replay(
    ids: IdsArgument = None,
    every: AllOption = False,
    topic: TopicOption = "",
    worker: WorkerOption = "",
    error: ErrorOption = "",
    data: DataOption = None,
    config: ConfigOption = None,
) -> None:
    """Send messages back to their topics. Jobs that were paid are in the ledger and are not paid again.

    Example: brushfire dead-letters replay --all --error Unavailable
    """
    settings = running(load_settings(config, data=data))
    chosen = _chosen(settings, ids, every, topic, worker, error)

    async def work(store: ObjectStore) -> None:
        async with Bus(settings.kafka) as bus:
            for name, letter in chosen.items():
                if letter.value is not None:
                    await bus.send_bytes(letter.topic, letter.key, letter.value)
                await _mark(store, name, "replayed")

    run_async(with_store(settings, work))
    say(f"{len(chosen)} sent back")


@app.command()
def drop(
    ids: IdsArgument = None,
    every: AllOption = False,
    topic: TopicOption = "",
    worker: WorkerOption = "",
    error: ErrorOption = "",
    data: DataOption = None,
    config: ConfigOption = None,
) -> None:
    """Take dead letters off the list. The topic keeps them until its retention time is over.

    Example: brushfire dead-letters drop let-0123456789abcdef0123
    """
    settings = running(load_settings(config, data=data))
    chosen = _chosen(settings, ids, every, topic, worker, error)

    async def work(store: ObjectStore) -> None:
        for name in chosen:
            await _mark(store, name, "dropped")

    run_async(with_store(settings, work))
    say(f"{len(chosen)} dropped")


def _open(settings: Settings, *, every: bool) -> dict[str, DeadLetter]:
    """The dead letters by id; those already replayed or dropped only with `every`."""
    letters = [event for event in run_async(events_of(settings, [DEAD_LETTERS])) if isinstance(event, DeadLetter)]
    done = set() if every else run_async(with_store(settings, _marked))
    return {name: letter for letter in letters if (name := letter_id(letter)) not in done}


def _chosen(
    settings: Settings, ids: Sequence[str] | None, every: bool, topic: str, worker: str, error: str
) -> dict[str, DeadLetter]:
    if not ids and not every:
        fail("name the dead letters by id, or say --all (with --topic, --worker, --error if only some are meant)", 2)
    letters = _filtered(_open(settings, every=False), topic, worker, error)
    unknown = sorted(set(ids or ()) - letters.keys())
    if unknown:
        fail(f"no open dead letter: {', '.join(unknown)}; `brushfire dead-letters list` shows them")
    return {name: letter for name, letter in letters.items() if not ids or name in ids}


def _filtered(letters: dict[str, DeadLetter], topic: str, worker: str, error: str) -> dict[str, DeadLetter]:
    return {
        name: letter
        for name, letter in letters.items()
        if topic in {"", letter.topic} and worker in {"", letter.worker} and error in {"", letter.error}
    }


async def _marked(store: ObjectStore) -> set[str]:
    return {key.removeprefix(MARKS) async for key in store.keys(MARKS)}


async def _mark(store: ObjectStore, name: str, fate: Fate) -> None:
    await store.put(f"{MARKS}{name}", fate.encode())


def _readable(value: bytes) -> str:
    """A message's bytes for people: JSON indented, anything else as a Python literal."""
    try:
        return json.dumps(json.loads(value), indent=2, ensure_ascii=False)
    except ValueError:
        return repr(value)
