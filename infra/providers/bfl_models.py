"""Black Forest Labs' models, with prices as bfl.ai/pricing has them, where a credit is a cent.

FLUX.2 costs by the megapixel that is begun. Images to start from count too: the entries that edit have one of a
megapixel in their price. Latencies: komelin.com, one run a model, and promptengines.com, two prompts.
"""

from __future__ import annotations

from functools import partial
from typing import Final

from infra.settings import ListedModel

_PRICE: Final = "price: bfl.ai/pricing, 2026"

_listed: Final = partial(ListedModel, seed="best_effort", parameters={"output_format": "png"}, as_of="2026-11")
"""What all entries have in common."""

BFL_MODELS: Final = (
    _listed(
        name="bfl-flux-2-klein-4b",
        path="flux-2-klein-4b",
        tier="fast",
        price_usd=0.014,
        further_megapixel_usd=0.001,
        seconds=6.3,
        side_multiple=16,
        source=f"{_PRICE}; latency: komelin.com, 2026-05",
    ),
    _listed(
        name="bfl-flux-2-pro",
        path="flux-2-pro",
        tier="flagship",
        price_usd=0.03,
        further_megapixel_usd=0.015,
        seconds=10.4,
        side_multiple=16,
        source=f"{_PRICE}; latency: komelin.com, 2026-05",
    ),
    _listed(
        name="bfl-flux-2-pro-edit",
        path="flux-2-pro",
        tier="flagship",
        operations=("image-to-image",),
        price_usd=0.045,
        further_megapixel_usd=0.015,
        seconds=18.4,
        side_multiple=16,
        source=f"{_PRICE}, with one image of a megapixel; latency: promptengines.com, 2026-03, of flux-2-pro",
    ),
    _listed(
        name="bfl-flux-2-max",
        path="flux-2-max",
        tier="flagship",
        price_usd=0.07,
        further_megapixel_usd=0.03,
        seconds=30.1,
        side_multiple=16,
        source=f"{_PRICE}; latency: promptengines.com, 2026-03",
    ),
    _listed(
        name="bfl-flux-fill-pro",
        path="flux-pro-1.0-fill",
        tier="flagship",
        operations=("masked-edit",),
        price_usd=0.05,
        seconds=10.4,
        source=f"{_PRICE}; latency: a guess, that of flux-2-pro",
    ),
)
