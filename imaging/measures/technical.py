"""The technical card: is the image sharp, clean, well exposed, and is there something to see?

All is measured at the common size (512 pixels long) or below it, so that the numbers of a draft and of a final are
comparable.
"""

from __future__ import annotations

import math
from typing import Final

import cv2
import numpy as np

from imaging.measures.brand.palette_table import table_of
from imaging.measures.check import Scale
from imaging.measures.edges import edge_blur, laplacian_variance, noise_deviation
from imaging.measures.subject import Subject
from imaging.pixels import BgrImage, Doubles, Levels, every
from schemas.scorecards import Measurement

SHARPNESS: Final = Scale("technical.sharpness", "grey levels squared", 0.0, 1020.0**2, "higher")
"""Bounded by the 3 x 3 Laplacian's reach: 4 x 255 either way."""
EDGE_BLUR: Final = Scale("technical.edge_blur", "pixels", 0.0, 8.0, "lower")
"""Pixels of the common size; 8 also for an image without a single edge."""
NOISE: Final = Scale("technical.noise", "grey levels", 0.0, 255.0, "lower")
SHADOWS: Final = Scale("technical.clipped_shadows", "share of pixels", 0.0, 1.0, "lower")
HIGHLIGHTS: Final = Scale("technical.clipped_highlights", "share of pixels", 0.0, 1.0, "lower")
EXPOSURE: Final = Scale("technical.exposure", "share of white", 0.0, 1.0, "none")
CONTRAST: Final = Scale("technical.contrast", "share of white", 0.0, 0.5, "higher")
COLOURFULNESS: Final = Scale("technical.colourfulness", "opponent levels", 0.0, 376.5, "higher")
"""Bounded by sqrt(1 + 0.3^2) x sqrt(2) x 255; natural photographs lie between 0 and about 110."""
ENTROPY: Final = Scale("technical.entropy", "bits", 0.0, 8.0, "higher")

_ROWS: Final = 64
"""Rows, spread over the height, that shares and means are computed from; more would not change them."""
_OPPONENTS: Final = np.array([[0.0, -1.0], [-1.0, 0.5], [1.0, 0.5]], dtype=np.float32)
"""Red against green, and yellow against blue, of blue, green and red."""
_LEVELS: Final = np.arange(256, dtype=np.float64)
_CLIPPED_LEVELS: Final = 1
"""Levels from the end that count as clipped: JPEG moves a clipped 255 to 254."""
_BRAND_END_LEVELS: Final = 10
"""A brand colour within so many levels of black or white makes that end a colour of the design, not a loss."""


class TechnicalCheck:
    """Sharpness, noise, clipping, exposure, contrast, colourfulness and entropy."""

    name: Final = "technical"
    version: Final = "3"
    scales: Final = (
        SHARPNESS, EDGE_BLUR, NOISE, SHADOWS, HIGHLIGHTS, EXPOSURE, CONTRAST, COLOURFULNESS, ENTROPY,
    )  # fmt: skip

    def measure(self, subject: Subject) -> tuple[Measurement, ...]:
        """One measurement for each scale."""
        histogram = grey_histogram(every(subject.grey, _ROWS))
        mean, deviation = mean_and_deviation(histogram)
        shadows, highlights = clipped(subject)
        return (
            SHARPNESS.reading(laplacian_variance(subject.rows), self),
            EDGE_BLUR.reading(edge_blur(subject.rows, EDGE_BLUR.high), self),
            NOISE.reading(noise_deviation(subject.rows), self),
            SHADOWS.reading(shadows, self),
            HIGHLIGHTS.reading(highlights, self),
            EXPOSURE.reading(mean / 255.0, self),
            CONTRAST.reading(deviation / 255.0, self),
            COLOURFULNESS.reading(colourfulness(BgrImage(every(subject.tiny, _ROWS))), self),
            ENTROPY.reading(entropy(histogram), self),
        )


def grey_histogram(grey: Levels) -> Doubles:
    """The shares of the 256 levels; they sum to 1."""
    return np.asarray(cv2.calcHist([grey], [0], None, [256], [0, 256]).ravel().astype(np.float64) / grey.size)


def mean_and_deviation(histogram: Doubles) -> tuple[float, float]:
    """Mean and standard deviation (RMS contrast: E. Peli, "Contrast in complex images", 1990) in levels."""
    mean = float(histogram @ _LEVELS)
    return mean, math.sqrt(histogram @ (_LEVELS - mean) ** 2)


def entropy(histogram: Doubles) -> float:
    """Shannon's entropy in bits."""
    present = histogram[histogram > 0.0]
    return float(-(present @ np.log2(present)))


def colourfulness(bgr: BgrImage) -> float:
    """The metric M3 of D. Hasler and S. E. Suesstrunk, "Measuring colorfulness in natural images" (2003)."""
    opponents = bgr.reshape(-1, 3).astype(np.float32) @ _OPPONENTS
    means, deviations = cv2.meanStdDev(opponents[None])
    return math.hypot(*deviations.ravel().tolist()) + 0.3 * math.hypot(*means.ravel().tolist())


def clipped(subject: Subject) -> tuple[float, float]:
    """The shares of pixels whose three channels are all 0, and all 255.

    An end that is itself a brand colour (white paper, black ink) counts no clipped pixels: there the
    measure cannot distinguish a lost sky from the design. Saturated colours, with one channel at an end, are not
    clipped.
    """
    brand = table_of(subject.palette)
    rows = BgrImage(every(subject.small, _ROWS))
    return (
        0.0 if brand.darkest <= _BRAND_END_LEVELS else _share_between(rows, 0, _CLIPPED_LEVELS),
        0.0 if brand.lightest >= 255 - _BRAND_END_LEVELS else _share_between(rows, 255 - _CLIPPED_LEVELS, 255),
    )


def _share_between(bgr: BgrImage, low: int, high: int) -> float:
    """The share of pixels whose three channels all lie from `low` to `high`."""
    within = cv2.inRange(bgr, (low,) * 3, (high,) * 3)
    return cv2.countNonZero(within) / within.size
