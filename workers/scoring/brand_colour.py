"""Brand colours: how much of the picture wears them, and how far its dominant colours are from them."""

from __future__ import annotations

from typing import Final

from schemas.scorecards import Measurement
from workers.scoring.check import Scale
from workers.scoring.ciede2000 import ciede2000
from workers.scoring.palette_table import ROLES, SIGNATURE_ROLES, TOLERANCE, table_of
from workers.scoring.subject import Subject

COVERAGE: Final = Scale("brand_colour.coverage", "share of pixels", 0.0, 1.0, "higher")
GROUND: Final = Scale("brand_colour.ground", "share of pixels", 0.0, 1.0, "none")
DISTANCE: Final = Scale("brand_colour.distance", "CIEDE2000", 0.0, 200.0, "lower")
ROLE_DISTANCES: Final = {
    role: Scale(f"brand_colour.{role}_distance", "CIEDE2000", 0.0, 200.0, "lower") for role in SIGNATURE_ROLES
}


class BrandColourCheck:
    """Coverage by the primary, secondary and accent colours, and distances of the dominant colours."""

    name: Final = "brand_colour"
    version: Final = "2"
    scales: Final = (COVERAGE, GROUND, DISTANCE, *ROLE_DISTANCES.values())

    def measure(self, subject: Subject) -> tuple[Measurement, ...]:
        """One measurement for each scale."""
        signature, ground = table_of(subject.palette).shares(subject.tiny)
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
