"""A mesh gradient: soft fields of the scheme's tones with one warm glow."""

from __future__ import annotations

import numpy as np

from imaging.colour import RgbColour, mix, shade
from imaging.composer.colour.scheme import Scheme
from imaging.composer.paint.brush import Sheet

_COLUMNS, _ROWS = 4, 5


def paint(sheet: Sheet, scheme: Scheme, draw: np.random.Generator) -> None:
    """Paint the whole sheet."""
    glow = int(draw.integers(0, _COLUMNS)), int(draw.integers(0, _ROWS))
    grid: list[list[RgbColour]] = []
    for row in range(_ROWS):
        colours = [scheme.tones[int(draw.integers(0, len(scheme.tones)))] for _ in range(_COLUMNS)]
        grid.append([shade(colour, float(draw.uniform(-0.05, 0.05))) for colour in colours])
        for column in range(_COLUMNS):
            away = abs(column - glow[0]) + abs(row - glow[1])
            share = {0: 0.55, 1: 0.25}.get(away, 0.0)
            grid[row][column] = mix(grid[row][column], scheme.glow, share)
    sheet.wash(grid)
