"""Colours derived from the brand's in OKLCH, the polar form of Oklab (Ottosson, 2020): lightness, chroma and hue."""

from __future__ import annotations

import math
from functools import lru_cache
from typing import Final, NamedTuple

from imaging.colour import RgbColour, from_oklab, in_gamut, mix, oklab

ANALOGOUS: Final = 28.0
"""Degrees between neighbouring hues that still make one family."""
COMPLEMENT: Final = 180.0
_MUDDY_BEYOND: Final = 70.0
"""Degrees between two hues from which a straight mixture of both turns grey."""
_COLOURLESS: Final = 0.03
"""Chroma below which a colour has no hue to speak of."""
_HALVINGS: Final = 12


class Lch(NamedTuple):
    """Lightness (0 to 1), chroma (0 to about 0.33 in sRGB) and hue (degrees, 0 to 360)."""

    lightness: float
    chroma: float
    hue: float


@lru_cache(maxsize=1024)
def lch(colour: RgbColour) -> Lch:
    """`colour` in OKLCH."""
    light, green_red, blue_yellow = oklab(colour)
    hue = math.degrees(math.atan2(blue_yellow, green_red)) % 360
    return Lch(light, math.hypot(green_red, blue_yellow), hue)


@lru_cache(maxsize=4096)
def from_lch(lightness: float, chroma: float, hue: float) -> RgbColour:
    """The sRGB colour; chroma that the screen cannot show at this lightness and hue is given up."""
    lightness, turn = min(max(lightness, 0.0), 1.0), math.radians(hue)
    across, up = math.cos(turn), math.sin(turn)
    low, high = 0.0, max(chroma, 0.0)
    if in_gamut((lightness, high * across, high * up)):
        low = high
    else:
        for _ in range(_HALVINGS):
            middle = (low + high) / 2
            low, high = (middle, high) if in_gamut((lightness, middle * across, middle * up)) else (low, middle)
    return from_oklab((lightness, low * across, low * up))


def at_lightness(colour: RgbColour, lightness: float, vivid: float = 1.0) -> RgbColour:
    """The tint or shade of `colour` at `lightness` (0 to 1), its chroma multiplied by `vivid`, its hue kept."""
    own = lch(colour)
    return from_lch(lightness, own.chroma * vivid, own.hue)


def turned(colour: RgbColour, degrees: float) -> RgbColour:
    """`colour` with its hue turned: `COMPLEMENT` or a multiple of `ANALOGOUS`."""
    own = lch(colour)
    return from_lch(own.lightness, own.chroma, (own.hue + degrees) % 360)


def hues_apart(one: RgbColour, other: RgbColour) -> float:
    """Degrees (0 to 180) between two hues; 0 where one of them has none."""
    first, second = lch(one), lch(other)
    if min(first.chroma, second.chroma) < _COLOURLESS:
        return 0.0
    away = abs(first.hue - second.hue) % 360
    return min(away, 360 - away)


def blend(one: RgbColour, other: RgbColour, share: float) -> RgbColour:
    """`share` (0 to 1) of the way between two colours, without the grey that lies between far hues.

    Far hues keep the hue of the nearer end and the chroma of both.
    """
    if hues_apart(one, other) <= _MUDDY_BEYOND:
        return mix(one, other, share)
    first, second = lch(one), lch(other)
    hue = first.hue if share < 0.5 else second.hue  # noqa: PLR2004 - the nearer end
    chroma = first.chroma * (1 - share) + second.chroma * share
    return from_lch(first.lightness * (1 - share) + second.lightness * share, chroma, hue)


def glow(lead: RgbColour, spark: RgbColour) -> RgbColour:
    """A light that may melt into `lead`: `spark` itself where the hues are near, else a neighbour of `lead`."""
    if hues_apart(lead, spark) <= _MUDDY_BEYOND:
        return spark
    own, wanted = lch(lead), lch(spark)
    clockwise = (wanted.hue - own.hue) % 360 < COMPLEMENT
    hue = own.hue + (ANALOGOUS if clockwise else -ANALOGOUS)
    return from_lch(min(own.lightness + 0.16, 0.95), max(own.chroma, 0.6 * wanted.chroma), hue % 360)
