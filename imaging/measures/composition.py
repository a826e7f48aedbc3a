"""Composition: where does the eye go, and is the image in balance?"""

from __future__ import annotations

import math
from typing import Final

import cv2
import numpy as np

from imaging.measures.check import Scale
from imaging.measures.subject import Subject
from imaging.pixels import Floats, Levels
from schemas.scorecards import Measurement

IMBALANCE: Final = Scale("composition.imbalance", "share of half the diagonal", 0.0, 1.0, "lower")
FOCUS: Final = Scale("composition.focus", "share of attention", 0.0, 1.0, "higher")

_SIDE: Final = 64
"""Pixels of the side at which attention is computed, as in the paper."""
_PLACES: Final = ((np.arange(_SIDE) + 0.5) / _SIDE * 2.0 - 1.0).astype(np.float32)
"""Of columns and of rows, from -1 to 1."""
_FOCAL_SHARE: Final = 0.1


class CompositionCheck:
    """How far the centre of attention lies from the middle, and how much of it the strongest tenth draws."""

    name: Final = "composition"
    version: Final = "2"
    scales: Final = (IMBALANCE, FOCUS)

    def measure(self, subject: Subject) -> tuple[Measurement, ...]:
        """One measurement for each scale."""
        attention = saliency(subject.tiny_grey)
        return (IMBALANCE.reading(_imbalance(attention), self), FOCUS.reading(_focus(attention), self))


def saliency(grey: Levels) -> Floats:
    """Attention by place, shape (64, 64), summing to 1; even where nothing catches the eye.

    X. Hou and L. Zhang, "Saliency detection: a spectral residual approach" (2007): what the spectrum has beyond
    its own local mean, back in space, squared and smoothed.
    """
    small = cv2.resize(grey, (_SIDE, _SIDE), interpolation=cv2.INTER_AREA).astype(np.float32)
    spectrum = cv2.dft(small, flags=cv2.DFT_COMPLEX_OUTPUT).astype(np.float32, copy=False)
    length = np.sqrt(_squared_lengths(spectrum))
    amplitude = np.log1p(length)
    residual = amplitude - cv2.blur(amplitude, (3, 3), borderType=cv2.BORDER_REFLECT_101)
    left = spectrum * (np.exp(residual) / np.maximum(length, np.float32(1e-9)))[..., None]
    back = cv2.dft(left, flags=cv2.DFT_INVERSE | cv2.DFT_SCALE).astype(np.float32, copy=False)
    smooth = cv2.GaussianBlur(_squared_lengths(back), (0, 0), 2.5).astype(np.float32, copy=False) + np.float32(1e-9)
    return np.asarray(smooth / smooth.sum(), dtype=np.float32)


def _squared_lengths(pairs: Floats) -> Floats:
    """Of pairs in the last axis."""
    first, second = pairs[..., 0], pairs[..., 1]
    return np.asarray(first * first + second * second)


def _imbalance(attention: Floats) -> float:
    """The distance of the centre of attention from the middle: 0 in the middle, 1 in a corner."""
    across, down = float((attention @ _PLACES).sum()), float((_PLACES @ attention).sum())
    return math.hypot(across, down) / math.sqrt(2.0)


def _focus(attention: Floats) -> float:
    count = round(_FOCAL_SHARE * attention.size)
    return float(np.partition(attention, -count, axis=None)[-count:].sum())
