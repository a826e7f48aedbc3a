"""Edges and noise: how blurred the sharpest edges are, and how noisy the rest is.

Slopes and bends are computed along sampled rows: every eighth row of an image of 512, with its two neighbours. That is
an eighth of the work, and an image's edges and noise are not in one row.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np

from imaging.pixels import Floats, Levels, Places, Steps, middle

_ROWS: Final = 64
"""Rows that are sampled, up to twice as many, spread over the height."""
_REACH: Final = 2
"""Pixels that the largest kernel reaches to each side."""
_REBLUR_VARIANCE: Final = 0.5
"""Square pixels by which Sobel's 5 x 5 kernel blurs more than its 3 x 3 one: that of the binomial (1, 2, 1) / 4."""
_SOBEL_5: Final = np.stack([np.outer((1, 4, 6, 4, 1), (-1, -2, 0, 2, 1)), np.outer((-1, -2, 0, 2, 1), (1, 4, 6, 4, 1))])
_KERNELS: Final = (_SOBEL_5.reshape(2, 25) / 16.0).astype(np.float32)
"""Sobel's 5 x 5 kernels, across and down, with the weight of the 3 x 3 ones."""
_SOBEL_WEIGHT: Final = 8.0
_STRONGEST: Final = 0.98
"""Edges are the 2 % steepest pixels: in an ad, those of type, logo and product, which should be sharp."""
_FAINTEST_EDGE: Final = 4.0
"""Grey levels a pixel: below it a slope is shading or noise, and no edge."""
_EDGES: Final = 1000
"""Edge pixels that are measured, spread evenly over all of them; the median of fewer is steady already."""
_BLOCK: Final = 16
"""Pixels of the side of a block in which noise is measured."""
_QUIET: Final = 0.4
"""The quantile of the blocks' noise that counts: not the least, because noise is lost in black and white."""


@dataclass(frozen=True, slots=True)
class SampledRows:
    """Rows of a grey image, shape (rows, width), with those above and below; sampled row n is row ``2 + n * step``.

    `bend` is the second difference from above to below.
    """

    grey: Levels
    step: int
    above: Steps
    here: Steps
    below: Steps
    bend: Steps


