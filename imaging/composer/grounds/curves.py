"""Smooth curves for grounds: waves and closed blobs, as points in units."""

from __future__ import annotations

import numpy as np

from imaging.composer.scene.geometry import WIDTH
from imaging.pixels import Doubles

Points = Doubles


def wave(draw: np.random.Generator, level: float, swing: float, rough: int = 3) -> Points:
    """A ridge from left to right about `level`, swinging by about `swing` units: a sum of sines of falling weight."""
    across = np.linspace(-20, WIDTH + 20, 240)
    heights = np.full_like(across, level)
    for index in range(1, rough + 1):
        phase, bend = draw.uniform(0, 2 * np.pi), draw.uniform(0.7, 1.3)
        heights += swing / index * np.sin(across / WIDTH * 2 * np.pi * 0.55 * index * bend + phase)
    return np.stack((across, heights), axis=1)


def below(ridge: Points, bottom: float) -> Points:
    """The area from `ridge` down to `bottom`, as a closed outline."""
    return np.concatenate((ridge, [(ridge[-1, 0], bottom), (ridge[0, 0], bottom)]))


def blob(draw: np.random.Generator, centre: tuple[float, float], radius: float, wobble: float = 0.22) -> Points:
    """A closed organic outline about `centre`: a circle with three harmonics of random phase."""
    turns = np.linspace(0, 2 * np.pi, 180, endpoint=False)
    reach = np.ones_like(turns)
    for harmonic, weight in ((2, 1.0), (3, 0.6), (5, 0.25)):
        reach += wobble * weight * draw.uniform(0.4, 1.0) * np.cos(harmonic * turns + draw.uniform(0, 2 * np.pi))
    return np.stack((centre[0] + radius * reach * np.cos(turns), centre[1] + radius * reach * np.sin(turns)), axis=1)
