"""Colour arithmetic: relative luminance, the contrast ratio of WCAG 2.2, and mixing in Oklab (Ottosson, 2020).

`imaging.ciede2000` computes the difference of two colours as people see it.
"""

from __future__ import annotations

import math
from functools import lru_cache
from typing import Final, TypeAlias

import cv2
import numpy as np

from imaging.pixels import BgrImage, Doubles, Floats, Levels, RgbImage

RgbColour: TypeAlias = tuple[int, int, int]
"""An sRGB colour: red, green and blue, 0 to 255 each."""
Triple: TypeAlias = tuple[float, float, float]
"""A colour in Oklab, or its three channels in linear light. Single colours are computed in plain floats: an array of
three costs ten times as much."""
ColourMatrix: TypeAlias = tuple[Triple, Triple, Triple]

_LEVELS: Final = np.arange(256) / 255
_LINEAR: Final = np.where(_LEVELS <= 0.04045, _LEVELS / 12.92, ((_LEVELS + 0.055) / 1.055) ** 2.4).astype(np.float32)  # noqa: PLR2004 - IEC 61966-2-1
_LIGHT: Final[tuple[float, ...]] = tuple(_LINEAR.tolist())
_LINEAR_TOE: Final = 0.0031308
"""Linear light below which sRGB is a straight line (IEC 61966-2-1)."""
_PROPORTIONAL_BELOW: Final = 8.0
"""L* below which luminance is proportional to it."""
_EDGE: Final = 0.001
"""Linear light by which a colour may leave sRGB and still count as inside."""
_WEIGHTS: Final = np.array((0.2126, 0.7152, 0.0722), dtype=np.float32)
_TO_LMS: Final[ColourMatrix] = (
    (0.4122214708, 0.5363325363, 0.0514459929),
    (0.2119034982, 0.6806995451, 0.1073969566),
    (0.0883024619, 0.2817188376, 0.6299787005),
)
_TO_LAB: Final[ColourMatrix] = (
    (0.2104542553, 0.7936177850, -0.0040720468),
    (1.9779984951, -2.4285922050, 0.4505937099),
    (0.0259040371, 0.7827717662, -0.8086757660),
)


def _inverse(matrix: ColourMatrix) -> ColourMatrix:
    first, second, third = np.linalg.inv(matrix).tolist()
    return tuple(first), tuple(second), tuple(third)


def _luminances_of_levels() -> Doubles:
    """CIE 15:2004, the inverse of L*."""
    stars = np.arange(256) * (100.0 / 255.0)
    return np.where(stars > _PROPORTIONAL_BELOW, ((stars + 16.0) / 116.0) ** 3, stars * (27.0 / 24389.0))


_LUMINANCE_OF_LEVEL: Final = _luminances_of_levels()
"""The relative luminance, 0 to 1, of each of the 256 levels of lightness."""
_FROM_LAB: Final = _inverse(_TO_LAB)
_FROM_LMS: Final = _inverse(_TO_LMS)


def times(matrix: ColourMatrix, vector: Triple) -> Triple:
    """The product of a matrix (its rows) and a vector."""
    x, y, z = vector
    first, second, third = matrix
    return (
        first[0] * x + first[1] * y + first[2] * z,
        second[0] * x + second[1] * y + second[2] * z,
        third[0] * x + third[1] * y + third[2] * z,
    )


def rgb(text: str) -> RgbColour:
    """The colour that ``#rrggbb`` names."""
    return int(text[1:3], 16), int(text[3:5], 16), int(text[5:7], 16)


