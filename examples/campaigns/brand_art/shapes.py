"""Outlines as arrays of points (count, 2) in image units: what `Canvas.mask` and `Canvas.stroke` take."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Path = NDArray[np.float64]
Point = tuple[float, float]

STEPS = 24
"""Points on each curved piece: at this count a chord leaves its arc by less than a quarter of a pixel."""


def polygon(*points: Point) -> Path:
    """Straight lines through `points`."""
    return np.array(points, np.float64)


def ellipse(centre: Point, radius: Point, first: float = 0, last: float = 360) -> Path:
    """An ellipse, or its arc from `first` to `last` degrees (clockwise on the screen, 0 to the right)."""
    turn = np.radians(np.linspace(first, last, 8 * STEPS))
    return np.stack([centre[0] + radius[0] * np.cos(turn), centre[1] + radius[1] * np.sin(turn)], axis=1)


def rounded(left: float, top: float, right: float, bottom: float, radius: float) -> Path:
    """A rectangle with corners of `radius`."""
    size = (radius, radius)
    corners = [
        ellipse((right - radius, top + radius), size, -90, 0),
        ellipse((right - radius, bottom - radius), size, 0, 90),
        ellipse((left + radius, bottom - radius), size, 90, 180),
        ellipse((left + radius, top + radius), size, 180, 270),
    ]
    return np.concatenate(corners)


def smooth(points: Sequence[Point], *, closed: bool = True) -> Path:
    """A Catmull-Rom curve through `points`."""
    knots = np.array(points, np.float64)
    ends = (knots[-1:], knots[:2]) if closed else (knots[:1], knots[-1:])
    padded = np.concatenate([ends[0], knots, ends[1]])
    pieces = [_catmull_rom(padded[i : i + 4]) for i in range(len(padded) - 3)]
    return np.concatenate([*pieces, padded[-2:-1]])


def _catmull_rom(four: Path) -> Path:
    """The piece between the second and third of four knots (uniform parametrisation, tension 1/2)."""
    t = np.linspace(0, 1, STEPS, endpoint=False)[:, None]
    before, start, end, after = four
    return np.asarray(
        0.5
        * (
            2 * start
            + (end - before) * t
            + (2 * before - 5 * start + 4 * end - after) * t**2
            + (3 * start - before - 3 * end + after) * t**3
        )
    )


def ribbon(spine: Path, widths: Sequence[float]) -> Path:
    """The outline of a band along `spine` whose width goes evenly through `widths`."""
    direction = np.gradient(spine, axis=0)
    direction /= np.maximum(np.linalg.norm(direction, axis=1, keepdims=True), 1e-9)
    normal = np.stack([-direction[:, 1], direction[:, 0]], axis=1)
    places = np.linspace(0, 1, len(spine))
    half = np.interp(places, np.linspace(0, 1, len(widths)), widths)[:, None] / 2
    return np.concatenate([spine + normal * half, (spine - normal * half)[::-1]])


def turned(path: Path, degrees: float, about: Point) -> Path:
    """`path` turned clockwise about a point."""
    angle = np.radians(degrees)
    matrix = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    return np.asarray((path - about) @ matrix + about)


def moved(path: Path, across: float, down: float) -> Path:
    """`path` shifted to the right and down."""
    return np.asarray(path + np.array([across, down]))


def star(centre: Point, outer: float, inner: float, points: int = 5) -> Path:
    """A star standing on two points."""
    turn = np.radians(-90 + np.arange(2 * points) * 180 / points)
    radius = np.where(np.arange(2 * points) % 2 == 0, outer, inner)
    return np.stack([centre[0] + radius * np.cos(turn), centre[1] + radius * np.sin(turn)], axis=1)
