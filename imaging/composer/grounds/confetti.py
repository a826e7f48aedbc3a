"""Small shapes scattered over a flat ground: dots, bars, rings and triangles, none near another."""

from __future__ import annotations

import numpy as np

from imaging.colour import shade
from imaging.composer.colour.harmony import blend
from imaging.composer.colour.scheme import Scheme
from imaging.composer.paint.brush import Sheet
from imaging.composer.scene.geometry import WIDTH

_PITCH = 118.0
"""Units between two places; each is moved at random by up to a third of it."""


def paint(sheet: Sheet, scheme: Scheme, draw: np.random.Generator) -> None:
    """Paint the whole sheet."""
    base = scheme.tones[1]
    sheet.wash([[base, shade(base, 0.02)], [shade(base, -0.02), base]])
    colours = (*scheme.tones[2:], scheme.tones[0], blend(scheme.tones[2], scheme.spark, 0.8))
    for row in range(-1, int(sheet.height / _PITCH) + 2):
        for column in range(-1, int(WIDTH / _PITCH) + 2):
            shaken = draw.uniform(-1, 1, 2) * _PITCH / 3
            centre = ((column + 0.5 * (row % 2)) * _PITCH + shaken[0], row * _PITCH + shaken[1])
            colour = colours[int(draw.integers(len(colours)))]
            _shape(sheet, (float(centre[0]), float(centre[1])), int(draw.integers(4)), draw.uniform(0, np.pi), colour)


def _shape(sheet: Sheet, centre: tuple[float, float], kind: int, turn: float, colour: tuple[int, int, int]) -> None:
    size = 0.17 * _PITCH
    if kind == 0:
        sheet.circle(centre, size * 0.8, colour)
    elif kind == 1:
        sheet.ring(centre, size * 0.8, size * 0.42, colour)
    else:
        corners = 4 if kind == 2 else 3  # noqa: PLR2004 - a bar, else a triangle
        angles = turn + (np.array((0.3, np.pi - 0.3, np.pi + 0.3, -0.3)) if corners == 4 else np.arange(3) * 2.094)  # noqa: PLR2004
        reach = size * (1.3 if corners == 4 else 1.0)  # noqa: PLR2004
        points = np.stack((centre[0] + reach * np.cos(angles), centre[1] + reach * np.sin(angles)), axis=1)
        sheet.polygon(points, colour)
