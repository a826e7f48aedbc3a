"""`brushfire compose`: a campaign and a topic to images, at once and without a server."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Final

import typer
from pydantic import JsonValue

from imaging.composer import ComposerProvider
from imaging.composer.scene.axes import GROUNDS, LAYOUTS, MOODS, SCHEMES
from infra import clock
from infra.campaigns.reading import load_campaign, upload_artwork
from infra.providers.base import Generation
from infra.providers.composer_models import DRAFT, REFINE
from infra.storage.memory_store import MemoryStore
from routing.planning.matching import copy_language
from routing.planning.plan import prompt_for
from schemas.briefs import Brief
from schemas.campaigns import Campaign, Format
from schemas.errors import BrushfireError, StoreError
from schemas.generations import GenerationRequest
from workers.cli.brief_file import read_brief
from workers.cli.contact_sheet import contact_sheet
from workers.cli.sample_brief import sample_brief
from workers.cli.shared import fail, run_until_interrupted, say

SHEET_DRAFTS: Final = 12
_LOOKED_EVERY: Final = 0.5
"""Seconds between two looks for a change."""

CampaignArgument = Annotated[Path, typer.Argument(help="Campaign (YAML) or brief (JSON), its images beside it.")]
TopicOption = Annotated[str, typer.Option(help="The trend that the ad answers; a brief brings its own.")]
LanguageOption = Annotated[str | None, typer.Option(help="Language of the copy; else the campaign's first.")]
FormatOption = Annotated[str | None, typer.Option("--format", help="Format; else that of the campaign's drafts.")]
SeedOption = Annotated[int, typer.Option(min=0, max=0x7FFF_FFFF, help="The first image's seed.")]
CountOption = Annotated[int | None, typer.Option(min=1, max=200, help="Images (1, or 12 with --sheet).")]
OutOption = Annotated[Path, typer.Option(help="Where to write the image (JPEG).")]
FinalOption = Annotated[bool, typer.Option("--final", help="At the format's full size, lit and grained.")]
SheetOption = Annotated[bool, typer.Option("--sheet", help="One contact sheet instead of single images.")]
WatchOption = Annotated[bool, typer.Option("--watch", help="Draw again whenever the campaign or an image changes.")]
LikeOption = Annotated[bool, typer.Option("--like", help="More like --seed: its layout, colours, ground and product.")]
LayoutOption = Annotated[str | None, typer.Option(help=f"One of {', '.join(LAYOUTS)}.")]
GroundOption = Annotated[str | None, typer.Option(help=f"One of {', '.join(GROUNDS)}.")]
SchemeOption = Annotated[str | None, typer.Option(help=f"Leading colour: {', '.join(SCHEMES)}.")]
MoodOption = Annotated[str | None, typer.Option(help=f"How light the ground is: {', '.join(MOODS)}.")]
AxesOption = Annotated[bool, typer.Option("--axes", help="Print each image's named axes as JSON.")]


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to be drawn, and where to."""

    path: Path
    topic: str
    language: str | None
    form: str | None
    seed: int
    count: int
    out: Path
    final: bool
    sheet: bool
    like: bool = False
    axes: tuple[tuple[str, str], ...] = ()
    tell: bool = False


def compose(
    campaign: CampaignArgument,
    topic: TopicOption = "your topic",
    language: LanguageOption = None,
    form: FormatOption = None,
    seed: SeedOption = 0,
    count: CountOption = None,
    out: OutOption = Path("compose.jpg"),
    final: FinalOption = False,
    sheet: SheetOption = False,
    watch: WatchOption = False,
    like: LikeOption = False,
    layout: LayoutOption = None,
    ground: GroundOption = None,
    scheme: SchemeOption = None,
    mood: MoodOption = None,
    axes: AxesOption = False,
) -> None:
    """Draw ads of a campaign with the composer, without any server: to try a brand kit or its copy.

    Twelve to choose from: brushfire compose examples/campaigns/farholm.yaml --topic "autumn leaves" --sheet

    More like the one of seed 7: brushfire compose examples/campaigns/farholm.yaml --seed 7 --like --sheet

    The same, but darker: brushfire compose examples/campaigns/farholm.yaml --seed 7 --mood dark

    What a seed chose: brushfire compose examples/campaigns/farholm.yaml --seed 7 --axes
    """
    named = {"layout": layout, "ground": ground, "scheme": scheme, "mood": mood}
    fixed = tuple((name, value) for name, value in named.items() if value is not None)
    number = count or (SHEET_DRAFTS if sheet else 1)
    wish = Wish(campaign, topic, language, form, seed, number, out, final, sheet, like, fixed, axes)
    if watch:
        run_until_interrupted(_watched(wish))
        return
    try:
        asyncio.run(_composed(wish))
    except BrushfireError as error:
        fail(str(error))


