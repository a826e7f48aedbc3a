"""The grounds: the artwork behind an ad. Each is a small file that paints in units, so it looks the same at every size.

To add a ground named ``dunes``: write ``dunes.py`` in this folder with a function ``paint`` (a `Ground`), and add
``"dunes"`` to `schemas.scenes.GroundName`, which registers it. The tests of grounds then paint it with every scheme.
"""

from __future__ import annotations

from importlib import import_module
from typing import Final, Protocol

import numpy as np

from imaging.composer.colour.scheme import Scheme
from imaging.composer.grounds import lettered
from imaging.composer.paint.brush import Sheet
from imaging.composer.scene.scene import Motif
from schemas.scenes import GROUNDS, GroundName


class Ground(Protocol):
    """Paints one kind of artwork: the ``paint`` of a module in this folder."""

    def __call__(self, sheet: Sheet, scheme: Scheme, draw: np.random.Generator, /) -> None:
        """Paint the whole sheet.

        Shapes may depend on the generator and on the height in units, never on the number of pixels: a draft and its
        final must show the same artwork.

        Args:
            sheet: painted in place. It is 1000 units wide (`WIDTH`) and `sheet.height` units high.
            scheme: the colours. `scheme.tones` are near enough to one another for one ink to read on all of them;
                `scheme.spark` is for small accents.
            draw: the only source of randomness, seeded with the scene's `detail`.
        """


GROUND_BY_NAME: Final[dict[GroundName, Ground]] = {
    name: import_module(f"imaging.composer.grounds.{name}").paint for name in GROUNDS if name != "type"
}
"""All grounds but "type", which takes words besides."""


def paint_ground(sheet: Sheet, name: GroundName, scheme: Scheme, detail: int, motif: Motif | None = None) -> None:
    """Paint the ground `name` with the shapes that `detail` seeds; one of type needs the words of `motif`."""
    draw = np.random.Generator(np.random.PCG64(detail))
    if name == "type":
        lettered.paint(sheet, scheme, draw, motif)
    else:
        GROUND_BY_NAME[name](sheet, scheme, draw)
