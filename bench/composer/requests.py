"""Random material for the composer's benches: the sample brands, formats of every ratio, copy in fifteen languages."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import numpy as np

from bench.composer.words import RIGHT_TO_LEFT, WORDS, cut
from imaging.composer.compose import Material, key_of
from imaging.composer.paint.artwork import Sprite, decode_sprite
from imaging.composer.scene.axes import Axes
from infra.campaigns.reading import load_campaigns, upload_artwork
from infra.storage.memory_store import MemoryStore
from schemas.brands import COPY_LIMIT, BrandKit, Copy
from schemas.campaigns import Campaign
from schemas.images import Insets, Size
from schemas.scenes import GROUNDS, LAYOUTS, SCHEMES

CAMPAIGNS: Final = Path(__file__).parents[2] / "examples" / "campaigns"
RATIOS: Final = (1 / 3, 0.42, 9 / 16, 2 / 3, 0.8, 1.0, 1.25, 1.5, 16 / 9, 1.91, 2.4, 3.0)
"""Width over height, from a skyscraper to a banner."""
LONG_SIDE: Final = 1080
_TO_THE_LIMIT: Final = 0.125
"""The share of texts that may be as long as a line of copy can be."""


@dataclass(frozen=True)
class Deck:
    """The brands with their decoded images."""

    campaigns: tuple[Campaign, ...]
    sprites: dict[str, Sprite]
    store: MemoryStore

    def size(self, rng: np.random.Generator) -> Size:
        """A format of any of the ratios."""
        ratio = RATIOS[int(rng.integers(len(RATIOS)))]
        wide, high = (LONG_SIDE, LONG_SIDE / ratio) if ratio > 1 else (LONG_SIDE * ratio, LONG_SIDE)
        return Size(width=round(wide), height=round(high))

    def words(self, rng: np.random.Generator, language: str | None = None) -> Copy:
        """Copy of two words up to the limit of a line, now and then without a line, a call or a legal text."""
        languages = tuple(WORDS)
        language = language or languages[int(rng.integers(len(languages)))]
        return Copy(
            language=language,
            direction="rtl" if language in RIGHT_TO_LEFT else "ltr",
            headline=_some(language, rng, 0.3),
            line="" if rng.random() < 0.1 else _some(language, rng, 0.5),
            call_to_action="" if rng.random() < 0.1 else WORDS[language].call,
            legal="" if rng.random() < 0.2 else _some(language, rng, 0.6),
        )

    def brand(self, rng: np.random.Generator) -> BrandKit:
        """One of the brands."""
        return self.campaigns[int(rng.integers(len(self.campaigns)))].brand

    def material(self, rng: np.random.Generator, words: Copy) -> Material:
        """A brand with `words`, in one of three safe areas."""
        margins = (Insets(), Insets(top=0.05, right=0.05, bottom=0.05, left=0.05))
        story = Insets(top=0.14, right=0.06, bottom=0.2, left=0.06)
        area = (*margins, story)[int(rng.integers(3))]
        return Material(self.brand(rng), words, self.sprites, area)


@dataclass(frozen=True)
class Combination:
    """One ad to be laid out."""

    axes: Axes
    material: Material
    size: Size


def combination(
    dealt: Deck, rng: np.random.Generator, index: int, *,
    language: str | None = None, size: Size | None = None, area: Insets | None = None,
) -> Combination:  # fmt: skip
    """A random combination: its layout is that of `index`; what is given is not random."""
    size = size or dealt.size(rng)
    axes = Axes(
        layout=LAYOUTS[index % len(LAYOUTS)],
        ground=GROUNDS[int(rng.integers(len(GROUNDS)))],
        scheme=SCHEMES[int(rng.integers(len(SCHEMES)))],
        product=int(rng.integers(12)),
        flipped=bool(rng.integers(2)),
        tilt=float((0.0, -8.0, 10.0)[int(rng.integers(3))]),
        type_scale=float((0.82, 1.0)[int(rng.integers(2))]),
        reflection=bool(rng.integers(2)),
        detail=int(rng.integers(2**32)),
        height=1000 * size.height / size.width,
    )
    material = dealt.material(rng, dealt.words(rng, language))
    return Combination(axes, material if area is None else replace(material, safe_area=area), size)


async def deck() -> Deck:
    """The sample brands, read and decoded."""
    store = MemoryStore()
    loaded = load_campaigns(CAMPAIGNS).loaded
    campaigns = [await upload_artwork(one.campaign, one.path.parent, store) for one in loaded]
    sprites = {}
    for campaign in campaigns:
        for artwork in (campaign.brand.logo, *campaign.brand.products):
            key = key_of(artwork.image)
            sprites[key] = decode_sprite(await store.get(key) or b"", artwork.path)
    return Deck(tuple(campaigns), sprites, store)


def _some(language: str, rng: np.random.Generator, most: float) -> str:
    """Two words up to the share `most` of the language's two sentences; every eighth time up to the limit of a line."""
    reach = 1.0 if rng.random() < _TO_THE_LIMIT else most
    return cut(language, float(rng.random()) * reach)[:COPY_LIMIT].strip()
