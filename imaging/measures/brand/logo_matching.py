"""The brand's logo as pixels: compared with a place in an image, and the space around that place."""

from __future__ import annotations

import io
import math
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import cv2
import numpy as np
from PIL import Image

from imaging.pixels import BgraImage, BgrImage, Floats, Levels, Mask, Places
from schemas.images import Box

_LONG_SIDE: Final = 384
"""Pixels of the longer side that are kept: logos are compared at 96."""
_COMPARED_WIDTH: Final = 96
"""Pixels of a logo's width at which it is compared: enough for a wordmark, quick, and the same for every size."""
_SLACK: Final = 4
"""Pixels of that width by which the logo may be off its box."""
_PLAIN: Final = 4
"""Levels from the darkest to the lightest below which there is nothing to compare."""
_CLEAR: Final = 0.1
"""Alpha below which the ground shows."""
_CLEAR_SPACE: Final = 0.16
"""Of the logo's height: the space around it that is to be free (brands ask for a fifth; a plate of that size ends
just outside)."""
_STRONG: Final = 22 * 8
"""Sobel's sum of a slope of 22 levels a pixel: type and objects have it; shading and pale patterns do not."""


def decode_logo(data: bytes) -> BgraImage | None:
    """The logo in `data` as BGRA at most 384 pixels long; None where it cannot be read."""
    try:
        with Image.open(io.BytesIO(data)) as image:
            image.thumbnail((_LONG_SIDE, _LONG_SIDE))
            rgba = image.convert("RGBA")
    except (OSError, SyntaxError, ValueError, EOFError, Image.DecompressionBombError):
        return None
    return BgraImage(np.ascontiguousarray(np.asarray(rgba)[..., [2, 1, 0, 3]]))


def match_in(bgr: BgrImage, logo: BgraImage, box: Box) -> float:
    """The correlation, -1 to 1, of `box` in `bgr` with `logo` (BGRA) laid over the box's own ground.

    The width of the box sets the scale and the logo's own ratio its height, so a stretched logo does not match.
    """
    height, width = bgr.shape[:2]
    scale = _COMPARED_WIDTH / max(1.0, (box.right - box.left) * width)
    small = scaled(logo.tobytes(), logo.shape[0], logo.shape[1])
    rows, columns = small.colour.shape[:2]
    size = (columns + 2 * _SLACK, rows + 2 * _SLACK)
    middle = ((box.left + box.right) / 2.0 * width, (box.top + box.bottom) / 2.0 * height)
    return correlation(_part(bgr, middle, scale, size), small)


