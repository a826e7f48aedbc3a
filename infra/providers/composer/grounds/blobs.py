"""A few large organic shapes of neighbouring tones, and one small one that stands out."""

from __future__ import annotations

import numpy as np

from infra.providers.composer.brush import Sheet
from infra.providers.composer.colour import shade
from infra.providers.composer.geometry import WIDTH
from infra.providers.composer.grounds.curves import blob
from infra.providers.composer.harmony import blend
from infra.providers.composer.scheme import Scheme


def paint(sheet: Sheet, scheme: Scheme, draw: np.random.Generator) -> None:
    """Paint the whole sheet."""
    base = scheme.tones[1]
    sheet.wash([[base, shade(base, 0.02)], [shade(base, -0.02), base]])
    unit = min(WIDTH, sheet.height)
    turn = draw.uniform(0, 2 * np.pi)
    for index, tone in enumerate((scheme.tones[2], scheme.tones[3], scheme.tones[4], scheme.tones[0])):
        angle = turn + index * np.pi * 0.55
        centre = (WIDTH / 2 + 0.58 * WIDTH * np.cos(angle), sheet.height / 2 + 0.52 * sheet.height * np.sin(angle))
        sheet.polygon(blob(draw, centre, unit * draw.uniform(0.34, 0.5)), tone)
    corner = (WIDTH * float(draw.choice((0.06, 0.94))), sheet.height * draw.uniform(0.2, 0.5))
    sheet.polygon(blob(draw, corner, unit * 0.13), blend(scheme.tones[2], scheme.spark, 0.75))
