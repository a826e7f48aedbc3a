#!/usr/bin/env python3
"""Makes the gallery: what the composer draws for the three sample brands, one sheet a brand.

    python docs/make_gallery.py

Each sheet has four formats in five languages, drawn at their full size by consecutive seeds, none picked by hand.
"""

from __future__ import annotations

import asyncio
import io
import itertools
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from PIL import Image

from infra.campaigns import load_campaigns, upload_artwork
from infra.providers.composer import ComposerProvider
from infra.providers.composer.cards import REFINE
from infra.storage.memory_store import MemoryStore
from routing.planning import prompt_for
from schemas.campaigns import Campaign, Format
from schemas.errors import StoreError
from schemas.generations import GenerationRequest
from workers.cli.sample_brief import sample_brief

ROOT: Final = Path(__file__).resolve().parent
CAMPAIGNS: Final = ROOT.parent / "examples" / "campaigns"
LANGUAGES: Final = ("en", "ja", "pt", "ar", "ru")
FORMATS: Final = ("square", "portrait", "story", "landscape")
DRAWN_AT: Final = datetime(2026, 11, 1, tzinfo=UTC)
TOPIC: Final = "Ryder Cup"
ROW: Final = 300
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


async def _sheet(campaign: Campaign, store: MemoryStore, first_seed: int) -> Image.Image:
    """A row for each language, its formats side by side."""
    provider = ComposerProvider(lambda key: _read(store, key))
    try:
        pictures = [await _drawn(provider, request) for request in _requests(campaign, first_seed)]
    finally:
        await provider.close()
    rows = [pictures[at : at + len(FORMATS)] for at in range(0, len(pictures), len(FORMATS))]
    width = GAP + sum(picture.width + GAP for picture in rows[0])
    sheet = Image.new("RGB", (width, GAP + len(rows) * (ROW + GAP)), GROUND)
    for number, row in enumerate(rows):
        left = GAP
        for picture in row:
            sheet.paste(picture, (left, GAP + number * (ROW + GAP)))
            left += picture.width + GAP
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


async def _drawn(provider: ComposerProvider, request: GenerationRequest) -> Image.Image:
    made = await provider.collect(await provider.submit(request))
    with Image.open(io.BytesIO(made.data)) as picture:
        return picture.convert("RGB").resize((round(ROW * request.size.ratio), ROW), Image.Resampling.LANCZOS)


async def _read(store: MemoryStore, key: str) -> bytes:
    data = await store.get(key)
    if data is None:
        raise StoreError(f"no picture {key}", retryable=False)
    return data


if __name__ == "__main__":
    main()