async def _composed(wish: Wish) -> None:
    """Draw once. Raises a `BrushfireError` where the campaign, the brief or the wish is wrong."""
    store = MemoryStore()
    brief = await _brief(wish, store)
    provider = ComposerProvider(lambda key: _read(store, key))
    try:
        requests = list(_requests(brief, wish))
        drawn = [await provider.collect(await provider.submit(request)) for request in requests]
    finally:
        await provider.close()
    for path in await asyncio.to_thread(_written, drawn, wish):
        say(str(path))
    if wish.tell:
        for image in drawn:
            print(json.dumps({"seed": image.seed_returned, **_scene(image)}))  # noqa: T201 - for programs


def _scene(image: Generation) -> dict[str, JsonValue]:
    """The axes that an image was drawn from."""
    scene = image.parameters["scene"]
    return scene if isinstance(scene, dict) else {}


async def _brief(wish: Wish, store: MemoryStore) -> Brief:
    """The brief to be drawn, its images in `store`: as a file holds it, or as a campaign would give it."""
    if wish.path.suffix == ".json":
        return await read_brief(wish.path, store)
    loaded, problems = load_campaign(wish.path)
    if loaded is None:
        raise BrushfireError("\n".join(str(problem) for problem in problems))
    ready = await upload_artwork(loaded, wish.path.parent, store)
    return sample_brief(ready, wish.topic, _language(ready, wish.language), clock.now())


async def _watched(wish: Wish) -> None:
    """Draw now and after every change, until interrupted. What is wrong is said, and the next change waited for."""
    seen: tuple[tuple[Path, int], ...] | None = None
    while True:
        now = await asyncio.to_thread(_stamps, wish.path.parent)
        if now != seen:
            seen = now
            try:
                await _composed(wish)
            except BrushfireError as error:
                say(str(error), style="bold red")
        await asyncio.sleep(_LOOKED_EVERY)


def _requests(brief: Brief, wish: Wish) -> Iterator[GenerationRequest]:
    form = _form(brief, wish.form)
    parameters: dict[str, JsonValue] = {"axes": dict(wish.axes)} if wish.axes else {}
    for variant in range(wish.count):
        yield GenerationRequest(
            job_id=f"compose-{wish.seed + variant}",
            operation="text-to-image",
            model=REFINE if wish.final else DRAFT,
            prompt=prompt_for(brief, variant),
            size=form.size if wish.final else form.size.scaled_to(brief.plan.draft_long_side),
            safe_area=form.safe_area,
            seed=(wish.seed + variant) & 0x7FFF_FFFF,
            parameters={**parameters, "like": wish.seed} if wish.like else parameters,
        )


def _form(brief: Brief, name: str | None) -> Format:
    if name is None:
        return brief.draft_format
    found = next((form for form in brief.formats if form.name == name), None)
    if found is None:
        known = ", ".join(form.name for form in brief.formats)
        raise BrushfireError(f"the campaign has no format {name!r}; it has {known}")
    return found


def _language(campaign: Campaign, wanted: str | None) -> str:
    offered = tuple(campaign.copy_lines)
    found = offered[0] if wanted is None else copy_language(offered, wanted)
    if found is None:
        raise BrushfireError(f"the campaign has no copy_lines in {wanted}; it has {', '.join(offered)}")
    return found


def _written(drawn: list[Generation], wish: Wish) -> list[Path]:
    """Write the images, or their contact sheet, and return where."""
    wish.out.parent.mkdir(parents=True, exist_ok=True)
    if wish.sheet:
        wish.out.write_bytes(contact_sheet([image.data for image in drawn]))
        return [wish.out]
    paths = [wish.out.with_stem(f"{wish.out.stem}-{wish.seed + at}") for at in range(len(drawn))]
    paths = [wish.out] if len(drawn) == 1 else paths
    for path, image in zip(paths, drawn, strict=True):
        path.write_bytes(image.data)
    return paths


def _stamps(folder: Path) -> tuple[tuple[Path, int], ...]:
    """Every file below `folder` with the time of its last change, in nanoseconds."""
    return tuple(sorted((path, path.stat().st_mtime_ns) for path in folder.rglob("*") if path.is_file()))


async def _read(store: MemoryStore, key: str) -> bytes:
    data = await store.get(key)
    if data is None:
        raise StoreError(f"no image {key}", retryable=False)
    return data
