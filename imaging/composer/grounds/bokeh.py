"""Lights out of focus: discs of a few sizes with paler rims, denser towards one corner."""

from __future__ import annotations

import numpy as np

from imaging.colour import mix
from imaging.composer.colour.harmony import blend
from imaging.composer.colour.scheme import Scheme
from imaging.composer.paint.brush import Sheet
from imaging.composer.scene.geometry import WIDTH

_LIGHTS = 26


def paint(sheet: Sheet, scheme: Scheme, draw: np.random.Generator) -> None:
    """Paint the whole sheet."""
    deep, base, middle, far, bright = scheme.tones
    sheet.wash([[base, middle], [deep, base]])
    unit = min(WIDTH, sheet.height)
    corner = np.array((float(draw.choice((0.1, 0.9))) * WIDTH, draw.uniform(0.05, 0.4) * sheet.height))
    for _ in range(_LIGHTS):
        away = draw.normal(0, 0.34, 2) * (WIDTH, sheet.height)
        centre = (float(corner[0] + away[0]), float(corner[1] + away[1]))
        radius = unit * draw.uniform(0.025, 0.11)
        warmth = draw.uniform(0, 1)
        light = mix(mix(middle, bright, 0.7), blend(far, scheme.spark, 0.5), float(warmth > 0.72))  # noqa: PLR2004
        sheet.circle(centre, radius, mix(base, light, 0.85))
        sheet.circle(centre, radius * 0.9, mix(base, light, 0.6))
