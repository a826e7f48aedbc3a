#!/usr/bin/env python3
"""Makes the gallery: what the composer draws for the three sample brands, one sheet a brand.

    python docs/make_gallery.py

Each brand's sheet has four formats in five languages, drawn at full size by consecutive seeds; none is picked by hand.
One more sheet has every layout in every format, drawn as drafts of consecutive seeds. Another has every ground, and the
last one has a draft in its moods, its sisters, and products on a floor.
"""

from __future__ import annotations

import asyncio
import io
import itertools
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from PIL import Image, ImageDraw
from pydantic import JsonValue

from imaging.fonts.registry import font
from infra.campaigns.reading import load_campaigns, upload_artwork
from infra.providers.composer import ComposerProvider
from infra.providers.composer_models import DRAFT, REFINE
from infra.storage.memory_store import MemoryStore
from routing.planning.plan import prompt_for
from schemas.campaigns import Campaign, Format
from schemas.errors import StoreError
from schemas.generations import GenerationRequest
from schemas.scenes import GROUNDS, LAYOUTS, GroundName, LayoutName
from workers.cli.compose_brief import sample_brief

ROOT: Final = Path(__file__).resolve().parent
CAMPAIGNS: Final = ROOT.parent / "examples" / "campaigns"
LANGUAGES: Final = ("en", "ja", "pt", "ar", "ru")
FORMATS: Final = ("square", "portrait", "story", "landscape")
DRAWN_AT: Final = datetime(2026, 11, 1, tzinfo=UTC)
TOPIC: Final = "Ryder Cup"
ROW: Final = 300
THUMBNAIL: Final = 190
LABEL: Final = 24
SEED: Final = 7
GAP: Final = 10
GROUND: Final = "#f4f2ec"
QUALITY: Final = 80


def main() -> None:
    """Write one sheet for each sample brand."""
    asyncio.run(_all())


async def _all() -> None:
    for number, loaded in enumerate(load_campaigns(CAMPAIGNS).loaded):
        store = MemoryStore()
        campaign = await upload_artwork(loaded.campaign, loaded.path.parent, store)
        sheet = await _sheet(campaign, store, 100 * number)
        path = ROOT / "gallery" / f"{loaded.path.stem}.webp"
        sheet.save(path, "WEBP", quality=QUALITY, method=6)
        print(path)  # noqa: T201 - a command's answer
        if number == 0:
            await _write_named(campaign, store)


async def _write_named(campaign: Campaign, store: MemoryStore) -> None:
    """Write the sheets of layouts, grounds and axes that are asked for by name."""
    provider = ComposerProvider(lambda key: _read(store, key))
    try:
        layouts = [await _row(provider, _layout_requests(campaign, name)) for name in LAYOUTS]
        moods = await _row(provider, _mood_requests(campaign))
        sisters = await _row(provider, _sister_requests(campaign))
        floors = await _row(provider, _floor_requests(campaign))
        grounds = [await _row(provider, _ground_requests(campaign, name)) for name in GROUNDS]
    finally:
        await provider.close()
    named = {str(name): row for name, row in zip(LAYOUTS, layouts, strict=True)}
    _labelled(named, 2).save(ROOT / "gallery" / "layouts.webp", "WEBP", quality=72, method=6)
    axes = {
        "the scheme's own mood, light, dark; the same in three other layouts": moods,
        "one seed and its sisters": sisters,
        "a floor that mirrors the product": floors,
    }
    painted = {str(name): row for name, row in zip(GROUNDS, grounds, strict=True)}
    _labelled(painted, 4).save(ROOT / "gallery" / "grounds.webp", "WEBP", quality=72, method=6)
    _labelled(axes, 1).save(ROOT / "gallery" / "axes.webp", "WEBP", quality=QUALITY, method=6)


async def _row(provider: ComposerProvider, requests: list[GenerationRequest]) -> list[Image.Image]:
    return [await _drawn(provider, request, THUMBNAIL) for request in requests]


