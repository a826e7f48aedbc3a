"""Lightness as 256 levels, relative luminance, and the contrast ratio of WCAG 2.2."""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np

from imaging.pixels import Doubles, Pixels


def lightness(bgr: Pixels) -> Pixels:
    """CIE L* in 256 levels (255 is white), shape (height, width): even steps to the eye, true for any hue."""
    return cv2.extractChannel(cv2.cvtColor(bgr, cv2.COLOR_BGR2Lab), 0).astype(np.uint8, copy=False)


_LINEAR_BELOW: Final = 8.0
"""L* below which luminance is proportional to it."""


def _luminances() -> Doubles:
    """The relative luminance (0 to 1) of each level: CIE 15:2004, the inverse of L*."""
    stars = np.arange(256) * (100.0 / 255.0)
    return np.where(stars > _LINEAR_BELOW, ((stars + 16.0) / 116.0) ** 3, stars * (27.0 / 24389.0))


LUMINANCE_OF_LEVEL: Final = _luminances()


def contrast_ratio(first_level: int, second_level: int) -> float:
    """The contrast ratio, 1 to 21, of two lightness levels: WCAG 2.2, "contrast ratio"."""
    first, second = (float(LUMINANCE_OF_LEVEL[level]) for level in (first_level, second_level))
    return (max(first, second) + 0.05) / (min(first, second) + 0.05)
