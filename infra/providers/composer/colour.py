"""Colour arithmetic: WCAG 2.2 luminance and contrast, and mixing in Oklab (Ottosson, 2020)."""

from __future__ import annotations

from functools import lru_cache
from typing import Final, TypeAlias

import cv2
import numpy as np
import numpy.typing as npt

Rgb: TypeAlias = tuple[int, int, int]
"""An sRGB colour, 0 to 255 a channel."""
Pixels: TypeAlias = npt.NDArray[np.uint8]
"""A picture: height x width x 3, sRGB."""
Lab: TypeAlias = tuple[float, float, float] | npt.NDArray[np.float64]
"""A colour in Oklab."""

_LEVELS: Final = np.arange(256) / 255
_LINEAR: Final = np.where(_LEVELS <= 0.04045, _LEVELS / 12.92, ((_LEVELS + 0.055) / 1.055) ** 2.4).astype(np.float32)  # noqa: PLR2004 - IEC 61966-2-1
_LINEAR_TOE: Final = 0.0031308
"""Linear light below which sRGB is a straight line (IEC 61966-2-1)."""
_EDGE: Final = 0.001
"""Linear light by which a colour may leave sRGB and still count as inside."""
_WEIGHTS: Final = np.array((0.2126, 0.7152, 0.0722), dtype=np.float32)
_TO_LMS: Final = np.array(
    (
        (0.4122214708, 0.5363325363, 0.0514459929),
        (0.2119034982, 0.6806995451, 0.1073969566),
        (0.0883024619, 0.2817188376, 0.6299787005),
    )
)
_TO_LAB: Final = np.array(
    (
        (0.2104542553, 0.7936177850, -0.0040720468),
        (1.9779984951, -2.4285922050, 0.4505937099),
        (0.0259040371, 0.7827717662, -0.8086757660),
    )
)
_FROM_LAB: Final = np.linalg.inv(_TO_LAB)
_FROM_LMS: Final = np.linalg.inv(_TO_LMS)


def rgb(text: str) -> Rgb:
    """The colour that ``#rrggbb`` names."""
    return int(text[1:3], 16), int(text[3:5], 16), int(text[5:7], 16)


@lru_cache(maxsize=1024)
def luminance(colour: Rgb) -> float:
    """Relative luminance, 0 (black) to 1 (white)."""
    return float(sum(weight * _LINEAR[value] for weight, value in zip(_WEIGHTS, colour, strict=True)))


def luminances(pixels: Pixels) -> npt.NDArray[np.float32]:
    """The relative luminance of each pixel."""
    linear = cv2.LUT(np.ascontiguousarray(pixels).reshape(-1, 1, 3), _LINEAR)
    return np.asarray(cv2.transform(linear, _WEIGHTS[None]), np.float32).reshape(pixels.shape[:-1])


def ratio(one: float, other: float) -> float:
    """The contrast ratio of two luminances, 1 to 21."""
    return (max(one, other) + 0.05) / (min(one, other) + 0.05)


def contrast(one: Rgb, other: Rgb) -> float:
    """The contrast ratio of two colours, 1 to 21."""
    return ratio(luminance(one), luminance(other))


@lru_cache(maxsize=4096)
def mix(one: Rgb, other: Rgb, share: float) -> Rgb:
    """`share` (0 to 1) of the way from `one` to `other`, evenly to the eye."""
    return from_oklab(oklab(one) * (1 - share) + oklab(other) * share)


@lru_cache(maxsize=1024)
def shade(colour: Rgb, lighter: float) -> Rgb:
    """`colour` with its Oklab lightness moved by `lighter` (-1 to 1), its hue kept."""
    lab = oklab(colour).copy()
    lab[0] = min(max(lab[0] + lighter, 0.0), 1.0)
    lab[1:] *= 1 - min(abs(lighter), 0.5)
    return from_oklab(lab)


def distance(one: Rgb, other: Rgb) -> float:
    """The Euclidean distance in Oklab: 0 (the same) to 1 (black and white)."""
    return float(np.linalg.norm(oklab(one) - oklab(other)))


def lightness(colour: Rgb) -> float:
    """Oklab lightness, 0 to 1."""
    return float(oklab(colour)[0])


@lru_cache(maxsize=1024)
def oklab(colour: Rgb) -> npt.NDArray[np.float64]:
    """`colour` in Oklab: lightness, green to red, blue to yellow."""
    lab: npt.NDArray[np.float64] = _TO_LAB @ np.cbrt(_TO_LMS @ linear(colour))
    return lab


def from_oklab(lab: Lab) -> Rgb:
    """The sRGB colour nearest to `lab`, channel by channel."""
    return encoded(_FROM_LMS @ (_FROM_LAB @ np.asarray(lab)) ** 3)


def in_gamut(lab: Lab) -> bool:
    """Whether sRGB shows `lab`, to a thousandth of its light."""
    light = _FROM_LMS @ (_FROM_LAB @ np.asarray(lab)) ** 3
    return bool(light.min() >= -_EDGE and light.max() <= 1 + _EDGE)


def linear(colour: Rgb) -> npt.NDArray[np.float64]:
    """The linear light of each channel, 0 to 1."""
    return np.array([_LINEAR[value] for value in colour], dtype=np.float64)


def encoded(light: npt.NDArray[np.float64]) -> Rgb:
    """The sRGB colour of linear light, cut to 0 to 1."""
    cut = np.clip(light, 0, 1)
    levels = np.where(cut <= _LINEAR_TOE, cut * 12.92, 1.055 * cut ** (1 / 2.4) - 0.055)
    red, green, blue = (round(float(value) * 255) for value in levels)
    return red, green, blue