def _labelled(rows: dict[str, list[Image.Image]], across: int) -> Image.Image:
    """Rows of images, each under its name, `across` rows side by side."""
    wide = max(sum(image.width + GAP for image in row) for row in rows.values())
    down = -(-len(rows) // across)
    sheet = Image.new("RGB", (GAP + across * (wide + GAP), GAP + down * (THUMBNAIL + LABEL + GAP)), GROUND)
    pen, face = ImageDraw.Draw(sheet), font("Inter", 600, 15)
    for number, (name, row) in enumerate(rows.items()):
        left, top = GAP + number % across * (wide + GAP), GAP + number // across * (THUMBNAIL + LABEL + GAP)
        pen.text((left, top), name, "#333333", face)
        for image in row:
            sheet.paste(image, (left, top + LABEL))
            left += image.width + GAP
    return sheet


def _layout_requests(campaign: Campaign, name: LayoutName) -> list[GenerationRequest]:
    first = 4 * LAYOUTS.index(name)
    return [
        _request(campaign, form, "en", first + number, {"axes": {"layout": name}})
        for number, form in enumerate(FORMATS)
    ]


def _mood_requests(campaign: Campaign) -> list[GenerationRequest]:
    asked: list[dict[str, JsonValue]] = [{"mood": mood} for mood in ("own", "light", "dark")]
    asked += [{"layout": layout} for layout in ("quote", "card", "poster")]
    return [_request(campaign, "portrait", "en", SEED, {"axes": axes}) for axes in asked]


def _sister_requests(campaign: Campaign) -> list[GenerationRequest]:
    return [_request(campaign, "portrait", "en", SEED + number, {"like": SEED}) for number in range(6)]


def _floor_requests(campaign: Campaign) -> list[GenerationRequest]:
    asked: list[dict[str, JsonValue]] = [
        {"layout": layout, "ground": ground, "product": product, "tilt": 0, "reflection": True}
        for layout, ground, product in (
            ("product_hero", "leaks", 2),
            ("split_panel", "mesh", 0),
            ("minimal", "mesh", 2),
        )
    ]
    return [_request(campaign, "landscape", "en", SEED + number, {"axes": axes}) for number, axes in enumerate(asked)]


def _ground_requests(campaign: Campaign, name: GroundName) -> list[GenerationRequest]:
    """One ground twice, in layouts that show all of it."""
    first = 2 * GROUNDS.index(name)
    return [
        _request(campaign, "square", "en", first + number, {"axes": {"layout": layout, "ground": name}})
        for number, layout in enumerate(("product_hero", "full_bleed"))
    ]


def _request(
    campaign: Campaign, name: str, language: str, seed: int, parameters: dict[str, JsonValue]
) -> GenerationRequest:
    """The request of a draft, with `parameters` that ask for choices by name."""
    form: Format = next(form for form in campaign.formats if form.name == name)
    return GenerationRequest(
        job_id=f"gallery-{seed}",
        operation="text-to-image",
        model=DRAFT,
        prompt=prompt_for(sample_brief(campaign, TOPIC, language, DRAWN_AT), 0),
        size=form.size.scaled_to(600),
        safe_area=form.safe_area,
        seed=seed,
        parameters=parameters,
    )


async def _sheet(campaign: Campaign, store: MemoryStore, first_seed: int) -> Image.Image:
    """A row for each language, its formats side by side."""
    provider = ComposerProvider(lambda key: _read(store, key))
    try:
        images = [await _drawn(provider, request) for request in _requests(campaign, first_seed)]
    finally:
        await provider.close()
    rows = [images[at : at + len(FORMATS)] for at in range(0, len(images), len(FORMATS))]
    width = GAP + sum(image.width + GAP for image in rows[0])
    sheet = Image.new("RGB", (width, GAP + len(rows) * (ROW + GAP)), GROUND)
    for number, row in enumerate(rows):
        left = GAP
        for image in row:
            sheet.paste(image, (left, GAP + number * (ROW + GAP)))
            left += image.width + GAP
    return sheet


def _requests(campaign: Campaign, first_seed: int) -> Iterator[GenerationRequest]:
    pairs = itertools.product(LANGUAGES, FORMATS)
    for variant, (language, name) in enumerate(pairs):
        form: Format = next(form for form in campaign.formats if form.name == name)
        yield GenerationRequest(
            job_id=f"gallery-{variant}",
            operation="text-to-image",
            model=REFINE,
            prompt=prompt_for(sample_brief(campaign, TOPIC, language, DRAWN_AT), variant),
            size=form.size,
            safe_area=form.safe_area,
            seed=first_seed + variant,
        )


async def _drawn(provider: ComposerProvider, request: GenerationRequest, row: int = ROW) -> Image.Image:
    made = await provider.collect(await provider.submit(request))
    with Image.open(io.BytesIO(made.data)) as image:
        return image.convert("RGB").resize((round(row * request.size.ratio), row), Image.Resampling.LANCZOS)


async def _read(store: MemoryStore, key: str) -> bytes:
    data = await store.get(key)
    if data is None:
        raise StoreError(f"no image {key}", retryable=False)
    return data


if __name__ == "__main__":
    main()
