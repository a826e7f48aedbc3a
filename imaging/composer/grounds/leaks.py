"""Light leaking into a camera: broad glows from the edges over a deep ground."""

from __future__ import annotations

import numpy as np

from imaging.colour import mix
from imaging.composer.colour.scheme import Scheme
from imaging.composer.paint.brush import Sheet

_COLUMNS, _ROWS = 7, 7


def paint(sheet: Sheet, scheme: Scheme, draw: np.random.Generator) -> None:
    """Paint the whole sheet."""
    deep, base, middle, far, bright = scheme.tones
    side = int(draw.integers(0, 2))
    tilt, reach = draw.uniform(-0.6, 0.6), draw.uniform(0.5, 0.8)
    second = draw.uniform(0.1, 0.9)
    grid = []
    for row in range(_ROWS):
        down = row / (_ROWS - 1)
        line = []
        for column in range(_COLUMNS):
            across = column / (_COLUMNS - 1)
            edge = 1 - across if side else across
            glow = float(np.exp(-(((edge + tilt * (down - 0.5)) / (0.42 * reach)) ** 2)))
            other = float(np.exp(-(((1 - edge) / 0.22) ** 2) - (((down - second) / 0.3) ** 2)))
            tone = mix(mix(deep, base, 0.4 + 0.6 * down), mix(bright, scheme.glow, 0.12), 0.8 * glow)
            line.append(mix(tone, mix(far, middle, 0.5), 0.7 * other))
        grid.append(line)
    sheet.wash(grid)
