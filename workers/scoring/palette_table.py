"""How far every colour is from a brand's: a table over RGB, built once for a palette."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
import numpy.typing as npt

from schemas.brands import Palette
from workers.scoring.ciede2000 import ciede2000
from workers.scoring.pixels import Doubles, Floats, Pixels, to_lab

ROLES: Final = ("primary", "secondary", "accent", "paper", "ink")
SIGNATURE_ROLES: Final = ("primary", "secondary", "accent")
"""The roles that make a brand recognisable; paper and ink (often white and black) stand in every picture."""

TOLERANCE: Final = 10.0
"""CIEDE2000 within which a colour passes for the brand's own in shaded artwork (print proofs allow about 3 to 5)."""
SIGNATURE: Final = 1
GROUND: Final = 2

_SIDE: Final = 32
"""Cells a channel: 8 levels wide, so that a looked-up difference is within about 3 of the exact one."""
_PALETTES_KEPT: Final = 16
"""At 0.6 MB each."""


@dataclass(frozen=True, slots=True)
class PaletteTable:
    """The brand's colours in CIELAB, in the order of `ROLES`, and the distances of all RGB cells to them.

    Shapes: `lab` (5, 3); `distances`, in CIEDE2000, (32 * 32 * 32, 5). `wears` says of each cell which colour it
    passes for: `SIGNATURE`, `GROUND` (paper or ink alone) or none.
    """

    lab: Doubles
    distances: Floats
    wears: Pixels

    def of(self, bgr: Pixels) -> Floats:
        """CIEDE2000 of every pixel of `bgr` to every role, shape (pixels, 5)."""
        distances: Floats = self.distances[_cells(bgr)]
        return distances

    def shares(self, bgr: Pixels) -> tuple[float, float]:
        """The shares of `bgr` that wear a signature colour, and that wear the ground's alone."""
        counts = np.bincount(self.wears[_cells(bgr)], minlength=3) / (bgr.shape[0] * bgr.shape[1])
        return float(counts[SIGNATURE]), float(counts[GROUND])


def _cells(bgr: Pixels) -> npt.NDArray[np.uint16]:
    """The cell of every pixel, shape (pixels,)."""
    coarse = (bgr >> 3).reshape(-1, 3).astype(np.uint16)
    cells: npt.NDArray[np.uint16] = (coarse[:, 2] << 10) + (coarse[:, 1] << 5) + coarse[:, 0]
    return cells


def hex_to_bgr(colour: str) -> Pixels:
    """The pixel of ``#rrggbb``, shape (1, 1, 3)."""
    return np.frombuffer(bytes.fromhex(colour[1:]), dtype=np.uint8)[::-1].reshape(1, 1, 3)


@lru_cache(maxsize=_PALETTES_KEPT)
def table_of(palette: Palette) -> PaletteTable:
    """The table of `palette`; about 40 ms the first time, then kept."""
    pixels = np.concatenate([hex_to_bgr(getattr(palette, role)) for role in ROLES], axis=1)
    lab = to_lab(pixels)[0].astype(np.float64)
    centres = (np.arange(_SIDE) * 8 + 4).astype(np.uint8)
    red, green, blue = np.meshgrid(centres, centres, centres, indexing="ij")
    cells = to_lab(np.stack([blue, green, red], axis=-1).reshape(1, -1, 3))[0]
    distances = ciede2000(cells[:, None, :], lab[None, :, :]).astype(np.float32)
    near = distances <= TOLERANCE
    signature = near[:, : len(SIGNATURE_ROLES)].any(axis=1)
    wears = np.where(signature, SIGNATURE, np.where(near.any(axis=1), GROUND, 0)).astype(np.uint8)
    distances.setflags(write=False)
    wears.setflags(write=False)
    return PaletteTable(lab, distances, wears)
