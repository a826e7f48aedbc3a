"""Bars along the edges of an image: flat bands of one colour, which are a brand's design and no part of the scene."""

from __future__ import annotations

from typing import Final

import numpy as np

from imaging.colour import Pixels
from schemas.images import Box

_THIN: Final = 0.006
"""The least thickness of a bar, as a share of the side that it lies across."""
_THICK: Final = 0.12
"""The greatest: what is flat farther in is a ground to set copy on."""
_ALIKE: Final = 12
"""Levels of a channel within which a pixel is of the bar's colour."""
_WHOLE: Final = 0.98
"""The share of a row's pixels that have it."""
_STEP: Final = 24
"""Levels of a channel by which the image differs where the bar ends, beyond the few rows that scaling softens."""
_SOFT: Final = 0.004
"""Those rows, as a share of the side."""
_STEPPED: Final = 0.6
"""The share of a row's pixels that differ so: a sky that fades into black has no bar."""


def inside_bars(image: Pixels) -> Box:
    """The part of `image` (height x width x 3) within its bars; all of it where it has none."""
    turned = image.swapaxes(0, 1)
    return Box(
        left=_bar(turned),
        top=_bar(image),
        right=1.0 - _bar(turned[::-1]),
        bottom=1.0 - _bar(image[::-1]),
    )


def _bar(image: Pixels) -> float:
    """The share of the height that the bar along the first row takes, with its soft rim; 0 where there is none."""
    high = image.shape[0]
    soft = max(round(_SOFT * high), 2)
    reached = min(round(_THICK * high), high - soft - 1)
    rows = image[: reached + soft + 1, ::4].astype(np.int16)
    colour = np.median(rows[0], axis=0)
    away = np.abs(rows - colour.astype(np.int16)).max(axis=2)
    flat = (away <= _ALIKE).mean(axis=1) >= _WHOLE
    end = len(flat) if flat.all() else int(flat.argmin())
    if not _THIN * high <= end <= reached or float((away[end + soft] > _STEP).mean()) < _STEPPED:
        return 0.0
    return float((end + soft) / high)
