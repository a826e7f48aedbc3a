"""The dominant colours of an image, and the distance of two sets of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np

from imaging.ciede2000 import ciede2000
from imaging.pixels import BgrImage, Doubles, shrink, to_lab

CLUSTERS: Final = 8
"""Dominant colours of an image: room for an ad's ground, ink, product and three brand colours with their shades."""
_SAMPLE_LONG_SIDE: Final = 40
"""Pixels of the longer side of the sample: a button of 2 % of a square image still has 32 pixels."""
_SEED: Final = 20_050_221
_STOP: Final = (cv2.TERM_CRITERIA_COUNT + cv2.TERM_CRITERIA_EPS, 10, 0.5)
"""At most ten rounds, fewer once no centre moves by half a CIELAB unit, which no one sees."""


@dataclass(frozen=True, slots=True)
class DominantColours:
    """CIELAB colours, shape (n, 3), the largest first, with their shares of the image (they sum to 1)."""

    lab: Doubles
    shares: Doubles


def dominant_colours(bgr: BgrImage) -> DominantColours:
    """The at most eight dominant colours of `bgr`: k-means++ in CIELAB, seeded, so that it repeats."""
    samples = to_lab(shrink(bgr, _SAMPLE_LONG_SIDE)).reshape(-1, 3)
    cv2.setRNGSeed(_SEED)  # OpenCV has one generator a thread, so other threads do not disturb it
    unlabelled = np.zeros((len(samples), 1), dtype=np.int32)
    _, labels, centres = cv2.kmeans(samples, min(CLUSTERS, len(samples)), unlabelled, _STOP, 1, cv2.KMEANS_PP_CENTERS)
    counts = np.bincount(np.asarray(labels, dtype=np.int64).ravel(), minlength=len(centres))
    order = [int(index) for index in np.argsort(-counts, kind="stable") if counts[index]]
    return DominantColours(centres[order].astype(np.float64), counts[order] / counts.sum())


def palette_distance(first: DominantColours, second: DominantColours) -> float:
    """The earth mover's distance in CIEDE2000 units: how far the average pixel's colour has to move.

    Y. Rubner, C. Tomasi, L. J. Guibas, "The earth mover's distance as a metric for image retrieval",
    International Journal of Computer Vision 40 (2000) 99-121.
    """
    cost = np.ascontiguousarray(ciede2000(first.lab[:, None, :], second.lab[None, :, :]).astype(np.float32))
    supply, demand = (colours.shares.astype(np.float32).reshape(-1, 1) for colours in (first, second))
    return float(cv2.EMD(supply, demand, cv2.DIST_USER, cost=cost)[0])
