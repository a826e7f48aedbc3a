"""Painting in images: the pixels of a box changed, or painted over."""

from __future__ import annotations

import numpy as np

from imaging.measures.text.boxes import cut
from imaging.pixels import BgrImage
from schemas.images import Box


def inside(pixels: BgrImage, box: Box) -> BgrImage:
    """The pixels of `box`, with its rim."""
    return cut(pixels, box)


def erased(pixels: BgrImage, box: Box) -> BgrImage:
    """`pixels` with `box` painted over, from the colours just above it to those just below."""
    mask = np.zeros(pixels.shape[:2], dtype=np.uint8)
    cut(mask, box)[...] = 1
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    above = pixels[max(0, rows[0] - 2), columns].astype(np.float64)
    below = pixels[min(pixels.shape[0] - 1, rows[-1] + 2), columns].astype(np.float64)
    share = np.linspace(0.0, 1.0, len(rows))[:, None, None]
    return with_box(pixels, box, above * (1.0 - share) + below * share)


def with_box(pixels: BgrImage, box: Box, changed: np.ndarray) -> BgrImage:
    """`pixels` with those of `box` replaced."""
    out = pixels.copy()
    cut(out, box)[...] = np.clip(changed, 0, 255).astype(np.uint8)
    return out


def whole(pixels: np.ndarray) -> BgrImage:
    """Levels as whole numbers from 0 to 255."""
    return np.clip(np.rint(pixels), 0, 255).astype(np.uint8)
