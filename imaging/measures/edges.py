"""What edges tell: how blurred the sharpest of them are, and how much of the rest is noise.

Slopes and bends are taken along lines: every eighth row of an image of 512, with the rows beside it. That is an
eighth of the work, and an image's edges and noise are not of one row.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np

from imaging.pixels import Floats, Levels, Places, Steps, middle

_LINES: Final = 64
"""Rows along which an image is looked at, up to twice as many, spread over its height."""
_REACH: Final = 2
"""Pixels that the largest kernel reaches to each side."""
_REBLUR_VARIANCE: Final = 0.5
"""Square pixels by which Sobel's 5 x 5 kernel blurs more than its 3 x 3 one: that of the binomial (1, 2, 1) / 4."""
_SOBEL_5: Final = np.stack([np.outer((1, 4, 6, 4, 1), (-1, -2, 0, 2, 1)), np.outer((-1, -2, 0, 2, 1), (1, 4, 6, 4, 1))])
_KERNELS: Final = (_SOBEL_5.reshape(2, 25) / 16.0).astype(np.float32)
"""Sobel's 5 x 5 kernels, across and down, with the weight of the 3 x 3 ones."""
_SOBEL_WEIGHT: Final = 8.0
_STRONGEST: Final = 0.98
"""Edges are the 2 % steepest pixels: in an ad, those of type, logo and product, which ought to be sharp."""
_FAINTEST_EDGE: Final = 4.0
"""Grey levels a pixel: below it a slope is shading or noise, and no edge."""
_EDGES: Final = 1000
"""Edge pixels that are looked at, spread evenly over all of them; their median is steady with fewer."""
_BLOCK: Final = 16
"""Pixels of the side of a block in which noise is looked for."""
_QUIET: Final = 0.4
"""The quantile of the blocks' noise that counts: not the least, for noise drowns in black and white."""


@dataclass(frozen=True, slots=True)
class Lines:
    """Rows of a grey image, shape (lines, width), with those above and below; line n is row ``2 + n * step``.

    `bend` is the second difference from above to below.
    """

    grey: Levels
    step: int
    above: Steps
    here: Steps
    below: Steps
    bend: Steps


def lines_of(grey: Levels) -> Lines:
    """The lines of `grey`; its rim of two pixels has none, so an image smaller than five is continued."""
    if min(grey.shape) <= 2 * _REACH:
        rims = cv2.copyMakeBorder(grey, _REACH, _REACH, _REACH, _REACH, cv2.BORDER_REPLICATE)
        return lines_of(rims.astype(np.uint8, copy=False))
    last = grey.shape[0] - _REACH
    step = max(1, grey.shape[0] // _LINES)
    above, here, below = (grey[row : last + row - _REACH : step].astype(np.int16) for row in (1, 2, 3))
    return Lines(grey, step, above, here, below, above - 2 * here + below)


def laplacian_variance(lines: Lines) -> float:
    """The variance of the Laplacian: J. L. Pech-Pacheco et al., "Diatom autofocusing in brightfield" (2000)."""
    here = lines.here
    response = lines.bend[:, 1:-1] + here[:, :-2] + here[:, 2:] - 2 * here[:, 1:-1]
    values = response.ravel().astype(np.float32)
    return max(0.0, float(values @ values) / len(values) - float(values.mean()) ** 2)


def edge_blur(lines: Lines, at_most: float) -> float:
    """The blur of the image's steepest edges, as the standard deviation of a Gaussian, in pixels.

    A step blurred by sigma and blurred again by s loses slope by the ratio R = sqrt(1 + (s / sigma)^2), so
    sigma = s / sqrt(R^2 - 1), whatever the step's height: S. Zhuo and T. Sim, "Defocus map estimation from a single
    image", Pattern Recognition 44 (2011) 1852-1858. The second blur is the one that Sobel's larger kernel has
    over the smaller. The median over the edges is returned, `at_most` where it is larger or where there is none.
    """
    steep = _steep(lines)[:, 1:-1]
    threshold = max(_quantile(steep, _STRONGEST), int(_FAINTEST_EDGE * _SOBEL_WEIGHT))
    edges = np.flatnonzero(steep >= threshold)
    if not len(edges):
        return at_most
    edges = edges[:: -(-len(edges) // _EDGES)]
    rows, columns = np.divmod(edges, steep.shape[1])
    after = _blurred_slopes(lines, (_REACH + rows * lines.step) * lines.grey.shape[1] + _REACH + columns)
    ratio = middle(steep[rows, columns] / np.maximum(after, np.float32(1.0 / 16.0)))
    return min(float(np.sqrt(_REBLUR_VARIANCE / (ratio**2 - 1.0))), at_most) if ratio > 1.0 else at_most


def _steep(lines: Lines) -> Steps:
    """|across| + |down| by Sobel's 3 x 3 kernel, eight times the levels a pixel; without the first and last column."""
    smooth, step = lines.above + 2 * lines.here + lines.below, lines.below - lines.above
    across, down = smooth[:, 2:] - smooth[:, :-2], step[:, :-2] + 2 * step[:, 1:-1] + step[:, 2:]
    return np.asarray(np.abs(across) + np.abs(down))


def _blurred_slopes(lines: Lines, places: Places) -> Floats:
    """|across| + |down| by Sobel's 5 x 5 kernel at the flat indices `places` of the image."""
    width, span = lines.grey.shape[1], np.arange(-_REACH, _REACH + 1)
    around = lines.grey.ravel().take(np.add.outer(span * width, span).reshape(-1, 1) + places)
    across, down = np.abs(_KERNELS @ around.astype(np.float32))
    return np.asarray(across + down)


def noise_deviation(lines: Lines) -> float:
    """The standard deviation of the noise in grey levels, looked for where the image is quiet.

    The estimate is that of J. Immerkaer, "Fast noise variance estimation" (1996), taken block by block; noise is
    everywhere, so the quieter blocks tell of it, while edges and the texture of grass or stone are in some only.
    """
    bend = lines.bend
    response = np.abs(bend[:, :-2] - 2 * bend[:, 1:-1] + bend[:, 2:])
    blocks = _block_means(response, max(1, _BLOCK // lines.step), _BLOCK).ravel()
    place = int(_QUIET * (len(blocks) - 1))
    return float(np.sqrt(np.pi / 2.0) / 6.0 * np.partition(blocks, place)[place])


def _block_means(values: Steps, rows: int, columns: int) -> Floats:
    """The means of blocks of so many lines and columns; what is left over at the end is left out."""
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

    NumPy's arithmetic, not OpenCV's: `cv2.magnitude` rounds by how the array happens to lie in memory.
    """
    across = cv2.Sobel(levels, cv2.CV_32F, 1, 0).astype(np.float32, copy=False)
    down = cv2.Sobel(levels, cv2.CV_32F, 0, 1).astype(np.float32, copy=False)
    return np.sqrt(across * across + down * down).astype(np.float32, copy=False) / np.float32(_SOBEL_WEIGHT)


def _quantile(values: Steps, share: float) -> int:
    """The quantile, of every fourth line and column: sorting all of them would cost more than all the rest."""
    sample = values[::4, ::4].ravel()
    place = min(len(sample) - 1, int(share * len(sample)))
    return int(np.partition(sample, place)[place])
