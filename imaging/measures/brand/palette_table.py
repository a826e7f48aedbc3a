"""The distance of every colour from a brand's colours: a table over RGB, built once for a palette."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np

from imaging.ciede2000 import ciede2000
from imaging.pixels import BgrImage, Doubles, Floats, Levels, Places, to_lab
from schemas.brands import Palette

ROLES: Final = ("primary", "secondary", "accent", "paper", "ink")
SIGNATURE_ROLES: Final = ("primary", "secondary", "accent")
"""The roles that make a brand recognisable; paper and ink (often white and black) are in every image."""

TOLERANCE: Final = 10.0
"""CIEDE2000 within which a colour counts as the brand's own in shaded artwork (print proofs allow about 3 to 5)."""
SIGNATURE: Final = 1
GROUND: Final = 2
NO_SIGNATURE: Final = 255

_SIDE: Final = 32
"""Cells a channel: 8 levels wide, so a looked-up difference is within about 3 of the exact one."""
_PLACE_VALUES: Final = np.array([1, _SIDE, _SIDE * _SIDE], np.float32)
"""Of blue, green and red."""
_PALETTES_KEPT: Final = 16
"""At 0.8 MB each."""


@dataclass(frozen=True, slots=True)
class PaletteTable:
    """The brand's colours in CIELAB, in the order of `ROLES`, and the distances of all RGB cells to them.

    Shapes: `lab` (5, 3); `distances`, in CIEDE2000, (5, 32 * 32 * 32). `nearest` is the least of each cell, and
    `wears` says which kind of colour it counts as: `SIGNATURE`, `GROUND` (paper or ink alone) or none; `signature`
    which of the `SIGNATURE_ROLES` that is, `NO_SIGNATURE` where it is none. `darkest` is the
    lightest channel of the darkest colour, `lightest` the darkest channel of the lightest, 0 to 255.
    """

    lab: Doubles
    distances: Floats
    nearest: Floats
    wears: Levels
    signature: Levels
    darkest: int
    lightest: int

    def of(self, bgr: BgrImage) -> Floats:
        """CIEDE2000 of every pixel of `bgr` to every role, shape (pixels, 5)."""
        return np.asarray(self.distances[:, cells_of(bgr)].T)

    def shares(self, bgr: BgrImage) -> tuple[float, float]:
        """The shares of `bgr` that wear a signature colour, and that wear the ground's alone."""
        return self.shares_of(cells_of(bgr))

    def shares_of(self, cells: Places) -> tuple[float, float]:
        """The same of the cells of pixels."""
        worn = self.wears.take(cells)
        return np.count_nonzero(worn == SIGNATURE) / len(cells), np.count_nonzero(worn == GROUND) / len(cells)


def cells_of(bgr: BgrImage) -> Places:
    """The cell of every pixel, shape (pixels,)."""
    coarse = (bgr >> 3).reshape(-1, 3).astype(np.float32)
    return np.asarray(coarse @ _PLACE_VALUES, dtype=np.intp)  # whole numbers below 2^24: exact, and by BLAS


def hex_to_bgr(colour: str) -> BgrImage:
    """The pixel of ``#rrggbb``, shape (1, 1, 3)."""
    return BgrImage(np.frombuffer(bytes.fromhex(colour[1:]), dtype=np.uint8)[::-1].reshape(1, 1, 3))


@lru_cache(maxsize=_PALETTES_KEPT)
def table_of(palette: Palette) -> PaletteTable:
    """The table of `palette`; about 40 ms the first time, then kept."""
    pixels = BgrImage(np.concatenate([hex_to_bgr(getattr(palette, role)) for role in ROLES], axis=1))
    lab = to_lab(pixels)[0].astype(np.float64)
    centres = (np.arange(_SIDE) * 8 + 4).astype(np.uint8)
    red, green, blue = np.meshgrid(centres, centres, centres, indexing="ij")
    cells = to_lab(BgrImage(np.stack([blue, green, red], axis=-1).reshape(1, -1, 3)))[0]
    distances = ciede2000(lab[:, None, :], cells[None, :, :]).astype(np.float32)
    near = distances <= TOLERANCE
    wearing = near[: len(SIGNATURE_ROLES)].any(axis=0)
    wears = np.where(wearing, SIGNATURE, np.where(near.any(axis=0), GROUND, 0)).astype(np.uint8)
    signature = np.where(wearing, distances[: len(SIGNATURE_ROLES)].argmin(axis=0), NO_SIGNATURE).astype(np.uint8)
    nearest = distances.min(axis=0)
    for table in (distances, nearest, wears, signature):
        table.setflags(write=False)
    ends = int(pixels.max(axis=2).min()), int(pixels.min(axis=2).max())
    return PaletteTable(lab, distances, nearest, wears, signature, *ends)
