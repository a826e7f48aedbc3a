"""What edges tell: how blurred the sharpest of them are, and how much of the rest is noise."""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np

from workers.scoring.pixels import FinePixels, Floats, Pixels

_REBLUR: Final = 1.0
"""Standard deviation, in pixels, of the known blur that an edge is compared under."""
_STRONGEST: Final = 0.98
"""Edges are the 2 % steepest pixels: in an ad, those of type, logo and product, which ought to be sharp."""
_FAINTEST_EDGE: Final = 4.0
"""Grey levels a pixel: below it a slope is shading or noise, and no edge."""
_FINE_STEPS: Final = 256
"""Steps a grey level for the second blur, in integers: their sums do not depend on the order of addition."""
_SMALLEST_SLOPE: Final = 1.0
"""Fine steps a pixel; keeps the ratio finite where the second blur levelled everything."""
_FLAT: Final = 0.90
"""The share of least steep pixels in which noise is looked for."""

_LAPLACIAN_DIFFERENCE: Final = np.array([[1, -2, 1], [-2, 4, -2], [1, -2, 1]], dtype=np.float32)


def edge_blur(grey: Pixels, at_most: float) -> float:
    """The blur of the picture's steepest edges, as the standard deviation of a Gaussian, in pixels.

    A step blurred by sigma and blurred again by s loses slope by the ratio R = sqrt(1 + (s / sigma)^2), so
    sigma = s / sqrt(R^2 - 1), whatever the step's height: S. Zhuo and T. Sim, "Defocus map estimation from
    a single image", Pattern Recognition 44 (2011) 1852-1858. The median over the edges is returned, `at_most`
    where it is larger or where there is no edge at all.
    """
    fine = grey.astype(np.uint16) * _FINE_STEPS
    before = steepness(fine)
    threshold = max(_quantile(before, _STRONGEST), _FAINTEST_EDGE * _FINE_STEPS)
    edges = before >= threshold
    if not edges.any():
        return at_most
    after = steepness(cv2.GaussianBlur(fine, (0, 0), _REBLUR).astype(np.uint16, copy=False))
    ratio = float(np.median(before[edges] / np.maximum(after[edges], _SMALLEST_SLOPE)))
    return min(_REBLUR / float(np.sqrt(ratio**2 - 1.0)), at_most) if ratio > 1.0 else at_most


def noise_deviation(grey: Pixels) -> float:
    """The standard deviation of the noise in grey levels, looked for where the picture is flat.

    The estimate is that of J. Immerkaer, "Fast noise variance estimation" (1996); leaving out the steepest
    tenth keeps edges from passing for noise: S. C. Tai and S. M. Yang, "A fast method for image noise
    estimation using Laplacian operator and adaptive edge detection" (2008). Fine texture still counts as noise.
    """
    slope = steepness(grey)
    flat = slope <= _quantile(slope, _FLAT)
    response = np.abs(cv2.filter2D(grey, cv2.CV_32F, _LAPLACIAN_DIFFERENCE))
    return float(np.sqrt(np.pi / 2.0) / 6.0 * response[flat].mean())


def steepness(levels: Pixels | FinePixels) -> Floats:
    """The length of the gradient (Sobel, divided by its weight of 8), in the unit of `levels` a pixel.

    NumPy's arithmetic, not OpenCV's: `cv2.magnitude` rounds by how the array happens to lie in memory.
    """
    across = cv2.Sobel(levels, cv2.CV_32F, 1, 0).astype(np.float32, copy=False)
    down = cv2.Sobel(levels, cv2.CV_32F, 0, 1).astype(np.float32, copy=False)
    return np.sqrt(across * across + down * down).astype(np.float32, copy=False) / np.float32(8.0)


def _quantile(values: Floats, share: float) -> float:
    """The quantile, from every fourth row and column: sorting all of them would cost more than all the rest."""
    return float(np.quantile(values[::4, ::4], share))
