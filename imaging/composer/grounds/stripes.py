"""Broad diagonal stripes of neighbouring tones, one of them in the contrast colour."""

from __future__ import annotations

import numpy as np

from imaging.composer.colour.harmony import blend
from imaging.composer.colour.scheme import Scheme
from imaging.composer.paint.brush import Sheet
from imaging.composer.scene.geometry import WIDTH


def paint(sheet: Sheet, scheme: Scheme, draw: np.random.Generator) -> None:
    """Paint the whole sheet."""
    tones = scheme.tones
    sheet.wash([[tones[1], tones[1]], [tones[1], tones[2]]])
    lean = float(draw.choice((-0.62, 0.62)))
    width = min(WIDTH, sheet.height) * draw.uniform(0.13, 0.2)
    drift = lean * sheet.height
    start = min(0.0, drift) - float(draw.uniform(0, 3)) * width
    odd = int(draw.integers(2, 5))
    for index in range(int((WIDTH + abs(drift)) / width) + 5):
        left = start + index * width - max(drift, 0.0)
        colour = blend(tones[2], scheme.spark, 0.75) if index % 7 == odd else tones[(0, 2, 1, 3)[index % 4]]
        right = left + width * (0.34 if index % 7 == odd else 1.0)
        sheet.polygon([(left + drift, 0), (right + drift, 0), (right, sheet.height), (left, sheet.height)], colour)
