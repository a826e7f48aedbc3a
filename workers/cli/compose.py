"""`brushfire compose`: a campaign and a topic to images, at once and without a server."""

from __future__ import annotations

import asyncio
import io
import json
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Final

import typer
from PIL import Image
from pydantic import JsonValue

from infra.providers.base import Generation
from infra.providers.composer_models import DRAFT, REFINE
from infra.storage.memory_store import MemoryStore
from routing.planning.plan import prompt_for
from schemas.briefs import Brief
from schemas.campaigns import Format
from schemas.errors import BrushfireError, StoreError
from schemas.generations import GenerationRequest
from schemas.scenes import GROUNDS, LAYOUTS, MOODS, SCHEMES
from workers.cli.compose_brief import brief_to_draw
from workers.cli.shared import fail, run_until_interrupted, say

SHEET_DRAFTS: Final = 12
_POLL_SECONDS: Final = 0.5
"""Seconds between two checks for a changed file."""
_GAP: Final = 12
_GROUND: Final = "#f4f2ec"
_SHEET_SHAPE: Final = 1.5
"""Width over height that a sheet has, about."""
_SHEET_QUALITY: Final = 88

CampaignArgument = Annotated[Path, typer.Argument(help="Campaign (YAML) or brief (JSON), its images beside it.")]
TrendOption = Annotated[str, typer.Option(help="The trend that the ad answers; a brief brings its own.")]
LanguageOption = Annotated[str | None, typer.Option(help="Language of the copy; by default the campaign's first.")]
FormatOption = Annotated[str | None, typer.Option("--format", help="Format; by default that of the campaign's drafts.")]
FirstSeedOption = Annotated[int, typer.Option(min=0, max=0x7FFF_FFFF, help="The first image's seed.")]
CountOption = Annotated[int | None, typer.Option(min=1, max=200, help="Images (1, or 12 with --sheet).")]
ImagesOutOption = Annotated[Path, typer.Option(help="Where to write the image (JPEG).")]
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
class ComposeOptions:
    """What to draw, and where to write it."""

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
    print_axes: bool = False


def compose(
    campaign: CampaignArgument,
    topic: TrendOption = "your topic",
    language: LanguageOption = None,
    form: FormatOption = None,
    seed: FirstSeedOption = 0,
    count: CountOption = None,
    out: ImagesOutOption = Path("compose.jpg"),
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
    options = ComposeOptions(campaign, topic, language, form, seed, number, out, final, sheet, like, fixed, axes)
    if watch:
        run_until_interrupted(_watched(options))
        return
    try:
        asyncio.run(_composed(options))
    except BrushfireError as error:
        fail(str(error))


async def _composed(options: ComposeOptions) -> None:
    """Draw once. Raises a `BrushfireError` where the campaign, the brief or an option is wrong."""
    from infra.providers.composer import ComposerProvider  # noqa: PLC0415 - loads OpenCV and the composer

    store = MemoryStore()
    brief = await brief_to_draw(options.path, options.topic, options.language, store)
    provider = ComposerProvider(lambda key: _read(store, key))
    try:
        requests = list(_requests(brief, options))
        drawn = [await provider.collect(await provider.submit(request)) for request in requests]
    finally:
        await provider.close()
    for path in await asyncio.to_thread(_written, drawn, options):
        say(str(path))
    if options.print_axes:
        for image in drawn:
            print(json.dumps({"seed": image.seed_returned, **_scene(image)}))  # noqa: T201 - for programs


def _scene(image: Generation) -> dict[str, JsonValue]:
    """The axes of an image, by name."""
    scene = image.parameters["scene"]
    return scene if isinstance(scene, dict) else {}


async def _watched(options: ComposeOptions) -> None:
    """Draw now and after every change, until interrupted. An error is printed; the next change may correct it."""
    seen: tuple[tuple[Path, int], ...] | None = None
    while True:
        now = await asyncio.to_thread(_stamps, options.path.parent)
        if now != seen:
            seen = now
            try:
                await _composed(options)
            except BrushfireError as error:
                say(str(error), style="bold red")
        await asyncio.sleep(_POLL_SECONDS)


def _requests(brief: Brief, options: ComposeOptions) -> Iterator[GenerationRequest]:
    form = _named_format(brief, options.form)
    parameters: dict[str, JsonValue] = {"axes": dict(options.axes)} if options.axes else {}
    for variant in range(options.count):
        yield GenerationRequest(
            job_id=f"compose-{options.seed + variant}",
            operation="text-to-image",
            model=REFINE if options.final else DRAFT,
            prompt=prompt_for(brief, variant),
            size=form.size if options.final else form.size.scaled_to(brief.plan.draft_long_side),
            safe_area=form.safe_area,
            seed=(options.seed + variant) & 0x7FFF_FFFF,
            parameters={**parameters, "like": options.seed} if options.like else parameters,
        )


def _named_format(brief: Brief, name: str | None) -> Format:
    if name is None:
        return brief.draft_format
    found = next((form for form in brief.formats if form.name == name), None)
    if found is None:
        known = ", ".join(form.name for form in brief.formats)
        raise BrushfireError(f"the campaign has no format {name!r}; it has {known}")
    return found


def _written(drawn: list[Generation], options: ComposeOptions) -> list[Path]:
    """Write the images, or their contact sheet, and return where."""
    options.out.parent.mkdir(parents=True, exist_ok=True)
    if options.sheet:
        options.out.write_bytes(draft_sheet([image.data for image in drawn]))
        return [options.out]
    paths = [options.out.with_stem(f"{options.out.stem}-{options.seed + at}") for at in range(len(drawn))]
    paths = [options.out] if len(drawn) == 1 else paths
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


def draft_sheet(images: Sequence[bytes], columns: int | None = None, side: int = 420) -> bytes:
    """The encoded `images`, reading order, as one JPEG; each is at most `side` pixels long in its cell."""
    scaled = [_scaled(data, side) for data in images]
    wide, high = max(image.width for image in scaled), max(image.height for image in scaled)
    across = columns or _columns(len(scaled), wide / high)
    down = math.ceil(len(scaled) / across)
    sheet = Image.new("RGB", (_GAP + across * (wide + _GAP), _GAP + down * (high + _GAP)), _GROUND)
    for index, image in enumerate(scaled):
        row, column = divmod(index, across)
        left = _GAP + column * (wide + _GAP) + (wide - image.width) // 2
        sheet.paste(image, (left, _GAP + row * (high + _GAP) + (high - image.height) // 2))
    stream = io.BytesIO()
    sheet.save(stream, "JPEG", quality=_SHEET_QUALITY)
    return stream.getvalue()


def _columns(count: int, ratio: float) -> int:
    """Images in a row: about the sheet's shape, and a last row as full as possible."""
    usual = max(1, min(count, round(math.sqrt(count * _SHEET_SHAPE / ratio))))
    near = (number for number in (usual, usual - 1, usual + 1) if 1 <= number <= count)
    return min(near, key=lambda number: -count % number)


def _scaled(data: bytes, side: int) -> Image.Image:
    with Image.open(io.BytesIO(data)) as image:
        scale = min(1.0, side / max(image.size))
        size = max(1, round(image.width * scale)), max(1, round(image.height * scale))
        return image.convert("RGB").resize(size, Image.Resampling.LANCZOS)
