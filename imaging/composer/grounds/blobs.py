"""A few large organic shapes of neighbouring tones, and one small one in a contrasting colour."""

from __future__ import annotations

import numpy as np

from imaging.colour import shade
from imaging.composer.colour.harmony import blend
from imaging.composer.colour.scheme import Scheme
from imaging.composer.grounds.curves import blob
from imaging.composer.paint.brush import Sheet
from imaging.composer.scene.geometry import WIDTH


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
