"""What edges tell: how blurred the sharpest of them are, and how much of the rest is noise."""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np

from workers.scoring.pixels import FinePixels, Floats, Pixels

_REBLUR_VARIANCE: Final = 0.5
"""Square pixels by which Sobel's 5 x 5 kernel blurs more than its 3 x 3 one: that of the binomial (1, 2, 1) / 4."""
_KERNEL_RATIO: Final = 16.0
"""The weight of the 5 x 5 kernel over that of the 3 x 3 one, on a ramp."""
_SOBEL_WEIGHT: Final = 8.0
_STRONGEST: Final = 0.98
"""Edges are the 2 % steepest pixels: in an ad, those of type, logo and product, which ought to be sharp."""
_FAINTEST_EDGE: Final = 4.0
"""Grey levels a pixel: below it a slope is shading or noise, and no edge."""
_STRIP: Final = 32
"""Rows; the second blur, the dearest step, is made of every second strip only."""
_BLOCK: Final = 16
"""Pixels of the side of a block in which noise is looked for."""
_QUIET: Final = 0.4
"""The quantile of the blocks' noise that counts: not the least, for noise drowns in black and white."""

_LAPLACIAN_DIFFERENCE: Final = np.array([[1, -2, 1], [-2, 4, -2], [1, -2, 1]], dtype=np.float32)


def slopes(grey: Pixels, kernel: int = 3) -> FinePixels:
    """|across| + |down| by Sobel's kernel of side 3 or 5, in integers: eight times (128 times) the levels a pixel."""
    across = np.abs(cv2.Sobel(grey, cv2.CV_16S, 1, 0, ksize=kernel)).view(np.uint16)
    down = np.abs(cv2.Sobel(grey, cv2.CV_16S, 0, 1, ksize=kernel)).view(np.uint16)
    return np.asarray(across + down)


def edge_blur(grey: Pixels, slope: FinePixels, at_most: float) -> float:
    """The blur of the picture's steepest edges, as the standard deviation of a Gaussian, in pixels.

    `slope` is that of `slopes(grey)`. A step blurred by sigma and blurred again by s loses slope by the ratio
    R = sqrt(1 + (s / sigma)^2), so sigma = s / sqrt(R^2 - 1), whatever the step's height: S. Zhuo and T. Sim,
    "Defocus map estimation from a single image", Pattern Recognition 44 (2011) 1852-1858. The second blur is
    the one that Sobel's larger kernel has over the smaller. The median over the edges is returned, `at_most`
    where it is larger or where there is no edge at all.
    """
    threshold = max(_quantile(slope, _STRONGEST), _FAINTEST_EDGE * _SOBEL_WEIGHT)
    found = [_ratios(grey[top : top + _STRIP], slope[top : top + _STRIP], threshold) for top in _strips(len(grey))]
    ratios = np.concatenate(found)
    if not len(ratios):
        return at_most
    ratio = float(np.median(ratios))
    return min(float(np.sqrt(_REBLUR_VARIANCE / (ratio**2 - 1.0))), at_most) if ratio > 1.0 else at_most


def _strips(height: int) -> range:
    """Where the strips of rows begin that are looked at: every second one, all of a small picture."""
    return range(0, height, 2 * _STRIP if height > 4 * _STRIP else _STRIP)


def _ratios(grey: Pixels, slope: FinePixels, threshold: float) -> Floats:
    """By how much the second blur lowers the slope of each edge in a strip."""
    edges = np.flatnonzero(slope >= threshold)
    after = np.maximum(slopes(grey, 5).ravel()[edges], 1)
    return np.asarray(slope.ravel()[edges] * np.float32(_KERNEL_RATIO) / after, dtype=np.float32)


def noise_deviation(grey: Pixels) -> float:
    """The standard deviation of the noise in grey levels, looked for where the picture is quiet.

    The estimate is that of J. Immerkaer, "Fast noise variance estimation" (1996), taken block by block; noise is
    everywhere, so the quieter blocks tell of it, while edges and the texture of grass or stone are in some only.
    """
    response = np.abs(cv2.filter2D(grey, cv2.CV_16S, _LAPLACIAN_DIFFERENCE))
    size = (max(1, grey.shape[1] // _BLOCK), max(1, grey.shape[0] // _BLOCK))
    blocks = cv2.resize(response, size, interpolation=cv2.INTER_AREA)
    return float(np.sqrt(np.pi / 2.0) / 6.0 * np.quantile(blocks, _QUIET))


def steepness(levels: Pixels | FinePixels) -> Floats:
    """The length of the gradient (Sobel, divided by its weight of 8), in the unit of `levels` a pixel.

    NumPy's arithmetic, not OpenCV's: `cv2.magnitude` rounds by how the array happens to lie in memory.
    """
    across = cv2.Sobel(levels, cv2.CV_32F, 1, 0).astype(np.float32, copy=False)
    down = cv2.Sobel(levels, cv2.CV_32F, 0, 1).astype(np.float32, copy=False)
    return np.sqrt(across * across + down * down).astype(np.float32, copy=False) / np.float32(_SOBEL_WEIGHT)


def _quantile(values: FinePixels, share: float) -> float:
    """The quantile, from every fourth row and column: sorting all of them would cost more than all the rest."""
    sample = values[::4, ::4].ravel()
    place = min(len(sample) - 1, int(share * len(sample)))
    return float(np.partition(sample, place)[place])
