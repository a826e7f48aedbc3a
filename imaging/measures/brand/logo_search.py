"""The search for a logo in a whole image, where no model reported its place."""

from __future__ import annotations

from typing import Final, NamedTuple

import cv2
import numpy as np

from imaging.measures.brand.logo_matching import match_in
from imaging.measures.edges import steepness
from imaging.pixels import BgraImage, BgrImage, Floats, shrink
from schemas.images import Box

_LONG_SIDE: Final = 256
"""Pixels of the longer side at which places are searched; they are compared at the common size."""
_NARROWEST: Final = 0.14
_WIDEST: Final = 0.6
"""Shares of the image's width that a logo may take: in a smaller one its letters cannot be read."""
_STEP: Final = 1.1
"""The ratio of one tried width to the next: a logo 5 % off still lies on its own edges."""
_SHORTEST: Final = 5
"""Pixels of a logo's height below which its edges run into one another."""
_LEAST_RESTLESS: Final = 0.02
"""Of the variance of the logo's edges: where an image has less, there is nothing to correlate but rounding."""
_BEST: Final = 8
"""Places that are compared closely."""
_FINE: Final = (0.94, 0.97, 1.0, 1.03, 1.06)
"""The widths that are tried at each of them, as shares of the width found."""


class FoundLogo(NamedTuple):
    """The best place for the logo: the correlation there, -1 to 1, and where."""

    likeness: float
    box: Box


class _LogoPlace(NamedTuple):
    """A place in the shrunk image: how well the edges agree, the middle and the width, in shares of its sides."""

    agreement: float
    across: float
    down: float
    width: float


def find_logo(bgr: BgrImage, logo: BgraImage) -> FoundLogo | None:
    """The place of `logo` in `bgr`, or the place that is most like it; None where it has no room.

    Edges find the place, because they are the same on any ground and in any colour. Colours then give its likeness.
    """
    places = sorted(_places(bgr, logo), reverse=True)[:_BEST]
    tries = (_box(place, fine, bgr, logo) for place in places for fine in _FINE)
    found = [FoundLogo(match_in(bgr, logo, box), box) for box in tries if box is not None]
    return max(found, key=lambda one: one.likeness, default=None)


def _places(bgr: BgrImage, logo: BgraImage) -> list[_LogoPlace]:
    """The best place for each width."""
    small = shrink(bgr, _LONG_SIDE)
    height, width = small.shape[:2]
    image = _edges(small)
    places = []
    for share in np.geomspace(_NARROWEST, _WIDEST, round(np.log(_WIDEST / _NARROWEST) / np.log(_STEP)) + 1):
        columns = round(float(share) * width)
        rows = round(columns * logo.shape[0] / logo.shape[1])
        if rows < _SHORTEST or rows > height:
            continue
        best, left, top = _best_place(image, _edges_of_logo(logo, rows, columns))
        places.append(_LogoPlace(best, (left + columns / 2) / width, (top + rows / 2) / height, columns / width))
    return places


def _best_place(image: Floats, logo: Floats) -> tuple[float, int, int]:
    """Where the edges of `image` agree best with those of `logo`: the correlation, and the left top corner."""
    rows, columns = logo.shape
    agreement = cv2.matchTemplate(image, logo, cv2.TM_CCOEFF_NORMED)
    size, corner = (columns, rows), (0, 0)
    mean = cv2.boxFilter(image, cv2.CV_32F, size, anchor=corner)
    square = cv2.sqrBoxFilter(image, cv2.CV_32F, size, anchor=corner)
    restless = (square - mean * mean)[: agreement.shape[0], : agreement.shape[1]] > _LEAST_RESTLESS * logo.var()
    _, best, _, (left, top) = cv2.minMaxLoc(np.where(restless, agreement, np.float32(0.0)))
    return best, left, top


def _edges(bgr: BgrImage) -> Floats:
    """The steepest of the three channels at each pixel, its root taken, so that faint type counts beside strong."""
    slopes = [steepness(channel.astype(np.uint8, copy=False)) for channel in cv2.split(bgr)]
    return np.asarray(np.sqrt(np.max(slopes, axis=0)), dtype=np.float32)


def _edges_of_logo(logo: BgraImage, rows: int, columns: int) -> Floats:
    """The edges of the logo on a ground that is unlike it: black under a light logo, white under a dark one."""
    small = cv2.resize(logo, (columns, rows), interpolation=cv2.INTER_AREA).astype(np.float32)
    alpha = small[..., 3:] / np.float32(255.0)
    light = float((small[..., :3] * alpha).sum()) > 127.5 * 3.0 * float(alpha.sum())
    ground = np.float32(0.0 if light else 255.0)
    return _edges(BgrImage((small[..., :3] * alpha + ground * (1.0 - alpha)).astype(np.uint8)))


def _box(place: _LogoPlace, fine: float, bgr: BgrImage, logo: BgraImage) -> Box | None:
    """The box of a place, `fine` times as wide, as far as it lies in the image; None where that is no box."""
    width = place.width * fine
    height = width * bgr.shape[1] / bgr.shape[0] * logo.shape[0] / logo.shape[1]
    left, right = max(0.0, place.across - width / 2), min(1.0, place.across + width / 2)
    top, bottom = max(0.0, place.down - height / 2), min(1.0, place.down + height / 2)
    return Box(left=left, top=top, right=right, bottom=bottom) if left < right and top < bottom else None
