"""Official models on Replicate, with prices and latencies as collected in 2026.

A model of the community is billed by the second and named with its version: list it in the settings with
``per = "second"`` and its `slots`.
"""

from __future__ import annotations

from functools import partial
from typing import Final

from infra.settings import ListedModel

_RATIOS: Final = ("1:1", "16:9", "21:9", "3:2", "2:3", "4:5", "5:4", "3:4", "4:3", "9:16", "9:21")

_listed: Final = partial(ListedModel, as_of="2026-05")
"""What all entries have in common."""

REPLICATE_MODELS: Final = (
    _listed(
        name="replicate-flux-schnell",
        path="black-forest-labs/flux-schnell",
        tier="fast",
        price_usd=0.003,
        seconds=2.2,
        seed="best_effort",
        ratios=_RATIOS,
        slots={"prompt": "prompt", "aspect_ratio": "aspect_ratio", "seed": "seed"},
        parameters={"output_format": "png", "num_outputs": 1},
        source="price: replicate.com, 2026; latency: promptengines.com, 2026-03, on fal",
    ),
    _listed(
        name="replicate-flux-kontext-pro",
        path="black-forest-labs/flux-kontext-pro",
        tier="flagship",
        operations=("image-to-image",),
        price_usd=0.04,
        seconds=11.7,
        seed="best_effort",
        ratios=_RATIOS,
        slots={"prompt": "prompt", "image": "input_image", "aspect_ratio": "aspect_ratio", "seed": "seed"},
        parameters={"output_format": "png"},
        source="price: lists of 2026; latency: komelin.com, 2026-05",
    ),
    _listed(
        name="replicate-flux-fill-pro",
        path="black-forest-labs/flux-fill-pro",
        tier="flagship",
        operations=("masked-edit",),
        price_usd=0.05,
        seconds=10.0,
        seed="best_effort",
        slots={"prompt": "prompt", "image": "image", "mask": "mask", "seed": "seed"},
        parameters={"output_format": "png"},
        source="price: lists of 2026; latency: a guess, that of flux-2-pro",
    ),
    _listed(
        name="replicate-recraft-crisp-upscale",
        path="recraft-ai/recraft-crisp-upscale",
        tier="fast",
        operations=("upscale",),
        price_usd=0.006,
        seconds=5.0,
        longest_side=4096,
        slots={"image": "image"},
        source="price: replicate.com by way of lumenfall.ai, 2026; latency: a guess",
    ),
)
