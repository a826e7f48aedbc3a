"""The surface of a sheet of paper: fibres, grain and the cloudiness of the pulp, as a tile that repeats."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from imaging.composer.paint.brush import Mask

Relief = npt.NDArray[np.float32]
"""Levels by which each pixel is lighter or darker than the sheet: height x width."""
FLAT: Final = 64
"""What stands for no change in a relief of bytes."""
TILE: Final = 640
"""Units along each side of the tile, and pixels at its finest."""
_FIBRES: Final = 620
_LENGTH: Final = (10.0, 46.0)
"""Units that a fibre is long."""
_BEND: Final = 0.5
"""Radians by which a fibre turns from one third of its length to the next (standard deviation)."""
_SHADES: Final = (("fibre", 7.0), ("grain", 2.2), ("cloud", 1.3))
"""Levels of each: a fibre's at its middle, the others' standard deviation."""
COARSEST_PART: Final = 4
"""Units of a pixel of the tile at its coarsest."""


@lru_cache(maxsize=8)
def fibres(scale: float) -> Mask:
    """The tile for sheets of `scale` pixels a unit, about `FLAT`: the coarsest of its sizes that is fine enough."""
    part = next((part for part in (COARSEST_PART, 2) if scale * part <= 1), 1)
    small = cv2.resize(_tile(), (TILE // part, TILE // part), interpolation=cv2.INTER_AREA)
    return np.asarray(np.rint(np.clip(small + FLAT, 0, 2 * FLAT)), np.uint8)


@lru_cache(maxsize=1)
def _tile() -> Relief:
    """The tile at its finest; one for all images, which look at it through windows of their own."""
    draw = np.random.Generator(np.random.PCG64(1))
    levels = dict(_SHADES)
    grain = draw.normal(0, levels["grain"], (TILE, TILE)).astype(np.float32)
    cloud = _wrapped_blur(draw.normal(0, 1, (TILE, TILE)).astype(np.float32), 14.0)
    cloud *= levels["cloud"] / float(cloud.std())
    fibre = _strokes(draw) * np.float32(levels["fibre"] / 255)
    return np.asarray(_wrapped_blur(grain, 0.6) + cloud + fibre, np.float32)


def _strokes(draw: np.random.Generator) -> Relief:
    """Fibres, -255 to 255: two in three darker than the sheet. Those that leave the tile come in on its other side."""
    light, dark = np.zeros((2, 3 * TILE, 3 * TILE), np.uint8)
    for index in range(_FIBRES):
        start, heading = draw.uniform(TILE, 2 * TILE, 2), draw.uniform(0, 2 * np.pi)
        turns = heading + np.cumsum(draw.normal(0, _BEND, 3))
        steps = np.stack((np.cos(turns), np.sin(turns)), axis=1) * draw.uniform(*_LENGTH) / 3
        path = np.concatenate(([start], start + np.cumsum(steps, axis=0))) * 16
        where, shade = light if index % 3 == 0 else dark, int(draw.integers(70, 255))
        cv2.polylines(where, [np.rint(path).astype(np.int32)], False, shade, 1, cv2.LINE_AA, 4)  # noqa: FBT003
    one, other = (wide.reshape(3, TILE, 3, TILE).max(axis=(0, 2)).astype(np.float32) for wide in (light, dark))
    return np.asarray(one - other, np.float32)


def _wrapped_blur(tile: Relief, sigma: float) -> Relief:
    """A Gaussian blur over the tile's edges."""
    rim = int(4 * sigma) + 1
    wide = cv2.copyMakeBorder(tile, rim, rim, rim, rim, cv2.BORDER_WRAP)
    return np.asarray(cv2.GaussianBlur(wide, (0, 0), sigma)[rim:-rim, rim:-rim], np.float32)
