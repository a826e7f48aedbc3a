"""The colour difference CIEDE2000, vectorised.

Formulas and the numbers of the equations: G. Sharma, W. Wu, E. N. Dalal, "The CIEDE2000 color-difference
formula: implementation notes, supplementary test data, and mathematical observations", Color Research and
Application 30 (2005) 21-30. The weights k_L, k_C and k_H are 1.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from workers.scoring.pixels import Doubles

_TWENTY_FIVE_TO_THE_SEVENTH: Final = 25.0**7


def ciede2000(first: npt.ArrayLike, second: npt.ArrayLike) -> Doubles:
    """The difference between CIELAB colours, shapes (..., 3) that broadcast; 0 is equal, about 1 just visible."""
    lightness_1, chroma_1, hue_1, lightness_2, chroma_2, hue_2 = _cylindrical(
        np.asarray(first, dtype=np.float64), np.asarray(second, dtype=np.float64)
    )
    hue_step = _hue_step(hue_1, hue_2, chroma_1 * chroma_2)
    hue_mean = _hue_mean(hue_1, hue_2, chroma_1 * chroma_2)
    lightness_mean = (lightness_1 + lightness_2) / 2.0
    chroma_mean = (chroma_1 + chroma_2) / 2.0
    off_middle = (lightness_mean - 50.0) ** 2
    weight_lightness = 1.0 + 0.015 * off_middle / np.sqrt(20.0 + off_middle)  # eq. 16
    weight_chroma = 1.0 + 0.045 * chroma_mean  # eq. 17
    weight_hue = 1.0 + 0.015 * chroma_mean * _hue_factor(hue_mean)  # eq. 18
    in_lightness = (lightness_2 - lightness_1) / weight_lightness
    in_chroma = (chroma_2 - chroma_1) / weight_chroma
    in_hue = 2.0 * np.sqrt(chroma_1 * chroma_2) * np.sin(hue_step / 2.0) / weight_hue  # eq. 11
    rotation = _rotation(hue_mean, chroma_mean)
    squared = in_lightness**2 + in_chroma**2 + in_hue**2 + rotation * in_chroma * in_hue  # eq. 22
    return np.asarray(np.sqrt(np.maximum(squared, 0.0)))


def _cylindrical(first: Doubles, second: Doubles) -> tuple[Doubles, Doubles, Doubles, Doubles, Doubles, Doubles]:
    """L', C' and h' (radians, 0 to 2 pi) of both colours; eqs. 2 to 7."""
    chroma = (np.hypot(first[..., 1], first[..., 2]) + np.hypot(second[..., 1], second[..., 2])) / 2.0
    stretch = 1.5 - 0.5 * _saturation(chroma)  # 1 + G
    parts: list[Doubles] = []
    for colour in (first, second):
        a, b = colour[..., 1] * stretch, colour[..., 2]
        parts += [colour[..., 0], np.hypot(a, b), np.mod(np.arctan2(b, a), 2.0 * np.pi)]
    return parts[0], parts[1], parts[2], parts[3], parts[4], parts[5]


def _saturation(chroma: Doubles) -> Doubles:
    """sqrt(C^7 / (C^7 + 25^7)), which eqs. 4 and 21 share."""
    seventh = chroma**7
    return np.asarray(np.sqrt(seventh / (seventh + _TWENTY_FIVE_TO_THE_SEVENTH)))


def _hue_step(hue_1: Doubles, hue_2: Doubles, chroma_product: Doubles) -> Doubles:
    """The signed angle between the hues, radians; 0 where a colour is grey; eq. 10."""
    step = hue_2 - hue_1
    step = np.where(step > np.pi, step - 2.0 * np.pi, np.where(step < -np.pi, step + 2.0 * np.pi, step))
    return np.where(chroma_product == 0.0, 0.0, step)


def _hue_mean(hue_1: Doubles, hue_2: Doubles, chroma_product: Doubles) -> Doubles:
    """The mean hue, radians; eq. 14."""
    total = hue_1 + hue_2
    around = np.where(total < 2.0 * np.pi, total + 2.0 * np.pi, total - 2.0 * np.pi)
    mean = np.where(np.abs(hue_1 - hue_2) > np.pi, around, total) / 2.0
    return np.where(chroma_product == 0.0, total, mean)


def _hue_factor(hue: Doubles) -> Doubles:
    """T; eq. 15."""
    return np.asarray(
        1.0
        - 0.17 * np.cos(hue - np.radians(30.0))
        + 0.24 * np.cos(2.0 * hue)
        + 0.32 * np.cos(3.0 * hue + np.radians(6.0))
        - 0.20 * np.cos(4.0 * hue - np.radians(63.0))
    )


def _rotation(hue: Doubles, chroma: Doubles) -> Doubles:
    """R_T, which turns the ellipses of blue; eqs. 19 to 21."""
    angle = np.radians(30.0) * np.exp(-(((np.degrees(hue) - 275.0) / 25.0) ** 2))
    return np.asarray(-2.0 * _saturation(chroma) * np.sin(2.0 * angle))
