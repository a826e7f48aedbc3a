"""The cards of the composer's two models: what they can do and what they cost. Data, without OpenCV."""

from __future__ import annotations

from typing import Final

from schemas.generations import ModelCard

VERSION: Final = "3"
DRAFT: Final = "composer-draft"
REFINE: Final = "composer-refine"
DRAFT_CPU_SECONDS: Final = 0.006
REFINE_CPU_SECONDS: Final = 0.021
"""Means over 60 seeds of a 410x512 draft and 24 of a 1080x1350 final, encoding included: the bench composer-speed."""
SOURCE: Final = "measured on two EPYC cores, 2026-11"


def cards(usd_per_cpu_hour: float) -> tuple[ModelCard, ...]:
    """The two cards, priced at this rate."""
    rate = usd_per_cpu_hour / 3600
    return (
        ModelCard(
            name=DRAFT,
            version=VERSION,
            provider="composer",
            tier="fast",
            operations=("text-to-image",),
            seed="deterministic",
            longest_side=2048,
            price_usd=DRAFT_CPU_SECONDS * rate,
            seconds=DRAFT_CPU_SECONDS,
            source=SOURCE,
            as_of="2026-11",
        ),
        ModelCard(
            name=REFINE,
            version=VERSION,
            provider="composer",
            tier="flagship",
            operations=("text-to-image", "image-to-image", "masked-edit", "upscale", "relight"),
            seed="deterministic",
            max_references=1,
            longest_side=4096,
            price_usd=REFINE_CPU_SECONDS * rate,
            seconds=REFINE_CPU_SECONDS,
            source=SOURCE,
            as_of="2026-11",
        ),
    )
