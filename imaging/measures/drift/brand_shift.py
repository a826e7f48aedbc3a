"""Brand colours in place: what wore one of them in the candidate, and what colour it has now."""

from __future__ import annotations

from typing import Final

import numpy as np

from imaging.ciede2000 import ciede2000
from imaging.measures.brand.palette_table import NO_SIGNATURE, SIGNATURE_ROLES, PaletteTable, cells_of
from imaging.pixels import BgrImage, Doubles, Mask, middle, to_lab

LEAST_SHARE: Final = 0.004
"""Share of an image below which a colour is not worn: at 128 pixels, 65 of them; anti-aliased rims are no area."""


def brand_shifts(candidate: BgrImage, now: BgrImage, table: PaletteTable, kept: Mask | None = None) -> dict[str, float]:
    """CIEDE2000 by which each signature colour moved, by role: of the median colour of the pixels that wore it.

    Both images are BGR of one shape. Roles that the candidate hardly wears are left out.
    """
    worn = table.signature.take(cells_of(candidate))
    if kept is not None:
        worn[~kept.ravel()] = NO_SIGNATURE
    before, after = candidate.reshape(-1, 3), now.reshape(-1, 3)
    shifts: dict[str, float] = {}
    for index, role in enumerate(SIGNATURE_ROLES):
        wearing = np.flatnonzero(worn == index)
        if len(wearing) >= LEAST_SHARE * len(worn):
            colours = (_middle_colour(BgrImage(flat[wearing][None])) for flat in (before, after))
            shifts[role] = float(ciede2000(*colours))
    return shifts


def _middle_colour(bgr: BgrImage) -> Doubles:
    """The median of each coordinate in CIELAB over an image of one row."""
    lab = to_lab(bgr)[0]
    return np.array([middle(lab[:, n]) for n in range(3)])