def sample_rows(grey: Levels) -> SampledRows:
    """The sampled rows of `grey`; its rim of two pixels has none, so an image smaller than five is extended."""
    if min(grey.shape) <= 2 * _REACH:
        rims = cv2.copyMakeBorder(grey, _REACH, _REACH, _REACH, _REACH, cv2.BORDER_REPLICATE)
        return sample_rows(rims.astype(np.uint8, copy=False))
    last = grey.shape[0] - _REACH
    step = max(1, grey.shape[0] // _ROWS)
    above, here, below = (grey[row : last + row - _REACH : step].astype(np.int16) for row in (1, 2, 3))
    return SampledRows(grey, step, above, here, below, above - 2 * here + below)


def laplacian_variance(sampled: SampledRows) -> float:
    """The variance of the Laplacian: J. L. Pech-Pacheco et al., "Diatom autofocusing in brightfield" (2000)."""
    here = sampled.here
    response = sampled.bend[:, 1:-1] + here[:, :-2] + here[:, 2:] - 2 * here[:, 1:-1]
    values = response.ravel().astype(np.float32)
    return max(0.0, float(values @ values) / len(values) - float(values.mean()) ** 2)


def edge_blur(sampled: SampledRows, at_most: float) -> float:
    """The blur of the image's steepest edges, as the standard deviation of a Gaussian, in pixels.

    A step blurred by sigma and blurred again by s loses slope by the ratio R = sqrt(1 + (s / sigma)^2), so
    sigma = s / sqrt(R^2 - 1), whatever the step's height: S. Zhuo and T. Sim, "Defocus map estimation from a single
    image", Pattern Recognition 44 (2011) 1852-1858. The second blur is the one that Sobel's larger kernel has
    over the smaller. The median over the edges is returned, `at_most` where it is larger or where there is none.
    """
    steep = _steep(sampled)[:, 1:-1]
    threshold = max(_quantile(steep, _STRONGEST), int(_FAINTEST_EDGE * _SOBEL_WEIGHT))
    edges = np.flatnonzero(steep >= threshold)
    if not len(edges):
        return at_most
    edges = edges[:: -(-len(edges) // _EDGES)]
    rows, columns = np.divmod(edges, steep.shape[1])
    after = _blurred_slopes(sampled, (_REACH + rows * sampled.step) * sampled.grey.shape[1] + _REACH + columns)
    ratio = middle(steep[rows, columns] / np.maximum(after, np.float32(1.0 / 16.0)))
    return min(float(np.sqrt(_REBLUR_VARIANCE / (ratio**2 - 1.0))), at_most) if ratio > 1.0 else at_most


def _steep(sampled: SampledRows) -> Steps:
    """|across| + |down| by Sobel's 3 x 3 kernel, eight times the levels a pixel; without the first and last column."""
    smooth, step = sampled.above + 2 * sampled.here + sampled.below, sampled.below - sampled.above
    across, down = smooth[:, 2:] - smooth[:, :-2], step[:, :-2] + 2 * step[:, 1:-1] + step[:, 2:]
    return np.asarray(np.abs(across) + np.abs(down))


def _blurred_slopes(sampled: SampledRows, places: Places) -> Floats:
    """|across| + |down| by Sobel's 5 x 5 kernel at the flat indices `places` of the image."""
    width, span = sampled.grey.shape[1], np.arange(-_REACH, _REACH + 1)
    around = sampled.grey.ravel().take(np.add.outer(span * width, span).reshape(-1, 1) + places)
    across, down = np.abs(_KERNELS @ around.astype(np.float32))
    return np.asarray(across + down)


def noise_deviation(sampled: SampledRows) -> float:
    """The standard deviation of the noise in grey levels, measured where the image is quiet.

    The estimate is that of J. Immerkaer, "Fast noise variance estimation" (1996), taken block by block; noise is
    everywhere, so the quieter blocks show it, while edges and the texture of grass or stone are only in some.
    """
    bend = sampled.bend
    response = np.abs(bend[:, :-2] - 2 * bend[:, 1:-1] + bend[:, 2:])
    blocks = _block_means(response, max(1, _BLOCK // sampled.step), _BLOCK).ravel()
    place = int(_QUIET * (len(blocks) - 1))
    return float(np.sqrt(np.pi / 2.0) / 6.0 * np.partition(blocks, place)[place])


def _block_means(values: Steps, rows: int, columns: int) -> Floats:
    """The means of blocks of so many rows and columns; incomplete blocks at the end are left out."""
    rows, columns = min(rows, values.shape[0]), min(columns, values.shape[1])
    down, across = values.shape[0] // rows, values.shape[1] // columns
    whole = values[: down * rows, : across * columns].astype(np.float32).reshape(-1, columns)
    sums = (whole @ np.ones(columns, np.float32)).reshape(down, rows, across).sum(axis=1)
    return np.asarray(sums / np.float32(rows * columns))


def slopes(grey: Levels) -> Steps:
    """|across| + |down| by Sobel's 3 x 3 kernel at every pixel: eight times the levels a pixel."""
    across, down = cv2.spatialGradient(grey)
    return np.asarray(np.abs(across) + np.abs(down), dtype=np.int16)


def steepness(levels: Levels) -> Floats:
    """The length of the gradient (Sobel, divided by its weight of 8), in the unit of `levels` a pixel.

    NumPy's arithmetic, not OpenCV's: the rounding of `cv2.magnitude` depends on the array's place in memory.
    """
    across = cv2.Sobel(levels, cv2.CV_32F, 1, 0).astype(np.float32, copy=False)
    down = cv2.Sobel(levels, cv2.CV_32F, 0, 1).astype(np.float32, copy=False)
    return np.sqrt(across * across + down * down).astype(np.float32, copy=False) / np.float32(_SOBEL_WEIGHT)


def _quantile(values: Steps, share: float) -> int:
    """The quantile of every fourth row and column: sorting all pixels would cost more than all the rest."""
    sample = values[::4, ::4].ravel()
    place = min(len(sample) - 1, int(share * len(sample)))
    return int(np.partition(sample, place)[place])
