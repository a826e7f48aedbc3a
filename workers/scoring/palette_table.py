"""How far every colour is from a brand's: a table over RGB, built once for a palette."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np

from schemas.brands import Palette
from workers.scoring.ciede2000 import ciede2000
from workers.scoring.pixels import Doubles, Floats, Pixels, to_lab

ROLES: Final = ("primary", "secondary", "accent", "paper", "ink")
SIGNATURE_ROLES: Final = ("primary", "secondary", "accent")
"""The roles that make a brand recognisable; paper and ink (often white and black) stand in every picture."""

_SIDE: Final = 32
"""Cells a channel: 8 levels wide, so that a looked-up difference is within about 3 of the exact one."""
_PALETTES_KEPT: Final = 16
"""At 0.6 MB each."""


@dataclass(frozen=True, slots=True)
class PaletteTable:
    """The brand's colours in CIELAB, in the order of `ROLES`, and the distances of all RGB cells to them.

    Shapes: `lab` (5, 3); `distances`, in CIEDE2000, (32 * 32 * 32, 5).
    """

    lab: Doubles
    distances: Floats

    def of(self, bgr: Pixels) -> Floats:
        """CIEDE2000 of every pixel of `bgr` to every role, shape (pixels, 5)."""
        cells = (bgr >> 3).reshape(-1, 3).astype(np.int32)
        distances: Floats = self.distances[(cells[:, 2] * _SIDE + cells[:, 1]) * _SIDE + cells[:, 0]]
        return distances


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
    distances.setflags(write=False)
    return PaletteTable(lab, distances)
