"""`brushfire campaigns`: check them, put them in force, see which are."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from infra.campaign_book import CampaignBook, publish
from infra.campaigns import Campaigns, load_campaigns, upload_artwork
from infra.providers.catalogue import open_registry
from infra.providers.registry import Registry
from infra.settings import Settings
from infra.storage.memory_store import MemoryStore
from infra.storage.store import ObjectStore
from routing.prices import draft_usd, refinement_usd
from schemas.campaigns import Campaign
from schemas.errors import InvalidRequest
from workers.cli.shared import ConfigOption, DataOption, console, fail, load_settings, run_async, with_store

app = typer.Typer(no_args_is_help=True, help="Check campaigns, put them in force, see which are.")

DirectoryArgument = Annotated[Path, typer.Argument(help="Folder of campaigns (YAML).")]


@app.command()
def check(directory: DirectoryArgument, config: ConfigOption = None) -> None:
    """Read campaigns and say what is wrong with them: file, line, and what to write instead.

    Example: brushfire campaigns check examples/campaigns
    """
    loaded = load_campaigns(directory)
    registry = open_registry(load_settings(config), MemoryStore())
    notes = [note for entry in loaded.loaded for note in _notes(entry.campaign, registry)]
    console.print(_table([entry.campaign for entry in loaded.loaded]))
    for note in notes:
        console.print(note, style="yellow", markup=False, highlight=False)
    _say(loaded)
    if loaded.problems or notes or not loaded.loaded:
        raise typer.Exit(1)


@app.command()
def push(directory: DirectoryArgument, data: DataOption = None, config: ConfigOption = None) -> None:
    """Put the campaigns of a folder in force on the running stack, in place of those that are.

    Example: brushfire campaigns push examples/campaigns
    """
    loaded = load_campaigns(directory)
    _say(loaded)
    if loaded.problems or not loaded.loaded:
        fail("nothing was changed: mend the campaigns first")

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


def _notes(campaign: Campaign, registry: Registry) -> list[str]:
    """What the models make of a campaign: unknown names, and a budget that pays for nothing."""
    try:
        draft = registry.card(campaign.plan.draft_model)
        refine = registry.card(campaign.plan.refine_model)
    except InvalidRequest as error:
        return [f"{campaign.campaign_id}: {error}"]
    least = draft_usd(draft, campaign) + refinement_usd((refine,), campaign) * len(campaign.formats)
    if campaign.budget.per_brief_usd >= least:
        return []
    note = (
        f"{campaign.campaign_id}: per_brief_usd {campaign.budget.per_brief_usd:g} cannot pay one draft and one "
        f"refinement in {len(campaign.formats)} formats; write at least {least:.6f}"
    )
    return [note]


def _say(loaded: Campaigns) -> None:
    for problem in loaded.problems:
        console.print(str(problem), style="red", markup=False, highlight=False)


def _table(campaigns: list[Campaign]) -> Table:
    table = Table("campaign", "brand", "lane", "markets", "languages", "drafts", "promote", "formats", "$ a brief")
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
