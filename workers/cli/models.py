"""`brushfire models`: the available image models."""

from __future__ import annotations

import sys
from typing import Annotated, Any

import typer
from pydantic import TypeAdapter
from rich.table import Table

from infra import clock
from infra.providers.catalogue import open_catalogue, open_registry
from infra.providers.checking import Checkup, check_models
from infra.providers.http.pricing import price_note
from infra.providers.http.provider import HttpProvider
from infra.providers.registry import Registry
from infra.settings import ListedModel
from infra.storage.memory_store import MemoryStore
from schemas.generations import ModelCard
from workers.cli import trial
from workers.cli.exits import EXIT_TROUBLE
from workers.cli.shared import ConfigOption, JsonOption, console, load_settings, run_async, say

app = typer.Typer(
    no_args_is_help=True, help="The available image models: what they do, what they cost, and whether they answer."
)
app.command("try")(trial.try_)

NameArgument = Annotated[str, typer.Argument(metavar="MODEL", help="The model's name, as `models list` has it.")]
NamesArgument = Annotated[
    list[str] | None, typer.Argument(metavar="[MODEL]...", help="The models' names; without any, all.")
]


@app.command("list")
def list_(as_json: JsonOption = False, config: ConfigOption = None) -> None:
    """List the models with operations, seeds and dated prices; `models show` names the sources of the prices.

    Example: brushfire models list --json
    """
    cards = open_catalogue(load_settings(config)).cards()
    if as_json:
        for card in cards:
            sys.stdout.write(card.model_dump_json() + "\n")
        return
    console.print(_table(cards))


@app.command()
def show(name: NameArgument, as_json: JsonOption = False, config: ConfigOption = None) -> None:
    """Show all that is known of a model: operations, sizes, seed, price, latency, and the sources.

    Example: brushfire models show composer-refine
    """
    registry = open_registry(load_settings(config), MemoryStore())
    known = _known(registry, name)
    if as_json:
        sys.stdout.write(TypeAdapter(dict[str, Any]).dump_json(known).decode() + "\n")
        return
    table = Table(show_header=False)
    for field, value in known.items():
        if value not in (None, "", (), {}, []):
            table.add_row(field.replace("_", " "), _readable(value))
    console.print(table)


@app.command()
def check(names: NamesArgument = None, as_json: JsonOption = False, config: ConfigOption = None) -> None:
    """Check models at their providers, at no cost: address, key, price, and dates of retirement.

    Exit code 1: a model cannot be used.

    Example: brushfire models check gpt-image-2 --json
    """
    checkups = run_async(_checked(open_registry(load_settings(config), MemoryStore()), names))
    for checkup in checkups:
        if as_json:
            sys.stdout.write(TypeAdapter(Checkup).dump_json(checkup).decode() + "\n")
        else:
            _say_checkup(checkup)
    if not all(checkup.good for checkup in checkups):
        raise typer.Exit(EXIT_TROUBLE)


async def _checked(registry: Registry, names: list[str] | None) -> list[Checkup]:
    try:
        return await check_models(registry, names or [card.name for card in registry.cards()], clock.now())
    finally:
        await registry.close()


def _say_checkup(checkup: Checkup) -> None:
    state = checkup.problem or ("the provider answers, and knows the key" if checkup.asked else "runs on this machine")
    say(f"{'ok' if checkup.good else 'no'}  {checkup.model} ({checkup.provider}): {state}")
    say(f"    {', '.join(checkup.operations)}; about ${checkup.price_usd:.4g} an image")
    for warning in checkup.warnings:
        say(f"    {warning}", style="yellow")


def _known(registry: Registry, name: str) -> dict[str, Any]:
    """The model's card and, for a model on the network, its entry in the catalogue."""
    card, provider = registry.card(name), registry.provider(name)
    known: dict[str, Any] = card.model_dump(mode="json")
    if isinstance(provider, HttpProvider):
        listed = provider.listing.find(name)
        known["price"] = price_note(listed)
        more = TypeAdapter(ListedModel).dump_python(listed, mode="json")
        known |= {field: more[field] for field in ("sizes", "ratios", "side_multiple", "tokens", "parameters")}
    return known


def _readable(value: object) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{name}={item}" for name, item in value.items())
    return ", ".join(str(item) for item in value) if isinstance(value, list | tuple) else str(value)


def _table(cards: tuple[ModelCard, ...]) -> Table:
    """One line for each model. Versions and sources are in `show` and in the JSON."""
    table = Table("model", "provider", "tier", "operations", "seed", "$ an image", "seconds", "as of")
    for card in cards:
        table.add_row(
            card.name,
            card.provider,
            card.tier,
            " ".join(card.operations),
            card.seed,
            f"{card.price_usd:.7f}".rstrip("0"),
            f"{card.seconds:g}",
            card.as_of,
        )
    return table
