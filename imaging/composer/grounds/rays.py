"""Rays from a rising sun."""

from __future__ import annotations

import numpy as np

from imaging.colour import mix
from imaging.composer.colour.harmony import blend
from imaging.composer.colour.scheme import Scheme
from imaging.composer.paint.brush import Sheet
from imaging.composer.scene.geometry import WIDTH


def paint(sheet: Sheet, scheme: Scheme, draw: np.random.Generator) -> None:
    """Paint the whole sheet."""
    sheet.wash([[scheme.tones[1]] * 2, [scheme.tones[2]] * 2, [blend(scheme.tones[3], scheme.spark, 0.12)] * 2])
    source = (WIDTH * draw.uniform(0.3, 0.7), sheet.height * draw.uniform(0.34, 0.6))
    count = int(draw.integers(9, 15))
    reach = 1.6 * float(np.hypot(WIDTH, sheet.height))
    start, width = draw.uniform(0, 2 * np.pi), np.pi / count
    light = mix(scheme.tones[4], scheme.tones[2], 0.2)
    for index in range(count):
        angles = start + index * 2 * width + np.array((0.0, width))
        rim = [(source[0] + reach * np.cos(angle), source[1] + reach * np.sin(angle)) for angle in angles]
        sheet.polygon([source, *rim], light)
    radius = draw.uniform(0.26, 0.34) * min(WIDTH, sheet.height)
    for share, size in ((0.22, 1.32), (0.4, 1.14), (0.68, 1.0)):
        sheet.circle(source, radius * size, blend(scheme.tones[3], scheme.spark, share))
