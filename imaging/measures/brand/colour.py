"""Brand colours: how much of the image has them, and how far its pixels are from them."""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np

from imaging.ciede2000 import ciede2000
from imaging.measures.brand.palette_table import SIGNATURE_ROLES, TOLERANCE, PaletteTable, cells_of, table_of
from imaging.measures.check import Scale
from imaging.measures.subject import Subject
from imaging.pixels import BgrImage, Places, every
from schemas.scorecards import Measurement

COVERAGE: Final = Scale("brand_colour.coverage", "share of pixels", 0.0, 1.0, "higher")
GROUND: Final = Scale("brand_colour.ground", "share of pixels", 0.0, 1.0, "none")
DISTANCE: Final = Scale("brand_colour.distance", "CIEDE2000", 0.0, 200.0, "lower")
ROLE_DISTANCES: Final = {
    role: Scale(f"brand_colour.{role}_distance", "CIEDE2000", 0.0, 200.0, "lower") for role in SIGNATURE_ROLES
}


_PRESENT: Final = 0.05
"""The share of the pixels, those nearest to a brand colour, that decides whether it is there: a large button's."""
_ROWS: Final = 64
"""Rows that are measured, every second pixel of each."""


class BrandColourCheck:
    """Coverage by the primary, secondary and accent colours, and how far pixels are from the brand's colours."""

    name: Final = "brand_colour"
    version: Final = "3"
    scales: Final = (COVERAGE, GROUND, DISTANCE, *ROLE_DISTANCES.values())

    def measure(self, subject: Subject) -> tuple[Measurement, ...]:
        """One measurement for each scale."""
        table = table_of(subject.palette)
        pixels = BgrImage(every(subject.tiny, _ROWS)[:, ::2])
        cells = cells_of(pixels)
        signature, ground = table.shares_of(cells)
        distances = role_distances(pixels, cells, table)
        return (
            COVERAGE.reading(signature, self, f"within {TOLERANCE:g} of primary, secondary or accent"),
            GROUND.reading(ground, self, f"within {TOLERANCE:g} of paper or ink, and of no other brand colour"),
            DISTANCE.reading(
                cv2.mean(table.nearest.take(cells))[0], self, "of the average pixel from the nearest colour"
            ),
            *(
                scale.reading(distance, self, f"of the nearest {_PRESENT:.0%} of the image")
                for scale, distance in zip(ROLE_DISTANCES.values(), distances, strict=True)
            ),
        )


def role_distances(bgr: BgrImage, cells: Places, table: PaletteTable) -> list[float]:
    """For each signature colour the distance, in CIEDE2000, of the mean of the pixels that are nearest to it."""
    count = max(1, round(_PRESENT * len(cells)))
    looked_up = table.distances[: len(SIGNATURE_ROLES)].take(cells, axis=1)
    nearest = np.argpartition(looked_up, count - 1, axis=1)[:, :count]
    means = bgr.reshape(-1, 3).take(nearest, axis=0).sum(axis=1, dtype=np.float32) / np.float32(count)
    lab = cv2.cvtColor((means / np.float32(255.0))[None], cv2.COLOR_BGR2Lab)[0]
    return [float(distance) for distance in ciede2000(lab, table.lab[: len(SIGNATURE_ROLES)])]
