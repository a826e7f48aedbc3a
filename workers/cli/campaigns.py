"""`brushfire campaigns`: check them, put them in force, list those in force."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich import box
from rich.table import Table

from infra import clock
from infra.campaigns.book import CampaignBook, publish
from infra.campaigns.reading import Campaigns, load_campaigns, upload_artwork
from infra.providers.catalogue import open_catalogue
from infra.settings import Settings
from infra.storage.store import ObjectStore
from schemas.campaigns import Campaign
from schemas.errors import InvalidSettings
from workers.cli.campaign_notes import notes, retirements, unread
from workers.cli.shared import (
    ConfigOption,
    DataOption,
    check_own_models,
    console,
    fail,
    load_settings,
    run_async,
    with_store,
)

app = typer.Typer(no_args_is_help=True, help="Check campaigns, put them in force, list those in force.")

DirectoryArgument = Annotated[Path, typer.Argument(help="Folder of campaigns (YAML).")]


@app.command()
def check(directory: DirectoryArgument, config: ConfigOption = None) -> None:
    """Check campaigns: print file, line and what to write instead for each error.

    Example: brushfire campaigns check examples/campaigns
    """
    loaded = load_campaigns(directory)
    settings = load_settings(config)
    catalogue = open_catalogue(settings)
    found = [note for entry in loaded.loaded for note in notes(entry.campaign, catalogue)]
    found += _unusable_models(settings)
    console.print(_table([entry.campaign for entry in loaded.loaded]))
    for note in found:
        console.print(note, style="yellow", markup=False, highlight=False)
    for line in sorted(
        {line for entry in loaded.loaded for line in retirements(entry.campaign, catalogue, clock.now())}
    ):
        console.print(line, style="yellow", markup=False, highlight=False)
    for line in (line for entry in loaded.loaded for line in unread(entry.campaign)):
        console.print(line, style="yellow", markup=False, highlight=False)
    _say(loaded)
    if loaded.problems or found or not loaded.loaded:
        raise typer.Exit(1)


@app.command()
def push(directory: DirectoryArgument, data: DataOption = None, config: ConfigOption = None) -> None:
    """Put the campaigns of a folder in force on the running stack, in place of the present ones.

    Example: brushfire campaigns push examples/campaigns
    """
    loaded = load_campaigns(directory)
    _say(loaded)
    if loaded.problems or not loaded.loaded:
        fail("nothing was changed: correct the campaigns first")

    async def work(store: ObjectStore) -> None:
        ready = [await upload_artwork(entry.campaign, entry.path.parent, store) for entry in loaded.loaded]
        await publish(store, ready)

    run_async(with_store(load_settings(config, data=data), work))
    console.print(f"{len(loaded.loaded)} campaigns are in force", highlight=False)


@app.command("list")
def list_(data: DataOption = None, config: ConfigOption = None) -> None:
    """List the campaigns in force on the running stack.

    Example: brushfire campaigns list
    """
    settings: Settings = load_settings(config, data=data)
    found = run_async(with_store(settings, lambda store: CampaignBook(store).campaigns()))
    console.print(_table([campaign for campaign, _ in found]))


def _unusable_models(settings: Settings) -> list[str]:
    try:
        check_own_models(settings)
    except InvalidSettings as error:
        return [str(error)]
    return []


def _say(loaded: Campaigns) -> None:
    for problem in loaded.problems:
        console.print(str(problem), style="red", markup=False, highlight=False)


def _table(campaigns: list[Campaign]) -> Table:
    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0))
    table.add_column("campaign", no_wrap=True)
    for heading in ("brand", "lane", "markets", "languages", "drafts", "promote", "formats", "$ a brief"):
        table.add_column(heading, overflow="fold")
    for campaign in campaigns:
        table.add_row(
            campaign.campaign_id,
            campaign.brand.name,
            campaign.lane,
            " ".join(campaign.answers.markets),
            " ".join(campaign.answers.languages),
            str(campaign.plan.drafts),
            str(campaign.plan.promote),
            " ".join(form.name for form in campaign.formats),
            f"{campaign.budget.per_brief_usd:g}",
        )
    return table
