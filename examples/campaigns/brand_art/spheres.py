"""Balls: spheres lit from the top left, with dimples, felt or seams."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from brand_art.canvas import Canvas
from brand_art.paints import Field, Stops, ramp
from brand_art.shapes import Path, ellipse

Vectors = NDArray[np.float64]
"""Directions from a ball's middle (count, 3): right, down, towards the viewer."""

_LIGHT = np.array([-0.46, -0.62, 0.64])
_GOLDEN_ANGLE = np.pi * (3 - 5**0.5)
"""Turn between neighbours on a Fibonacci lattice, which spreads points evenly over a sphere (González 2010)."""


@dataclass(frozen=True)
class Ball:
    """A ball on the image: its middle and radius in units, and its colours from dark (0) to lit (1)."""

    middle: tuple[float, float]
    radius: float
    tones: Stops

    def normals(self, x: Field, y: Field) -> Field:
        """The unit normals (height, width, 3) of the visible half; outside the ball those of its rim."""
        across, down = (x - self.middle[0]) / self.radius, (y - self.middle[1]) / self.radius
        length = np.maximum(np.hypot(across, down), 1)
        across, down = across / length, down / length
        return np.stack([across, down, np.sqrt(np.maximum(1 - across**2 - down**2, 0))], axis=-1)

    def on_image(self, points: Vectors) -> Path:
        """The places of points of the unit sphere on the image."""
        return np.asarray(self.middle + points[:, :2] * self.radius)


def paint_ball(canvas: Canvas, ball: Ball, bumps: Field | None = None) -> Field:
    """Paints a lit ball, its normals bent by `bumps` (height, width, 3); returns its mask."""
    mask = canvas.mask(ellipse(ball.middle, (ball.radius, ball.radius)))
    normals = ball.normals(*canvas.grid())
    if bumps is not None:
        normals = normals + bumps
        normals /= np.maximum(np.linalg.norm(normals, axis=-1, keepdims=True), 1e-6)
    direction = (_LIGHT / np.linalg.norm(_LIGHT)).astype(np.float32)
    lit = np.clip(normals @ direction, -1, 1) * 0.5 + 0.5
    canvas.lay(ramp(lit.astype(np.float32), ball.tones), mask, np.s_[:, :])
    return mask


def lattice(count: int) -> Vectors:
    """`count` directions spread evenly over the sphere (Fibonacci lattice)."""
    index = np.arange(count)
    height = 1 - 2 * (index + 0.5) / count
    around = np.sqrt(1 - height**2)
    return np.stack([around * np.cos(index * _GOLDEN_ANGLE), height, around * np.sin(index * _GOLDEN_ANGLE)], axis=1)


def dimples(canvas: Canvas, ball: Ball, count: int, size: float, depth: float) -> Field:
    """Bends of the normals by round hollows; `size` is their angular radius in radians, `depth` the steepest slope."""
    x, y = canvas.grid()
    normals = ball.normals(x, y)
    bends = np.zeros_like(normals)
    for centre in lattice(count).astype(np.float32):
        if centre[2] > -size:
            near = _around(ball, centre, size, x[0], y[:, 0])
            bends[near] -= _hollow(normals[near] - centre, size, depth)
    return bends


def _around(ball: Ball, centre: Field, size: float, columns: Field, rows: Field) -> tuple[slice, slice]:
    """The window of the image that holds a dimple, so that each costs its own area alone."""
    reach = size * ball.radius
    across, down = ball.middle[0] + centre[0] * ball.radius, ball.middle[1] + centre[1] * ball.radius
    left, right = np.searchsorted(columns, [across - reach, across + reach])
    top, bottom = np.searchsorted(rows, [down - reach, down + reach])
    return slice(int(top), int(bottom)), slice(int(left), int(right))


def _hollow(away: Field, size: float, depth: float) -> Field:
    """The bend of the normals at the offsets `away` from a dimple's middle: none there and none at its edge."""
    distance = np.sqrt(np.einsum("ijk,ijk->ij", away, away))[..., None]
    slope = np.where(distance < size, np.sin(np.pi * distance / size) * depth, 0)
    return np.asarray(away / np.maximum(distance, 1e-6) * slope, np.float32)


def seam(turn: tuple[float, float, float], bulge: float = 0.25, count: int = 720) -> Vectors:
    """The seam of a tennis ball or baseball, turned by Euler angles (degrees about x, y, z).

    The space curve (a cos t + b cos 3t, a sin t - b sin 3t, 2 sqrt(ab) sin 2t) with a + b = 1 lies on the unit sphere.
    """
    t = np.linspace(0, 2 * np.pi, count, endpoint=False)
    a, b = 1 - bulge, bulge
    curve = np.stack(
        [a * np.cos(t) + b * np.cos(3 * t), a * np.sin(t) - b * np.sin(3 * t), 2 * (a * b) ** 0.5 * np.sin(2 * t)],
        axis=1,
    )
    return curve @ _turning(turn).T


def visible_runs(curve: Vectors) -> list[Vectors]:
    """The parts of a closed curve on the front half of the sphere."""
    front = curve[:, 2] > 0
    start = int(np.argmin(front))
    rolled, seen = np.roll(curve, -start, axis=0), np.roll(front, -start)
    borders = np.flatnonzero(np.diff(seen.astype(np.int8))) + 1
    return [part for part in np.split(rolled, borders) if part[0, 2] > 0 and len(part) > 1]


def _turning(degrees: tuple[float, float, float]) -> Vectors:
    x, y, z = np.radians(degrees)
    about_x = np.array([[1, 0, 0], [0, np.cos(x), -np.sin(x)], [0, np.sin(x), np.cos(x)]])
    about_y = np.array([[np.cos(y), 0, np.sin(y)], [0, 1, 0], [-np.sin(y), 0, np.cos(y)]])
    about_z = np.array([[np.cos(z), -np.sin(z), 0], [np.sin(z), np.cos(z), 0], [0, 0, 1]])
    return np.asarray(about_z @ about_y @ about_x)
