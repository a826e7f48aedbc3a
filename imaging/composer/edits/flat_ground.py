"""Lettering on flat ground: which of its surroundings are that ground, and which are artwork beside it, that stays."""

from __future__ import annotations

from typing import Final, NamedTuple

import cv2
import numpy as np
import numpy.typing as npt

from imaging.colour import Pixels
from imaging.composer.paint.brush import Mask

_RIM: Final = 0.008
"""The width of the rim around a hole whose pixels tell the ground, as a share of the longer side; at least 3 pixels."""
_FLAT: Final = 12
"""Levels of a channel within which a pixel has the ground's colour."""
_SHARE: Final = 0.6
"""The share of the rim that has it where the ground is flat: artwork may reach in on one side."""
_DEEP: Final = 0.3
"""How far artwork may reach into a hole, of the depth of its middle: letters stand deeper."""


class Plain(NamedTuple):
    """A hole in flat ground: 255 where ground is to be `laid`, and where the image is not the ground (`other`)."""

    laid: Mask
    other: Mask


def on_flat_ground(image: Pixels, hole: Mask, open_holes: Mask) -> Plain | None:
    """The `hole` (255) of lettering in `image`, less the artwork that reaches into it; None on ground not flat.

    A hole is wider than its letters: what comes in from outside stays, unless it reaches as far as the letters stand,
    where nothing tells the two apart (None). Pixels of other `open_holes` tell nothing.
    """
    width = max(round(_RIM * max(image.shape[:2])), 3)
    rim = (cv2.dilate(hole, np.ones((2 * width + 1, 2 * width + 1), np.uint8)) > 0) & (open_holes == 0)
    if not rim.any():
        return None
    ground = np.rint(np.median(image[rim], axis=0)).astype(np.int16)
    other = np.abs(image.astype(np.int16) - ground).max(axis=2) > _FLAT
    if other[rim].mean() > 1 - _SHARE:
        return None
    artwork = _reaching_in(other, hole)
    depth = cv2.distanceTransform(hole, cv2.DIST_L2, 3)
    if artwork.any() and depth[artwork].max() > _DEEP * depth.max():
        return None
    laid = np.where((hole > 0) & ~artwork, 255, 0).astype(np.uint8)
    return Plain(laid, np.where(other, 255, 0).astype(np.uint8))


def _reaching_in(other: npt.NDArray[np.bool_], hole: Mask) -> npt.NDArray[np.bool_]:
    """The pixels of `hole` that are `other` than its ground and belong to something outside of it."""
    _, parts = cv2.connectedComponents(other.astype(np.uint8), connectivity=8)
    outside = np.unique(parts[(hole == 0) & other])
    return np.isin(parts, outside) & (hole > 0) & other
