"""Concentric bands around one corner, like a rainbow or the grooves of a record."""

from __future__ import annotations

import numpy as np

from imaging.composer.colour.harmony import blend
from imaging.composer.colour.scheme import Scheme
from imaging.composer.paint.brush import Sheet
from imaging.composer.scene.geometry import WIDTH


def paint(sheet: Sheet, scheme: Scheme, draw: np.random.Generator) -> None:
    """Paint the whole sheet."""
    sheet.wash([[scheme.tones[1], scheme.tones[2]], [scheme.tones[1], scheme.tones[1]]])
    centre = (WIDTH * float(draw.choice((0.0, 1.0, 0.5))), sheet.height * float(draw.choice((0.0, 0.45, 1.0))))
    unit = min(WIDTH, sheet.height)
    band = unit * draw.uniform(0.085, 0.12)
    deep, _, middle, far, bright = scheme.tones
    colours = (bright, middle, blend(far, scheme.spark, 0.55), deep, far)
    first = unit * draw.uniform(0.62, 0.78)
    for index, colour in enumerate(colours):
        sheet.circle(centre, first - index * band, colour)
    sheet.circle(centre, first - len(colours) * band, blend(scheme.tones[2], scheme.spark, 0.7))
