"""`brushfire models`: the image models at hand."""

from __future__ import annotations

import sys

import typer
from rich.table import Table

from infra.providers.catalogue import open_registry
from infra.storage.memory_store import MemoryStore
from schemas.generations import ModelCard
from workers.cli.shared import ConfigOption, JsonOption, console, load_settings

app = typer.Typer(no_args_is_help=True, help="The image models at hand, what they can do and cost.")


@app.command("list")
def list_(as_json: JsonOption = False, config: ConfigOption = None) -> None:
    """List the models with their operations, seeds and dated price priors.

    Example: brushfire models list --json
    """
    cards = open_registry(load_settings(config), MemoryStore()).cards()
    if as_json:
        for card in cards:
            sys.stdout.write(card.model_dump_json() + "\n")
        return
    console.print(_table(cards))


def _table(cards: tuple[ModelCard, ...]) -> Table:
    table = Table("model", "version", "tier", "operations", "seed", "$ an image", "seconds", "as of", "source")
    for card in cards:
        table.add_row(
            card.name,
            card.version,
            card.tier,
            " ".join(card.operations),
            card.seed,
            f"{card.price_usd:.7f}".rstrip("0"),
            f"{card.seconds:g}",
            card.as_of,
            card.source,
        )
    return table
