"""Brand colours in place: what wore one of them in the candidate, and what colour it has now."""

from __future__ import annotations

from typing import Final

import numpy as np

from workers.scoring.ciede2000 import ciede2000
from workers.scoring.palette_table import SIGNATURE_ROLES, TOLERANCE, PaletteTable
from workers.scoring.pixels import Mask, Pixels, to_lab

LEAST_SHARE: Final = 0.004
"""Share of a picture below which a colour is not worn: at 128 pixels, 65 of them; anti-aliased rims are no area."""


def brand_shifts(candidate: Pixels, now: Pixels, table: PaletteTable, kept: Mask | None = None) -> dict[str, float]:
    """CIEDE2000 by which each signature colour moved, by role: of the median colour of the pixels that wore it.

    Both pictures are BGR of one shape. Roles that the candidate hardly wears are left out.
    """
    distances = table.of(candidate)[:, : len(SIGNATURE_ROLES)]
    nearest = distances.argmin(axis=1)
    worn = distances.min(axis=1) <= TOLERANCE
    if kept is not None:
        worn &= kept.ravel()
    before, after = to_lab(candidate).reshape(-1, 3), to_lab(now).reshape(-1, 3)
    shifts: dict[str, float] = {}
    for index, role in enumerate(SIGNATURE_ROLES):
        wearing = worn & (nearest == index)
        if wearing.mean() >= LEAST_SHARE:
            colours = [np.median(lab[wearing], axis=0)[None].astype(np.float64) for lab in (before, after)]
            shifts[role] = float(ciede2000(colours[0], colours[1])[0])
    return shifts
