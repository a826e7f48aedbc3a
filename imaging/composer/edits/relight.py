"""Corrects the light of any image: levels stretched, mid-tones brought to a good exposure, contrast added.

There is one tone curve for the whole image and a mild local equalisation (K. Zuiderveld, "Contrast limited adaptive
histogram equalization", 1994), both on luma. Colours follow their luma, so hues do not change.
"""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np

from imaging.pixels import Floats, RgbImage

USUAL_STRENGTH: Final = 0.6
_ENDS: Final = (0.5, 99.5)
"""Percentiles of luma that become almost black and almost white."""
_BLACK, _WHITE = 0.03, 0.97
_MIDDLE: Final = 0.46
"""Mean luma of a well exposed image, as a share of white."""
_GAMMA: Final = (0.55, 1.5)
"""How far mid-tones are brightened or darkened."""
_MOST_GAIN: Final = 2.2
"""The greatest change of the image's own luma, as a factor; beyond it, noise would show."""
_GOOD_CONTRAST: Final = 0.27
"""The RMS contrast (share of white) of an image that needs no more."""
_LOCAL: Final = 0.3
"""How much of the local equalisation is mixed in, at full strength."""


def relight(image: RgbImage, strength: float | None) -> RgbImage:
    """`image` with its light corrected at `strength`, 0 (unchanged) to 1; 0.6 if None."""
    power = USUAL_STRENGTH if strength is None else strength
    if power <= 0:
        return image
    luma: Floats = cv2.cvtColor(image, cv2.COLOR_RGB2GRAY).astype(np.float32) * np.float32(1 / 255)
    wanted = _curved(luma)
    local = cv2.createCLAHE(clipLimit=2.0, tileGridSize=(6, 6)).apply(np.rint(wanted * 255).astype(np.uint8))
    wanted = np.asarray(wanted + (local / 255 - wanted) * _LOCAL * power * _missing(wanted), np.float32)
    target = luma + (wanted - luma) * min(0.35 + power * 0.8, 1.0)
    return _coloured(image, luma, np.asarray(target, np.float32))


def _curved(luma: Floats) -> Floats:
    """Luma after levels, exposure, and an S-curve as strong as the contrast still needs."""
    low, high = (float(value) for value in np.percentile(luma[::2, ::2], _ENDS))
    gain = min((_WHITE - _BLACK) / max(high - low, 1e-3), 4.0)
    level = np.clip((luma - low) * gain + _BLACK, 0.0, 1.0)
    mean = float(np.clip(level.mean(), 0.02, 0.98))
    gamma = float(np.clip(np.log(_MIDDLE) / np.log(mean), *_GAMMA))
    if 0.8 < gamma < 1.2:  # noqa: PLR2004 - exposed well enough: leave the mood alone
        gamma = 1.0
    even = level**gamma
    smooth = even * even * (3 - 2 * even)
    return np.asarray(even + (smooth - even) * _missing(even), np.float32)


def _missing(luma: Floats) -> float:
    """How much contrast is missing, 0 (none) to 1."""
    return float(np.clip((_GOOD_CONTRAST - luma.std()) / 0.12, 0.0, 1.0))


def _coloured(image: RgbImage, luma: Floats, target: Floats) -> RgbImage:
    """`image` with `target` for its luma; colour differences grow with it, within bounds."""
    gain = np.clip((target + 0.02) / (luma + 0.02), 1 / _MOST_GAIN, _MOST_GAIN)
    spread = np.clip(float(target.std()) / max(float(luma.std()), 1e-3), 1.0, 2.2)
    factor = np.maximum(gain, 0.5 * spread + 0.5)
    difference = image.astype(np.float32) / 255 - luma[..., None]
    lit = target[..., None] + difference * factor[..., None]
    return RgbImage(np.asarray(np.rint(np.clip(lit, 0, 1) * 255), np.uint8))
