"""Clean ads to plant defects in: the composer's, and ads laid over photographs that come with scikit-image."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal, get_args

import cv2
import numpy as np
from skimage import data as photographs

from bench.eye.photo_ads import lay_out
from imaging.decode import decode
from imaging.measures.brand.logo_matching import decode_logo
from imaging.pixels import BgraImage, BgrImage
from infra.campaigns.reading import load_campaigns, upload_artwork
from infra.providers.composer import ComposerProvider
from infra.storage.memory_store import MemoryStore
from schemas.brands import Artwork, Copy
from schemas.campaigns import Campaign, Format
from schemas.generations import GenerationRequest, Prompt
from schemas.images import Region

CAMPAIGNS: Final = Path(__file__).parents[2] / "examples" / "campaigns"
COMPOSED: Final = 24
DRAFT_SIDE: Final = 512
Part = Literal["calibration", "second", "third", "judged"]
FIRST_SEED: Final[dict[Part, int]] = {"calibration": 0, "second": 5000, "third": 9000, "judged": 13000}
PHOTOGRAPHS: Final = (
    "astronaut", "camera", "cat", "coffee", "rocket", "coins", "moon", "brick", "grass", "gravel",
    "immunohistochemistry", "retina", "hubble_deep_field", "cell",
)  # fmt: skip
"""Those that lie in the package itself, with a pair of a motorcycle; the others would be downloaded."""


@dataclass(frozen=True)
class SampleAd:
    """A clean ad at draft and at final size (BGR), and what it should be."""

    name: str
    campaign: Campaign
    form: Format
    wording: Copy
    logo: BgraImage
    draft: BgrImage
    draft_regions: tuple[Region, ...]
    final: BgrImage
    final_regions: tuple[Region, ...]


def images(part: Part) -> list[SampleAd]:
    """The clean ads of one part: 24 composed, 16 over photographs.

    The parts share no composed image. There are only so many photographs in the package: each part has other cuts of
    them, under other brands, copy and layouts.
    """
    return asyncio.run(_all(part))


async def _all(part: Part) -> list[SampleAd]:
    store = MemoryStore()
    loaded = load_campaigns(CAMPAIGNS).loaded
    campaigns = [await upload_artwork(one.campaign, one.path.parent, store) for one in loaded]
    logos = {campaign.campaign_id: decode_logo(await _read(store, campaign.brand.logo)) for campaign in campaigns}
    composer = ComposerProvider(blobs=lambda key: _blob(store, key))
    try:
        first = FIRST_SEED[part]
        composed = [await _composed(composer, campaigns[n % 3], logos, first + n) for n in range(COMPOSED)]
    finally:
        await composer.close()
    return [*composed, *_photographed(campaigns, logos, part)]


async def _composed(composer: ComposerProvider, campaign: Campaign, logos: dict[str, BgraImage], n: int) -> SampleAd:
    form = campaign.formats[n // 3 % len(campaign.formats)]
    wording = _wording(campaign, n)
    draft, draft_regions = await _draw(composer, campaign, wording, form, "composer-draft", n)
    final, final_regions = await _draw(composer, campaign, wording, form, "composer-refine", n)
    name = f"{campaign.campaign_id} {form.name} {n}"
    logo = logos[campaign.campaign_id]
    return SampleAd(name, campaign, form, wording, logo, draft, draft_regions, final, final_regions)


async def _draw(
    composer: ComposerProvider, campaign: Campaign, wording: Copy, form: Format, model: str, seed: int
) -> tuple[BgrImage, tuple[Region, ...]]:
    size = form.size.scaled_to(DRAFT_SIDE) if model == "composer-draft" else form.size
    request = GenerationRequest(
        job_id=f"bench-{seed}",
        operation="text-to-image",
        model=model,
        prompt=Prompt(version="1", subject="", brand=campaign.brand, wording=wording),
        size=size,
        safe_area=form.safe_area,
        seed=seed,
    )
    made = await composer.collect(await composer.submit(request))
    return decode(made.data), made.regions


def _photographed(campaigns: list[Campaign], logos: dict[str, BgraImage], part: Part) -> Iterator[SampleAd]:
    other = get_args(Part).index(part)
    for n, (name, whole) in enumerate(photographs_of(), start=other):
        photograph = _cut(whole, part)
        campaign = campaigns[n % 3]
        form = next(form for form in campaign.formats if form.name == ("square", "portrait")[n // 3 % 2])
        wording, logo = _wording(campaign, n + 1), logos[campaign.campaign_id]
        sizes = form.size.scaled_to(DRAFT_SIDE), form.size
        draft, final = (
            lay_out(
                photograph, campaign.brand, logo, wording, size, on_panel=(n + other) % 4 < 2 if other else n % 2 == 0
            )
            for size in sizes
        )
        sent = (through_jpeg(draft[0], 90), draft[1], through_jpeg(final[0], 92), final[1])
        yield SampleAd(f"{name} {n}", campaign, form, wording, logo, *sent)


def _cut(photograph: np.ndarray, part: Part) -> np.ndarray:
    """The whole, or three quarters of each side: from the lower right mirrored, from the upper left, that mirrored."""
    height, width = photograph.shape[:2]
    if part == "calibration":
        return photograph
    if part == "second":
        return np.ascontiguousarray(photograph[height // 4 :, width // 4 :][:, ::-1])
    corner = photograph[: 3 * height // 4, : 3 * width // 4]
    return np.ascontiguousarray(corner if part == "third" else corner[:, ::-1])


def photographs_of() -> Iterator[tuple[str, np.ndarray]]:
    """The photographs with their names, RGB or grey."""
    for name in PHOTOGRAPHS:
        yield name, getattr(photographs, name)()
    left, right, _ = photographs.stereo_motorcycle()
    yield from (("motorcycle from the left", left), ("motorcycle from the right", right))


def _wording(campaign: Campaign, n: int) -> Copy:
    lines = campaign.copy_lines["en"]
    headline = [text for text in lines.headline if "{topic}" not in text]
    return Copy(
        language="en",
        headline=headline[n % len(headline)],
        line=lines.line[n % len(lines.line)],
        call_to_action=lines.call_to_action[n % len(lines.call_to_action)],
        legal=lines.legal,
    )


def through_jpeg(bgr: BgrImage, quality: int) -> BgrImage:
    """`bgr` as it comes back from a JPEG file without chroma subsampling, as the composer writes it."""
    options = [
        cv2.IMWRITE_JPEG_QUALITY,
        quality,
        cv2.IMWRITE_JPEG_SAMPLING_FACTOR,
        cv2.IMWRITE_JPEG_SAMPLING_FACTOR_444,
    ]
    return decode(np.asarray(cv2.imencode(".jpg", bgr, options)[1]).tobytes())


async def _read(store: MemoryStore, artwork: Artwork) -> bytes:
    return await _blob(store, artwork.image.key if artwork.image else artwork.path)


async def _blob(store: MemoryStore, key: str) -> bytes:
    data = await store.get(key)
    if data is None:
        raise KeyError(key)
    return data
