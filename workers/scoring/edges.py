"""What edges tell: how blurred the sharpest of them are, and how much of the rest is noise."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np

from workers.scoring.pixels import Floats, Pixels, Places, Steps

_REBLUR_VARIANCE: Final = 0.5
"""Square pixels by which the binomial (1, 2, 1) / 4 blurs, along each axis."""
_BINOMIAL: Final = np.outer((1, 2, 1), (1, 2, 1)).astype(np.float32).ravel() / np.float32(16.0)
_SOBEL_WEIGHT: Final = 8.0
_STRONGEST: Final = 0.98
"""Edges are the 2 % steepest pixels: in an ad, those of type, logo and product, which ought to be sharp."""
_FAINTEST_EDGE: Final = 4.0
"""Grey levels a pixel: below it a slope is shading or noise, and no edge."""
_EDGES: Final = 1500
"""Edge pixels that are looked at, spread evenly over all of them; their median is steady with fewer."""
_BLOCK: Final = 16
"""Pixels of the side of a block in which noise is looked for."""
_QUIET: Final = 0.4
"""The quantile of the blocks' noise that counts: not the least, for noise drowns in black and white."""


@dataclass(frozen=True, slots=True)
class Slopes:
    """Sobel's 3 x 3 slopes, in eight times the levels a pixel: signed across and down, and |across| + |down|."""

    across: Steps
    down: Steps
    steep: Steps


def slopes(grey: Pixels) -> Slopes:
    """The slopes at every pixel of `grey`."""
    across, down = (found.astype(np.int16, copy=False) for found in cv2.spatialGradient(grey))
    return Slopes(across, down, np.asarray(np.abs(across) + np.abs(down)))


def edge_blur(found: Slopes, at_most: float) -> float:
    """The blur of the picture's steepest edges, as the standard deviation of a Gaussian, in pixels.

    A step blurred by sigma and blurred again by s loses slope by the ratio R = sqrt(1 + (s / sigma)^2), so
    sigma = s / sqrt(R^2 - 1), whatever the step's height: S. Zhuo and T. Sim, "Defocus map estimation from a single
    image", Pattern Recognition 44 (2011) 1852-1858. The second blur is a binomial of the slopes, which is taken at
    the edges alone. The median over the edges is returned, `at_most` where it is larger or where there is none.
    """
    steep = found.steep
    if min(steep.shape) < 3:  # noqa: PLR2004 - no pixel with neighbours all around
        return at_most
    threshold = max(_quantile(steep, _STRONGEST), _FAINTEST_EDGE * _SOBEL_WEIGHT)
    edges = _inner(np.flatnonzero(steep >= threshold), steep.shape)
    if not len(edges):
        return at_most
    edges = edges[:: -(-len(edges) // _EDGES)]
    after = np.abs(_blurred(found.across, edges)) + np.abs(_blurred(found.down, edges))
    ratio = float(np.median(steep.ravel()[edges] / np.maximum(after, np.float32(1.0 / 16.0))))
    return min(float(np.sqrt(_REBLUR_VARIANCE / (ratio**2 - 1.0))), at_most) if ratio > 1.0 else at_most


def _inner(places: Places, shape: tuple[int, ...]) -> Places:
    """Those of the flat indices `places` that do not lie on the picture's rim."""
    rows, columns = np.divmod(places, shape[1])
    return places[(rows > 0) & (rows < shape[0] - 1) & (columns > 0) & (columns < shape[1] - 1)]


def _blurred(slope: Steps, places: Places) -> Floats:
    """The binomial mean of `slope` around each of the flat indices `places`."""
    steps = np.add.outer((-slope.shape[1], 0, slope.shape[1]), (-1, 0, 1)).ravel()
    return np.asarray(_BINOMIAL @ slope.ravel()[steps[:, None] + places].astype(np.float32))


def noise_deviation(grey: Pixels) -> float:
    """The standard deviation of the noise in grey levels, looked for where the picture is quiet.

    The estimate is that of J. Immerkaer, "Fast noise variance estimation" (1996), taken block by block; noise is
    everywhere, so the quieter blocks tell of it, while edges and the texture of grass or stone are in some only.
    Its mask, the difference of two Laplacians, is Sobel's second derivative along both axes.
    """
    response = np.abs(cv2.Sobel(grey, cv2.CV_16S, 2, 2, ksize=3))
    size = (max(1, grey.shape[1] // _BLOCK), max(1, grey.shape[0] // _BLOCK))
    blocks = cv2.resize(response, size, interpolation=cv2.INTER_AREA).ravel()
    place = int(_QUIET * (len(blocks) - 1))
    return float(np.sqrt(np.pi / 2.0) / 6.0 * np.partition(blocks, place)[place])


def steepness(levels: Pixels) -> Floats:
    """The length of the gradient (Sobel, divided by its weight of 8), in the unit of `levels` a pixel.

    NumPy's arithmetic, not OpenCV's: `cv2.magnitude` rounds by how the array happens to lie in memory.
    """
    across = cv2.Sobel(levels, cv2.CV_32F, 1, 0).astype(np.float32, copy=False)
    down = cv2.Sobel(levels, cv2.CV_32F, 0, 1).astype(np.float32, copy=False)
    return np.sqrt(across * across + down * down).astype(np.float32, copy=False) / np.float32(_SOBEL_WEIGHT)


def _quantile(values: Steps, share: float) -> float:
    """The quantile, of every fourth row and eighth column: sorting all of them would cost more than all the rest."""
    sample = values[::4, ::8].ravel()
    place = min(len(sample) - 1, int(share * len(sample)))
    return float(np.partition(sample, place)[place])
