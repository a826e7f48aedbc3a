"""Holes filled smoothly from their rims, by a pyramid of weighted means.

S. J. Gortler et al., "The Lumigraph" (1996), section 3.4: pull known values down to coarser levels, push them back
into what is unknown.
"""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

_RELAXED: Final = 8
"""Steps of relaxation towards an even membrane (Laplace's equation) at each level."""
Floats = npt.NDArray[np.float32]


def filled(values: Floats, known: Floats) -> Floats:
    """`values` (height x width x channels) where `known` (height x width) is 1, and a smooth membrane where it is 0."""
    weighted = values * known[..., None]
    return _pulled(np.asarray(weighted, np.float32), known)


def _pulled(weighted: Floats, weight: Floats) -> Floats:
    high, wide = weight.shape
    whole: Floats = np.asarray(weighted / np.maximum(weight, 1e-6)[..., None], np.float32)
    if min(high, wide) <= 2 or float(weight.min()) >= 1:  # noqa: PLR2004 - the top of the pyramid
        return _topped(whole, weighted, weight)
    coarse = _pulled(np.asarray(cv2.pyrDown(weighted), np.float32), np.asarray(cv2.pyrDown(weight), np.float32))
    pushed = cv2.pyrUp(coarse, dstsize=(wide, high))
    share = np.clip(weight, 0, 1)[..., None]
    laid = whole * share + pushed * (1 - share)
    for _ in range(_RELAXED):
        laid = whole * share + cv2.GaussianBlur(laid, (3, 3), 0) * (1 - share)
    return np.asarray(laid, np.float32)


def _topped(whole: Floats, weighted: Floats, weight: Floats) -> Floats:
    mean = weighted.sum(axis=(0, 1)) / max(float(weight.sum()), 1e-6)
    return np.asarray(np.where(weight[..., None] > 1e-4, whole, mean), np.float32)  # noqa: PLR2004 - as good as unknown
