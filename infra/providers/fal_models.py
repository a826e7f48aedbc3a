"""fal's models, with prices and latencies as they were collected in the first half of 2026.

Latencies: komelin.com's image cost analysis, one run a model, and promptengines.com's lab notes, two prompts.
Both are priors, to be corrected by what is measured.
"""

from __future__ import annotations

from functools import partial
from typing import Final

from infra.settings import ListedModel

_listed: Final = partial(ListedModel, seed="best_effort", as_of="2026-05")
"""What all entries have in common."""

FAL_MODELS: Final = (
    _listed(
        name="flux-1-schnell",
        path="fal-ai/flux/schnell",
        tier="fast",
        price_usd=0.003,
        per="megapixel",
        seconds=2.2,
        source="price: fal; latency: promptengines.com, 2026-03",
    ),
    _listed(
        name="flux-2-pro",
        path="fal-ai/flux-2-pro",
        tier="flagship",
        price_usd=0.03,
        seconds=10.4,
        side_multiple=16,
        source="price: lists of 2026; latency: komelin.com, 2026-05",
    ),
    _listed(
        name="flux-2-pro-edit",
        path="fal-ai/flux-2-pro/edit",
        tier="flagship",
        operations=("image-to-image",),
        price_usd=0.045,
        seconds=18.4,
        max_references=8,
        side_multiple=16,
        reference_field="image_urls",
        source="price: lists of 2026; latency: promptengines.com, 2026-03, of flux-2-pro",
    ),
    _listed(
        name="flux-fill-pro",
        path="fal-ai/flux-pro/v1/fill",
        tier="flagship",
        operations=("masked-edit",),
        price_usd=0.05,
        per="megapixel",
        seconds=10.4,
        source="price: fal.ai/models/fal-ai/flux-pro/v1/fill, 2026; latency: a guess, that of flux-2-pro",
    ),
    _listed(
        name="ic-light-v2",
        path="fal-ai/iclight-v2",
        tier="flagship",
        operations=("relight",),
        price_usd=0.1,
        per="megapixel",
        seconds=15.0,
        source="price: fal.ai/models, 2026, unverified; latency: a guess",
    ),
    _listed(
        name="clarity-upscaler",
        path="fal-ai/clarity-upscaler",
        tier="flagship",
        operations=("upscale",),
        price_usd=0.03,
        per="megapixel",
        seconds=20.0,
        longest_side=4096,
        source="price: fal.ai/models/fal-ai/clarity-upscaler, 2026; latency: a guess",
    ),
)
"""An editing model is listed apart, because it has an endpoint and a price of its own."""
