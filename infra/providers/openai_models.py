"""OpenAI's image models: with prices and latencies as they were collected in the first half of 2026.

OpenAI's images API has no seed: the draft's picture, not its seed, is what a refinement starts from.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

from infra.settings import ListedModel

_AS_OF: Final = "2026-05"
_FIXED_SIZES: Final = ("1024x1024", "1536x1024", "1024x1536")

OPENAI_MODELS: Final = (
    ListedModel(
        name="gpt-image-1-mini-low",
        path="gpt-image-1-mini",
        tier="fast",
        operations=("text-to-image", "image-to-image", "masked-edit"),
        price_usd=0.005,
        seconds=15.0,
        max_references=16,
        sizes=_FIXED_SIZES,
        parameters={"quality": "low", "output_format": "jpeg"},
        source="price: lists of 2026; latency: a guess, that of gpt-image-2",
        as_of=_AS_OF,
        retires_at=datetime(2026, 12, 1, tzinfo=UTC),
    ),
    ListedModel(
        name="gpt-image-2",
        tier="flagship",
        operations=("text-to-image", "image-to-image", "masked-edit"),
        price_usd=0.053,
        seconds=15.0,
        max_references=16,
        side_multiple=16,
        parameters={"quality": "medium", "output_format": "jpeg"},
        source="price: fal's list, medium quality; latency: users' reports, unverified",
        as_of=_AS_OF,
    ),
)
