"""A printer's halftone: dots on a rotated grid, larger towards one corner."""

from __future__ import annotations

import numpy as np

from imaging.composer.colour.harmony import blend
from imaging.composer.colour.scheme import Scheme
from imaging.composer.paint.brush import Sheet
from imaging.composer.scene.geometry import WIDTH

_PITCH = 34.0
"""Units between two dots."""


def paint(sheet: Sheet, scheme: Scheme, draw: np.random.Generator) -> None:
    """Paint the whole sheet."""
    sheet.wash([[scheme.tones[1], scheme.tones[2]], [scheme.tones[2], scheme.tones[4]]])
    reach = float(np.hypot(WIDTH, sheet.height))
    source = (float(draw.choice((0.0, 1.0))) * WIDTH, draw.uniform(0.0, 0.55) * sheet.height)
    dot = blend(scheme.tones[3], scheme.spark, 0.6)
    angle = draw.uniform(0.15, 0.5)
    steps = np.arange(-reach, reach, _PITCH)
    along, across = np.meshgrid(steps, steps)
    x = WIDTH / 2 + along * np.cos(angle) - across * np.sin(angle)
    y = sheet.height / 2 + along * np.sin(angle) + across * np.cos(angle)
    near = 1 - np.hypot(x - source[0], y - source[1]) / (0.72 * reach)
    radius = 0.62 * _PITCH * np.clip(near, 0, 1) ** 0.8
    seen = (radius > 1.2) & (x > -_PITCH) & (x < WIDTH + _PITCH) & (y > -_PITCH) & (y < sheet.height + _PITCH)  # noqa: PLR2004
    for centre_x, centre_y, size in zip(x[seen], y[seen], radius[seen], strict=True):
        sheet.circle((float(centre_x), float(centre_y)), float(size), dot)