def _part(bgr: BgrImage, middle: tuple[float, float], scale: float, size: tuple[int, int]) -> BgrImage:
    """The part of `bgr` around `middle`, scaled to `size`; averaged first where it shrinks, to keep thin strokes."""
    reach = [math.ceil(side / scale / 2.0) + 4 for side in size]
    left, top = (max(0, math.floor(centre) - far) for centre, far in zip(middle, reach, strict=True))
    near = bgr[top : top + 2 * reach[1] + 1, left : left + 2 * reach[0] + 1]
    if scale < 1.0:
        near = cv2.GaussianBlur(near, (0, 0), 0.5 * (1.0 / scale - 1.0) + 0.3).astype(np.uint8, copy=False)
    across, down = (s / 2.0 - scale * (m - o) for s, m, o in zip(size, middle, (left, top), strict=True))
    matrix = np.array([[scale, 0.0, across], [0.0, scale, down]])
    warped = cv2.warpAffine(near, matrix, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return BgrImage(warped.astype(np.uint8, copy=False))


def correlation(part: BgrImage, logo: ScaledLogo) -> float:
    """The best correlation of the logo with `part`, which is larger by the slack; 0 where one of them is plain."""
    rows, columns = logo.colour.shape[:2]
    top, left = (part.shape[0] - rows) // 2, (part.shape[1] - columns) // 2
    ground = logo.through * _ground(BgrImage(part[top : top + rows, left : left + columns]), logo)
    expected = cv2.add(logo.colour, ground, dtype=cv2.CV_8U).astype(np.float32)  # in whole levels, as `part`
    if expected.max() - expected.min() < _PLAIN or int(part.max()) - int(part.min()) < _PLAIN:
        return 0.0
    found = float(cv2.matchTemplate(part.astype(np.float32), expected, cv2.TM_CCOEFF_NORMED).max())
    return found if math.isfinite(found) else 0.0


def _ground(inner: BgrImage, logo: ScaledLogo) -> Floats:
    """The median colour where the logo lets the ground through; of a logo that covers all, that of its rim."""
    shown = inner.reshape(-1, 3).take(logo.clear, axis=0)
    middle = np.partition(shown, len(shown) // 2, axis=0)[len(shown) // 2]
    return np.asarray(middle, dtype=np.float32)


@dataclass(frozen=True, slots=True)
class ScaledLogo:
    """A logo at the compared width: the light that it adds, and the ground that shows through it.

    `colour` (BGR, times its alpha) and `through` (1 - alpha) have the shape (height, width, 3); `clear` are the flat
    indices of the pixels that show the ground's colour.
    """

    colour: Floats
    through: Floats
    clear: Places


@lru_cache(maxsize=32)
def scaled(logo: bytes, rows: int, columns: int) -> ScaledLogo:
    """The logo of BGRA bytes at the compared width; clear pixels lend no colour."""
    pixels = np.frombuffer(logo, dtype=np.uint8).reshape(rows, columns, 4).astype(np.float32)
    height = max(4, round(rows * _COMPARED_WIDTH / columns))
    alpha = pixels[..., 3:] / np.float32(255.0)
    premultiplied = np.concatenate([pixels[..., :3] * alpha, alpha], axis=-1)
    small = cv2.resize(premultiplied, (_COMPARED_WIDTH, height), interpolation=cv2.INTER_AREA).astype(np.float32)
    opacity = small[..., 3:]
    clear = np.flatnonzero(opacity <= _CLEAR)[::4]
    if not len(clear):
        clear = np.concatenate([np.arange(_COMPARED_WIDTH), np.arange(-_COMPARED_WIDTH, 0) + opacity.size])
    colour = small[..., :3] / np.maximum(opacity, np.float32(1e-3)) * opacity
    return ScaledLogo(np.asarray(colour, np.float32), np.repeat(np.float32(1.0) - opacity, 3, axis=2), clear)


def crowding(grey: Levels, box: Box) -> float:
    """The share of the rim around `box`, 0 to 1, that something crosses, on the most crowded side.

    Above and below only edges across count, at the sides only edges down: so the straight border of a plate
    under the logo does not count, but letters, corners and objects do.
    """
    height, width = grey.shape
    left, right = round(box.left * width), round(box.right * width)
    top, bottom = round(box.top * height), round(box.bottom * height)
    space = max(2, round(_CLEAR_SPACE * (bottom - top)))
    strips = [
        _strong(grey[max(0, top - space) : top, left:right], across=True),
        _strong(grey[bottom : bottom + space, left:right], across=True),
        _strong(grey[top:bottom, max(0, left - space) : left], across=False),
        _strong(grey[top:bottom, right : right + space], across=False),
    ]
    return max((float(strip.mean()) for strip in strips if len(strip)), default=0.0)


def _strong(strip: Levels, *, across: bool) -> Mask:
    """For each column (row) of a strip above or below (beside) the logo: does a strong edge cross it?"""
    if min(strip.shape) < 2:  # noqa: PLR2004 - no slope without a neighbour
        return np.zeros(0, dtype=np.bool_)
    slope = np.abs(cv2.Sobel(np.ascontiguousarray(strip), cv2.CV_16S, int(across), int(not across)))
    return np.asarray(slope.max(axis=0 if across else 1) >= _STRONG)
