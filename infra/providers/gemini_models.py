"""Google's image models, with prices for a million tokens and for an image.

Prices: https://ai.google.dev/gemini-api/docs/pricing as in litellm's table 1.109.1. An image of 1K or 2K from Nano
Banana Pro has 1,120 tokens, of 4K 2,000; from Nano Banana 1,290. Latencies: komelin.com, one run a model.
"""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial
from typing import Final

from infra.settings import ListedModel
from infra.settings.providers import TokenPrices

_RATIOS: Final = ("1:1", "2:3", "3:2", "3:4", "4:3", "4:5", "5:4", "9:16", "16:9", "21:9")
_FLASH: Final = TokenPrices(text_in=0.3, image_in=0.3, text_out=2.5, image_out=30.0)
_PRO: Final = TokenPrices(text_in=2.0, image_in=2.0, text_out=12.0, image_out=120.0)
_SOURCE: Final = "price: ai.google.dev by way of litellm 1.109.1; latency: komelin.com, 2026-05"

_listed: Final = partial(ListedModel, operations=("text-to-image", "image-to-image"), ratios=_RATIOS, as_of="2026-11")
"""What all entries have in common."""

GEMINI_MODELS: Final = (
    _listed(
        name="gemini-2.5-flash-image",
        tier="fast",
        price_usd=0.039,
        tokens=_FLASH,
        seconds=7.0,
        max_references=3,
        source=_SOURCE,
        retires_at=datetime(2027, 3, 15, tzinfo=UTC),
    ),
    _listed(
        name="gemini-3-pro-image",
        tier="flagship",
        price_usd=0.134,
        tokens=_PRO,
        seconds=20.8,
        max_references=14,
        parameters={"imageSize": "2K"},
        source=_SOURCE,
    ),
    _listed(
        name="gemini-3-pro-image-4k",
        path="gemini-3-pro-image",
        tier="flagship",
        price_usd=0.24,
        tokens=_PRO,
        seconds=20.8,
        max_references=14,
        longest_side=4096,
        parameters={"imageSize": "4K"},
        source=f"{_SOURCE}, at 2K",
    ),
)
"""Nano Banana, Nano Banana Pro, and the latter at its largest, which costs more."""
