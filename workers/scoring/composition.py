"""Composition: where does the eye go, and is the picture in balance?"""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np

from schemas.scorecards import Measurement
from workers.scoring.check import Scale
from workers.scoring.pixels import Floats, Pixels
from workers.scoring.subject import Subject

IMBALANCE: Final = Scale("composition.imbalance", "share of half the diagonal", 0.0, 1.0, "lower")
FOCUS: Final = Scale("composition.focus", "share of attention", 0.0, 1.0, "higher")

_SIDE: Final = 64
"""Pixels at which attention is looked for, as in the paper."""
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


def saliency(grey: Pixels) -> Floats:
    """Attention by place, shape (64, 64), summing to 1; even where nothing stands out.

    X. Hou and L. Zhang, "Saliency detection: a spectral residual approach" (2007): what the spectrum has beyond
    its own local mean, back in space, squared and smoothed.
    """
    small = cv2.resize(grey, (_SIDE, _SIDE), interpolation=cv2.INTER_AREA).astype(np.float32)
    spectrum = cv2.dft(small, flags=cv2.DFT_COMPLEX_OUTPUT).view(np.complex64)[..., 0]
    length = np.abs(spectrum)
    amplitude = np.log1p(length)
    residual = amplitude - cv2.blur(amplitude, (3, 3), borderType=cv2.BORDER_REFLECT_101)
    left = np.exp(residual) / np.maximum(length, np.float32(1e-9)) * spectrum
    back = cv2.dft(left.view(np.float32).reshape(_SIDE, _SIDE, 2), flags=cv2.DFT_INVERSE | cv2.DFT_SCALE)
    energy = np.square(back, dtype=np.float32).sum(axis=2)
    smooth = cv2.GaussianBlur(energy, (0, 0), 2.5).astype(np.float32, copy=False) + np.float32(1e-9)
    return np.asarray(smooth / smooth.sum(), dtype=np.float32)


def _imbalance(attention: Floats) -> float:
    """The distance of the centre of attention from the middle: 0 in the middle, 1 in a corner."""
    places = (np.arange(_SIDE) + 0.5) / _SIDE * 2.0 - 1.0
    across, down = float(attention.sum(axis=0) @ places), float(attention.sum(axis=1) @ places)
    return float(np.hypot(across, down) / np.sqrt(2.0))


def _focus(attention: Floats) -> float:
    count = round(_FOCAL_SHARE * attention.size)
    return float(np.partition(attention, -count, axis=None)[-count:].sum())
