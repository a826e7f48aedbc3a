"""The artwork behind an ad: each kind a small file, drawn in units so that it is the same at every size."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np

from imaging.composer.colour.scheme import Scheme
from imaging.composer.grounds import (
    arcs,
    blobs,
    bokeh,
    confetti,
    halftone,
    hills,
    leaks,
    lettered,
    mesh,
    paper,
    papercut,
    rays,
    stripes,
    tiles,
)
from imaging.composer.paint.brush import Sheet
from imaging.composer.scene.axes import GroundName
from imaging.composer.scene.scene import Motif

Ground = Callable[[Sheet, Scheme, np.random.Generator], None]
"""Paints the whole sheet. Its shapes may depend on the generator and the height in units, never on the pixels."""

GROUND_BY_NAME: Final[dict[GroundName, Ground]] = {
    "mesh": mesh.paint,
    "hills": hills.paint,
    "blobs": blobs.paint,
    "halftone": halftone.paint,
    "tiles": tiles.paint,
    "rays": rays.paint,
    "papercut": papercut.paint,
    "arcs": arcs.paint,
    "bokeh": bokeh.paint,
    "leaks": leaks.paint,
    "stripes": stripes.paint,
    "confetti": confetti.paint,
    "paper": paper.paint,
}
"""All but "type", which takes words."""


def paint_ground(sheet: Sheet, name: GroundName, scheme: Scheme, detail: int, motif: Motif | None = None) -> None:
    """Paint the ground `name` with the shapes that `detail` seeds; one of type needs the words of `motif`."""
    draw = np.random.Generator(np.random.PCG64(detail))
    if name == "type":
        lettered.paint(sheet, scheme, draw, motif)
    else:
        GROUND_BY_NAME[name](sheet, scheme, draw)
