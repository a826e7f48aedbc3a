"""Whipped cream, piped in rings that grow smaller towards the top."""

from __future__ import annotations

import numpy as np

from brand_art.canvas import Canvas
from brand_art.paints import Linear, Radial
from brand_art.palettes import WHITE
from brand_art.shapes import ellipse, smooth

_SHADOW = "#6a3420"
_RINGS = 4
_TONES = ((0, WHITE), (0.55, "#fff6e8"), (0.85, "#f0d8bf"), (1, "#cfa88c"))


def swirl(canvas: Canvas, foot: tuple[float, float], radius: float) -> None:
    """Pipes a swirl of `radius` units whose lowest ring is centred on `foot`."""
    for ring in range(_RINGS):
        size = radius * (1 - ring * 0.24)
        middle = (foot[0] + ring * 2, foot[1] - ring * radius * 0.36)
        _ring(canvas, middle, size, ring)
    _tip(canvas, (foot[0] + 6, foot[1] - _RINGS * radius * 0.36), radius * 0.3)


def _ring(canvas: Canvas, middle: tuple[float, float], size: float, ring: int) -> None:
    """One ring of slanting lobes, the back ones first so that the front ones lie over them."""
    outline = canvas.mask(ellipse(middle, (size, size * 0.52)))
    canvas.drop(outline, canvas.covered(), _SHADOW, (5, size * 0.22), size * 0.12, 0.4)
    canvas.paint(outline, "#f6e3cf")
    angles = np.radians(np.arange(0, 360, 40) + ring * 17)
    for angle in sorted(angles, key=lambda value: float(np.sin(value))):
        across = middle[0] + 0.66 * size * float(np.cos(angle))
        down = middle[1] + 0.3 * size * float(np.sin(angle))
        lobe = canvas.mask(ellipse((across, down), (size * 0.42, size * 0.34)))
        light = (across - size * 0.14, down - size * 0.14)
        canvas.paint(lobe, Radial(light, (size * 0.62, size * 0.52), _TONES))
        canvas.inner(lobe, "#c79a7c", (size * 0.05, size * 0.06), size * 0.05, 0.4)


def _tip(canvas: Canvas, middle: tuple[float, float], size: float) -> None:
    x, y = middle
    outline = smooth(
        [
            (x - size, y + size * 0.8),
            (x - size * 0.5, y),
            (x + size * 0.3, y - size * 1.1),
            (x + size * 0.5, y),
            (x + size, y + size * 0.8),
            (x, y + size * 1.2),
        ]
    )
    tip = canvas.mask(outline)
    canvas.paint(tip, Linear((x - size, y - size), (x + size, y + size), _TONES))
    canvas.inner(tip, "#c79a7c", (3, 3), 3, 0.35)
