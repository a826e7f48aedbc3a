"""The brand's logo as pixels."""

from __future__ import annotations

import io
from typing import Final

import numpy as np
from PIL import Image

from imaging.pixels import BgraImage

_LONG_SIDE: Final = 384
"""Pixels of the longer side that are kept: logos are compared at 96."""


def decode_logo(data: bytes) -> BgraImage | None:
    """The logo in `data` as BGRA at most 384 pixels long; None where it cannot be read."""
    try:
        with Image.open(io.BytesIO(data)) as image:
            image.thumbnail((_LONG_SIDE, _LONG_SIDE))
            rgba = image.convert("RGBA")
    except (OSError, SyntaxError, ValueError, EOFError, Image.DecompressionBombError):
        return None
    return BgraImage(np.ascontiguousarray(np.asarray(rgba)[..., [2, 1, 0, 3]]))
