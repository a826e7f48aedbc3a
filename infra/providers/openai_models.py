"""OpenAI's image models, with prices and latencies as they were collected in the first half of 2026.

OpenAI's images API has no seed: the draft's image, not its seed, is what a refinement starts from.
"""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial
from typing import Final

from infra.settings import ListedModel
from infra.settings.providers import TokenPrices
from schemas.operations import Operation

_FIXED_SIZES: Final = ("1024x1024", "1536x1024", "1024x1536")
_MINI: Final = TokenPrices(text_in=2.0, image_in=2.5, image_out=8.0)
_TWO: Final = TokenPrices(text_in=5.0, image_in=8.0, image_out=30.0)
_TOKENS: Final = "tokens: openai.com/api/docs/pricing by way of litellm 1.109.1, 2026-11"

_OPERATIONS: Final[tuple[Operation, ...]] = ("text-to-image", "image-to-image", "masked-edit")
_listed: Final = partial(ListedModel, operations=_OPERATIONS, max_references=16, as_of="2026-05")
"""What all entries have in common."""

OPENAI_MODELS: Final = (
    _listed(
        name="gpt-image-1-mini-low",
        path="gpt-image-1-mini",
        tier="fast",
        price_usd=0.005,
        tokens=_MINI,
        seconds=15.0,
        sizes=_FIXED_SIZES,
        parameters={"quality": "low", "output_format": "jpeg"},
        source=f"price: lists of 2026, {_TOKENS}; latency: a guess, that of gpt-image-2",
        retires_at=datetime(2026, 12, 1, tzinfo=UTC),
    ),
    _listed(
        name="gpt-image-2",
        tier="flagship",
        price_usd=0.053,
        tokens=_TWO,
        seconds=15.0,
        side_multiple=16,
        parameters={"quality": "medium", "output_format": "jpeg"},
        source=f"price: fal's list, medium quality, {_TOKENS}; latency: users' reports, unverified",
    ),
    _listed(
        name="gpt-image-2-low",
        path="gpt-image-2",
        tier="fast",
        price_usd=0.006,
        tokens=_TWO,
        seconds=15.0,
        side_multiple=16,
        parameters={"quality": "low", "output_format": "jpeg"},
        source=f"price: fal's list, low quality, {_TOKENS}; latency: a guess, that of medium quality",
    ),
    _listed(
        name="gpt-image-2-high",
        path="gpt-image-2",
        tier="flagship",
        price_usd=0.211,
        tokens=_TWO,
        seconds=60.0,
        side_multiple=16,
        parameters={"quality": "high", "output_format": "jpeg"},
        source=f"price: fal's list, high quality, {_TOKENS}; latency: a guess; 235 s at 1536x1024 were reported",
    ),
)
"""An answer is billed by the tokens that it reports; `price_usd` is the estimate for about a megapixel."""
