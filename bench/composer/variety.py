"""Do fifty drafts of one brief differ, compared with fifty random scenes?

``make bench NAME=composer-variety``: for each of the three sample brands, the drafts of the seeds that a brief really
gets, and as many random scenes. Distances are those of the embeddings by which scorecards compare images.
"""

from __future__ import annotations

import asyncio
import itertools
import statistics
from typing import Final

import numpy as np

from bench.composer.requests import Deck, deck
from bench.figures import Figure, report, say
from imaging.composer.compose import Material
from imaging.composer.jobs import draw_draft
from imaging.composer.scene.axes import Axes, axes_of
from imaging.decode import decode
from imaging.measures.content.novelty import signature
from imaging.measures.subject import Subject
from routing.scoring.novelty import same_idea
from schemas.brands import Copy
from schemas.campaigns import Format
from schemas.identifiers import seed_for
from schemas.images import Size
from schemas.scenes import BUTTONS, GROUNDS, LAYOUTS, SCHEMES

DRAFTS: Final = 50
SIZE: Final = Size(width=410, height=512)
RANDOM_SETS: Final = 3


def main() -> None:
    dealt = asyncio.run(deck())
    figures: list[Figure] = []
    ratios = []
    for index, campaign in enumerate(dealt.campaigns):
        say(campaign.brand.name)
        material = _material(dealt, index)
        height = 1000 * SIZE.height / SIZE.width
        products = len(campaign.brand.products)
        drafts = [axes_of(seed_for(f"brf-bench-{index}", variant), height, products) for variant in range(DRAFTS)]
        seen, layouts = _drawn(drafts, material)
        rng = np.random.Generator(np.random.PCG64(index))
        picks = ([_random(rng, height, products) for _ in drafts] for _ in range(RANDOM_SETS))
        random = [_spread(_drawn(picked, material)[0]) for picked in picks]
        spread = _spread(seen)
        ratios.append(spread / statistics.fmean(random))
        figures += [
            Figure(f"{campaign.brand.name}: near-duplicates", _doubles(seen), "of 50 drafts", "<= 1"),
            Figure(f"{campaign.brand.name}: layouts", len(layouts), "layouts", ">= 10"),
            Figure(f"{campaign.brand.name}: mean distance of two drafts", spread, "cosine"),
            Figure(f"{campaign.brand.name}: the same of random picks", statistics.fmean(random), "cosine"),
        ]
    figures.append(Figure("mean distance to that of random picks", statistics.fmean(ratios), "x", ">= 1.0"))
    report("composer-variety", figures)


def _material(dealt: Deck, index: int) -> Material:
    campaign = dealt.campaigns[index]
    lines = campaign.copy_lines["en"]
    words = Copy(
        language="en", headline=lines.headline[0].replace("{topic}", "autumn"), line=lines.line[0],
        call_to_action=lines.call_to_action[0], legal=lines.legal,
    )  # fmt: skip
    return Material(campaign.brand, words, dealt.sprites, campaign.formats[1].safe_area)


def _random(rng: np.random.Generator, height: float, products: int) -> Axes:
    return Axes(
        layout=LAYOUTS[int(rng.integers(len(LAYOUTS)))],
        ground=GROUNDS[int(rng.integers(len(GROUNDS)))],
        scheme=SCHEMES[int(rng.integers(len(SCHEMES)))],
        button=BUTTONS[int(rng.integers(len(BUTTONS)))],
        product=int(rng.integers(products)),
        flipped=bool(rng.integers(4) == 0),
        tilt=float((-8, 0, 0, 0, 6, 10)[int(rng.integers(6))]),
        reflection=bool(rng.integers(2)),
        detail=int(rng.integers(2**32)),
        height=height,
    )


def _drawn(scenes: list[Axes], material: Material) -> tuple[list[Subject], set[str]]:
    """The images of `scenes`, ready to be measured, and the layouts that were used."""
    form = Format(name="bench", size=SIZE, safe_area=material.safe_area)
    subjects: list[Subject] = []
    layouts: set[str] = set()
    for axes in scenes:
        drawn = draw_draft(axes, material, SIZE)
        subjects.append(Subject(decode(drawn.data), material.brand.palette, form, drawn.regions))
        layouts.add(drawn.axes.layout if drawn.axes else "")
    return subjects, layouts


def _spread(subjects: list[Subject]) -> float:
    """The mean cosine distance of the embeddings of two images."""
    vectors = np.array([subject.content.embedding for subject in subjects])
    directions = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    alike = directions @ directions.T
    return float(1 - alike[np.triu_indices(len(subjects), 1)].mean())


def _doubles(subjects: list[Subject]) -> int:
    """How many drafts are near-duplicates of an earlier one."""
    signs = [signature(subject) for subject in subjects]
    pairs = itertools.combinations(range(len(signs)), 2)
    return len({later for first, later in pairs if same_idea(signs[first], signs[later])})


if __name__ == "__main__":
    main()
