"""Brand colours: how much of the picture wears them, and how far its dominant colours are from them."""

from __future__ import annotations

from typing import Final

import numpy as np

from schemas.brands import Palette
from schemas.scorecards import Measurement
from workers.scoring.check import Scale
from workers.scoring.ciede2000 import ciede2000
from workers.scoring.palette_table import ROLES, SIGNATURE_ROLES, table_of
from workers.scoring.pixels import Pixels, shrink
from workers.scoring.subject import Subject

TOLERANCE: Final = 10.0
"""CIEDE2000 within which a colour passes for the brand's own in shaded artwork (print proofs allow about 3 to 5)."""
_LONG_SIDE: Final = 160
"""Pixels of the longer side on which coverage is counted: its error on a share is below half a per cent."""

COVERAGE: Final = Scale("brand_colour.coverage", "share of pixels", 0.0, 1.0, "higher")
GROUND: Final = Scale("brand_colour.ground", "share of pixels", 0.0, 1.0, "none")
DISTANCE: Final = Scale("brand_colour.distance", "CIEDE2000", 0.0, 200.0, "lower")
ROLE_DISTANCES: Final = {
    role: Scale(f"brand_colour.{role}_distance", "CIEDE2000", 0.0, 200.0, "lower") for role in SIGNATURE_ROLES
}


class BrandColourCheck:
    """Coverage by the primary, secondary and accent colours, and distances of the dominant colours."""

    name: Final = "brand_colour"
    version: Final = "1"
    scales: Final = (COVERAGE, GROUND, DISTANCE, *ROLE_DISTANCES.values())

    def measure(self, subject: Subject) -> tuple[Measurement, ...]:
        """One measurement for each scale."""
        signature, ground = coverage(subject.small, subject.palette)
        colours = subject.dominant
        distances = ciede2000(colours.lab[:, None, :], table_of(subject.palette).lab[None, :, :])
        nearest = distances.min(axis=0)
        return (
            COVERAGE.reading(signature, self, f"within {TOLERANCE:g} of primary, secondary or accent"),
            GROUND.reading(ground, self, f"within {TOLERANCE:g} of paper or ink, and of no other brand colour"),
            DISTANCE.reading(float(colours.shares @ distances.min(axis=1)), self, "of the average dominant colour"),
            *(
                scale.reading(float(nearest[ROLES.index(role)]), self, "of the nearest dominant colour")
                for role, scale in ROLE_DISTANCES.items()
            ),
        )


def coverage(small: Pixels, palette: Palette) -> tuple[float, float]:
    """The shares of `small` (BGR) that wear a signature colour, and that wear only paper or ink."""
    near = table_of(palette).of(shrink(small, _LONG_SIDE)) <= TOLERANCE
    signature = near[:, : len(SIGNATURE_ROLES)].any(axis=1)
    ground = near.any(axis=1) & ~signature
    return float(np.mean(signature)), float(np.mean(ground))
