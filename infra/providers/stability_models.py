"""Stability's services, with prices in credits of a cent each, as of 2026.

Prices: Stability's price page (Ultra 8, SD 3.5 Large 6.5, Turbo 4, Core 3 credits) and its credits for edits since
August 2025 (inpaint 5, relight 8, fast upscale 2, conservative 40, creative 60). litellm's table 1.109.1 has a tenth of
the latter (0.04 for 40 credits), against AWS's prices of the same services (0.40): the credits are taken here.
"""

from __future__ import annotations

from functools import partial
from typing import Final

from infra.settings import ListedModel

_RATIOS: Final = ("1:1", "16:9", "21:9", "2:3", "3:2", "4:5", "5:4", "9:16", "9:21")
_SOURCE: Final = "price: Stability's credits of $0.01; latency: a guess"
_TURBO_SOURCE: Final = "price: Stability's credits of $0.01; latency: p95 of 4.8 s in users' reports"

_listed: Final = partial(ListedModel, as_of="2026-06")
"""What all entries have in common."""

STABILITY_MODELS: Final = (
    _listed(
        name="stable-image-core",
        path="generate/core",
        tier="fast",
        price_usd=0.03,
        seconds=5.0,
        seed="best_effort",
        ratios=_RATIOS,
        source=_SOURCE,
    ),
    _listed(
        name="sd-3.5-large-turbo",
        path="generate/sd3",
        tier="fast",
        operations=("text-to-image", "image-to-image"),
        price_usd=0.04,
        seconds=4.8,
        seed="best_effort",
        ratios=_RATIOS,
        parameters={"model": "sd3.5-large-turbo"},
        source=_TURBO_SOURCE,
    ),
    _listed(
        name="stable-image-ultra",
        path="generate/ultra",
        tier="flagship",
        operations=("text-to-image", "image-to-image"),
        price_usd=0.08,
        seconds=10.0,
        seed="best_effort",
        ratios=_RATIOS,
        source=_SOURCE,
    ),
    _listed(
        name="stable-image-inpaint",
        path="edit/inpaint",
        tier="flagship",
        operations=("masked-edit",),
        price_usd=0.05,
        seconds=8.0,
        seed="best_effort",
        source=_SOURCE,
    ),
    _listed(
        name="stable-image-relight",
        path="edit/replace-background-and-relight",
        tier="flagship",
        operations=("relight",),
        price_usd=0.08,
        seconds=20.0,
        seed="best_effort",
        parameters={"keep_original_background": True},
        source=_SOURCE,
    ),
    _listed(
        name="stable-upscale-fast",
        path="upscale/fast",
        tier="fast",
        operations=("upscale",),
        price_usd=0.02,
        seconds=1.0,
        longest_side=6144,
        source="price: Stability's credits of $0.01; latency: the API reference, about a second",
    ),
    _listed(
        name="stable-upscale-conservative",
        path="upscale/conservative",
        tier="flagship",
        operations=("upscale",),
        price_usd=0.4,
        seconds=15.0,
        longest_side=4096,
        seed="best_effort",
        source=_SOURCE,
    ),
    _listed(
        name="stable-upscale-creative",
        path="upscale/creative",
        tier="flagship",
        operations=("upscale",),
        price_usd=0.6,
        seconds=30.0,
        longest_side=4096,
        seed="best_effort",
        source=_SOURCE,
    ),
)
"""Each service is listed as a model, because it has a price of its own."""