@lru_cache(maxsize=1024)
def luminance(colour: RgbColour) -> float:
    """Relative luminance, 0 (black) to 1 (white)."""
    red, green, blue = linear(colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def luminances(image: RgbImage) -> Floats:
    """The relative luminance of each pixel, shape (height, width)."""
    linear = cv2.LUT(np.ascontiguousarray(image).reshape(-1, 1, 3), _LINEAR)
    return np.asarray(cv2.transform(linear, _WEIGHTS[None]), np.float32).reshape(image.shape[:-1])


def contrast_ratio(first: float, second: float) -> float:
    """The contrast ratio of two luminances, 1 to 21: WCAG 2.2, "contrast ratio"."""
    return (max(first, second) + 0.05) / (min(first, second) + 0.05)


def contrast(first: RgbColour, second: RgbColour) -> float:
    """The contrast ratio of two colours, 1 to 21."""
    return contrast_ratio(luminance(first), luminance(second))


def lightness_levels(image: BgrImage) -> Levels:
    """CIE L* in 256 levels (255 is white), shape (height, width): perceptually even steps for any hue."""
    return cv2.extractChannel(cv2.cvtColor(image, cv2.COLOR_BGR2Lab), 0).astype(np.uint8, copy=False)


def contrast_of_levels(first: int, second: int) -> float:
    """The contrast ratio of two lightness levels, 1 to 21."""
    return contrast_ratio(float(_LUMINANCE_OF_LEVEL[first]), float(_LUMINANCE_OF_LEVEL[second]))


@lru_cache(maxsize=4096)
def mix(one: RgbColour, other: RgbColour, share: float) -> RgbColour:
    """`share` (0 to 1) of the way from `one` to `other`, in perceptually even steps."""
    kept, first, second = 1 - share, oklab(one), oklab(other)
    return from_oklab(
        (
            first[0] * kept + second[0] * share,
            first[1] * kept + second[1] * share,
            first[2] * kept + second[2] * share,
        )
    )


@lru_cache(maxsize=1024)
def shade(colour: RgbColour, lighter: float) -> RgbColour:
    """`colour` with its Oklab lightness moved by `lighter` (-1 to 1), its hue kept."""
    light, green_red, blue_yellow = oklab(colour)
    kept = 1 - min(abs(lighter), 0.5)
    return from_oklab((min(max(light + lighter, 0.0), 1.0), green_red * kept, blue_yellow * kept))


def oklab_distance(one: RgbColour, other: RgbColour) -> float:
    """The Euclidean distance in Oklab: 0 (the same) to 1 (black and white)."""
    return math.dist(oklab(one), oklab(other))


def lightness(colour: RgbColour) -> float:
    """Oklab lightness, 0 to 1."""
    return oklab(colour)[0]


@lru_cache(maxsize=1024)
def oklab(colour: RgbColour) -> Triple:
    """`colour` in Oklab: lightness, green to red, blue to yellow."""
    long, middle, short = times(_TO_LMS, linear(colour))
    return times(_TO_LAB, (math.cbrt(long), math.cbrt(middle), math.cbrt(short)))


def from_oklab(lab: Triple) -> RgbColour:
    """The sRGB colour nearest to `lab`, channel by channel."""
    return encoded(_light_of(lab))


def in_gamut(lab: Triple) -> bool:
    """Whether sRGB can show `lab`, to a thousandth of its light."""
    light = _light_of(lab)
    return min(light) >= -_EDGE and max(light) <= 1 + _EDGE


def linear(colour: RgbColour) -> Triple:
    """The linear light of each channel, 0 to 1."""
    return _LIGHT[colour[0]], _LIGHT[colour[1]], _LIGHT[colour[2]]


def encoded(light: Triple) -> RgbColour:
    """The sRGB colour of linear light, cut to 0 to 1."""
    return _level(light[0]), _level(light[1]), _level(light[2])


def _light_of(lab: Triple) -> Triple:
    """The linear light of `lab`, which may lie outside sRGB."""
    long, middle, short = times(_FROM_LAB, lab)
    return times(_FROM_LMS, (long * long * long, middle * middle * middle, short * short * short))


def _level(light: float) -> int:
    """The level (0 to 255) of a channel's linear light, cut to 0 to 1."""
    cut = min(max(light, 0.0), 1.0)
    return round(255 * (cut * 12.92 if cut <= _LINEAR_TOE else 1.055 * cut ** (1 / 2.4) - 0.055))
