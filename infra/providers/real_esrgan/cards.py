"""What the two Real-ESRGAN models can do, and what they cost."""

from __future__ import annotations

from typing import Final

from infra.providers.real_esrgan.installed import Factor, network_version
from schemas.generations import ModelCard

PROVIDER: Final = "real-esrgan"
MODELS: Final[dict[str, Factor]] = {"real-esrgan-x2": 2, "real-esrgan-x4": 4}
LONGEST_SIDE: Final = 4096
"""Pixels of the longest side of a finished image: four times a draft of 1024."""
CPU_SECONDS: Final[dict[str, float]] = {"real-esrgan-x2": 1.05, "real-esrgan-x4": 1.1}
"""Medians of 16 composer drafts of 410x512 taken to 1080x1350, decoding and encoding included; see `SOURCE`.

The time goes with the pixels of the reference, hardly with those of the result.
"""
SOURCE: Final = "measured on one EPYC core, 2026-11"


def cards(usd_per_cpu_hour: float) -> tuple[ModelCard, ...]:
    """The two cards, priced at this rate. Raises InvalidRequest where the extra is not installed."""
    made_by = network_version()
    return tuple(
        ModelCard(
            name=name,
            version=made_by,
            provider=PROVIDER,
            tier="flagship",
            operations=("upscale",),
            seed="deterministic",
            max_references=1,
            longest_side=LONGEST_SIDE,
            price_usd=CPU_SECONDS[name] * usd_per_cpu_hour / 3600,
            seconds=CPU_SECONDS[name],
            source=SOURCE,
            as_of="2026-11",
        )
        for name in MODELS
    )
