"""Masks of an edit: what is drawn again, from the request's PNG and from the boxes of its regions."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import cv2
import numpy as np

from imaging.composer.codec import decode_mask
from imaging.pixels import Levels, RgbImage
from schemas.errors import InvalidRequest
from schemas.images import Box, Region, Role

TEXT_ROLES: Final[frozenset[Role]] = frozenset({"headline", "line", "call_to_action", "legal"})
_BESIDE: Final = 0.3
"""How far beyond its box a line of text is removed, in heights of the box (at most 1.2 % of the width)."""
_BUTTON: Final = (1.0, 0.75)
"""The same for the label of a button, across and down: the button is removed too."""


def free_pixels(data: bytes, image: RgbImage) -> Levels:
    """255 where the PNG `data` is transparent.

    Raises InvalidRequest if it has another size than `image`, or is transparent everywhere.
    """
    opacity = decode_mask(data, "the mask")
    if opacity.shape != image.shape[:2]:
        sizes = f"{opacity.shape[1]}x{opacity.shape[0]} and {image.shape[1]}x{image.shape[0]}"
        raise InvalidRequest(f"the mask must have the size of the first reference; they are {sizes}")
    free: Levels = np.where(opacity < 128, 255, 0).astype(np.uint8)  # noqa: PLR2004 - half transparent
    if free.all():
        raise InvalidRequest("the mask is transparent everywhere, so nothing of the image is kept")
    return free


def text_holes(regions: Iterable[Region], size: tuple[int, int]) -> Levels:
    """255 in the text boxes of `regions`, with what surrounds a line, on an image of `size` (width, height)."""
    mask = np.zeros((size[1], size[0]), dtype=np.uint8)
    for region in regions:
        if region.role in TEXT_ROLES:
            high = (region.box.bottom - region.box.top) * size[1]
            margin = min(_BESIDE * high, 0.012 * size[0])
            across, down = (_BUTTON[0] * high, _BUTTON[1] * high) if region.role == "call_to_action" else (margin,) * 2
            _fill(mask, region.box, across, down)
    return mask


def boxes_mask(regions: Iterable[Region], size: tuple[int, int]) -> Levels:
    """255 in the boxes of `regions`."""
    mask = np.zeros((size[1], size[0]), dtype=np.uint8)
    for region in regions:
        _fill(mask, region.box, 0, 0)
    return mask


def bounding_box(mask: Levels) -> Box:
    """The bounds of what is not 0 in `mask`, in fractions of its size."""
    left, top, wide, high = cv2.boundingRect(mask)
    return Box(
        left=left / mask.shape[1],
        top=top / mask.shape[0],
        right=(left + wide) / mask.shape[1],
        bottom=(top + high) / mask.shape[0],
    )


def _fill(mask: Levels, box: Box, across: float, down: float) -> None:
    high, wide = mask.shape
    start = round(box.left * wide - across), round(box.top * high - down)
    end = round(box.right * wide + across) - 1, round(box.bottom * high + down) - 1
    cv2.rectangle(mask, start, end, 255, cv2.FILLED)
