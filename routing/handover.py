"""Handover: how a promoted candidate goes up to the refine tier, chosen among what the target model can do."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from schemas.generations import Operation
from schemas.refinements import Handover

KEEP_GEOMETRY_STRENGTH: Final = 0.35
"""Denoising strength that keeps layout and adds finish: image-to-image guides of the field give 0.3 to 0.4."""


def choose_handover(operations: Collection[Operation], *, has_draft: bool) -> Handover:
    """The operation for a candidate without a fault: keep its geometry where the model can, else draw anew."""
    if has_draft and "image-to-image" in operations:
        return Handover(
            operation="image-to-image",
            strength=KEEP_GEOMETRY_STRENGTH,
            reason="passed every gate: keep its geometry, finish light and texture",
        )
    return Handover(
        operation="text-to-image", strength=None, reason="the refine model takes no reference picture: drawn anew"
    )
