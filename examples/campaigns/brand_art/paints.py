"""What a shape is filled with: a flat colour, a linear or a radial gradient."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Field = NDArray[np.float32]
"""Values over image points: (height, width) for one value, (height, width, 3) for sRGB colours 0 to 1."""

Stops = Sequence[tuple[float, str]]
"""Positions (0 to 1, rising) and their sRGB hex colours."""


def colour(code: str) -> NDArray[np.float32]:
    """The sRGB colour ``#rrggbb`` as three values of 0 to 1."""
    return np.array([int(code[i : i + 2], 16) for i in (1, 3, 5)], np.float32) / np.float32(255)


def mix(first: str, second: str, share: float) -> str:
    """The colour `share` (0 to 1) of the way from `first` to `second`, mixed in sRGB as design tools do."""
    blend = colour(first) * (1 - share) + colour(second) * share
    return "#" + "".join(f"{round(float(value) * 255):02x}" for value in blend)


def ramp(position: Field, stops: Stops) -> Field:
    """Colours (height, width, 3) of the positions on the gradient `stops`; beyond the ends the end colours hold."""
    places = [place for place, _ in stops]
    colours = np.stack([colour(code) for _, code in stops])
    channels = [np.interp(position, places, colours[:, index]) for index in range(3)]
    return np.stack(channels, axis=-1).astype(np.float32)


class Paint(Protocol):
    """Gives a colour for each point of the image."""

    def at(self, x: Field, y: Field) -> Field:
        """The colours (height, width, 3) at the points `x`, `y`, in image units."""
        ...


@dataclass(frozen=True)
class Flat:
    """One colour everywhere."""

    code: str

    def at(self, x: Field, y: Field) -> Field:  # noqa: ARG002  (a flat paint has the same colour at every height)
        """The same colour at every point."""
        return np.broadcast_to(colour(self.code), (*x.shape, 3)).astype(np.float32)


@dataclass(frozen=True)
class Linear:
    """A gradient along the line from `start` to `end` (image units)."""

    start: tuple[float, float]
    end: tuple[float, float]
    stops: Stops

    def at(self, x: Field, y: Field) -> Field:
        """The colour by the projection of each point on the line."""
        across, down = self.end[0] - self.start[0], self.end[1] - self.start[1]
        along = ((x - self.start[0]) * across + (y - self.start[1]) * down) / (across**2 + down**2)
        return ramp(along.astype(np.float32), self.stops)


@dataclass(frozen=True)
class Radial:
    """A gradient from `centre` out to the ellipse with the half axes `radius` (image units)."""

    centre: tuple[float, float]
    radius: tuple[float, float]
    stops: Stops

    def at(self, x: Field, y: Field) -> Field:
        """The colour by the distance of each point from the centre."""
        distance = np.hypot((x - self.centre[0]) / self.radius[0], (y - self.centre[1]) / self.radius[1])
        return ramp(distance.astype(np.float32), self.stops)
