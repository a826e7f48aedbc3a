"""Layered hills under a low sun, each range deeper in tone than the one behind it."""

from __future__ import annotations

import numpy as np

from imaging.colour import mix, shade
from imaging.composer.colour.harmony import blend
from imaging.composer.colour.scheme import Scheme
from imaging.composer.grounds.curves import below, wave
from imaging.composer.paint.brush import Sheet
from imaging.composer.scene.geometry import WIDTH

_RANGES = 5


def paint(sheet: Sheet, scheme: Scheme, draw: np.random.Generator) -> None:
    """Paint the whole sheet."""
    bright, deep = scheme.tones[-1], scheme.tones[0]
    sky = blend(bright, scheme.spark, 0.14)
    sheet.wash([[shade(bright, 0.04)] * 2, [sky] * 2, [blend(sky, scheme.spark, 0.22)] * 2])
    horizon = sheet.height * draw.uniform(0.42, 0.56)
    sun = (WIDTH * draw.uniform(0.2, 0.8), horizon - draw.uniform(20, 120))
    radius = draw.uniform(90, 150) * min(1.0, sheet.height / 800)
    for reach, share in ((1.9, 0.1), (1.45, 0.2), (1.0, 0.62)):
        sheet.circle(sun, radius * reach, blend(sky, scheme.spark, share))
    for index in range(_RANGES):
        depth = index / (_RANGES - 1)
        level = horizon + (sheet.height - horizon) * (0.04 + 0.78 * depth)
        ridge = wave(draw, level, (26 + 44 * depth) * min(1.0, sheet.height / 800))
        sheet.polygon(below(ridge, sheet.height + 10), mix(blend(bright, scheme.spark, 0.1), deep, 0.25 + 0.75 * depth))
