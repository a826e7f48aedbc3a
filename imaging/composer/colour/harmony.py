"""Derives colours from the brand's in OKLCH, the polar form of Oklab (Ottosson, 2020): lightness, chroma and hue."""

from __future__ import annotations

import math
from functools import lru_cache
from typing import Final, NamedTuple

from imaging.colour import RgbColour, from_oklab, in_gamut, mix, oklab

ANALOGOUS: Final = 28.0
"""Degrees between neighbouring hues that look like one family."""
COMPLEMENT: Final = 180.0
_MUDDY_BEYOND: Final = 70.0
"""The greatest distance of two hues, in degrees, whose straight mixture is not grey."""
_COLOURLESS: Final = 0.03
"""Chroma below which a colour looks grey."""
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
    """The sRGB colour of a lightness, chroma and hue; chroma that sRGB cannot show is reduced."""
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
    """`colour` with its hue moved by `degrees`: `COMPLEMENT` or a multiple of `ANALOGOUS`."""
    own = lch(colour)
    return from_lch(own.lightness, own.chroma, (own.hue + degrees) % 360)


def hues_apart(one: RgbColour, other: RgbColour) -> float:
    """Degrees (0 to 180) between two hues; 0 if one of the colours is grey."""
    first, second = lch(one), lch(other)
    if min(first.chroma, second.chroma) < _COLOURLESS:
        return 0.0
    away = abs(first.hue - second.hue) % 360
    return min(away, 360 - away)


def blend(one: RgbColour, other: RgbColour, share: float) -> RgbColour:
    """`share` (0 to 1) of the way between two colours, without the grey between distant hues.

    Between distant hues, the hue is that of the nearer end, and the chroma is kept.
    """
    if hues_apart(one, other) <= _MUDDY_BEYOND:
        return mix(one, other, share)
    first, second = lch(one), lch(other)
    hue = first.hue if share < 0.5 else second.hue  # noqa: PLR2004 - the nearer end
    chroma = first.chroma * (1 - share) + second.chroma * share
    return from_lch(first.lightness * (1 - share) + second.lightness * share, chroma, hue)


def glow(lead: RgbColour, spark: RgbColour) -> RgbColour:
    """A light that blends into `lead`: `spark` itself if the hues are near, else a neighbour of `lead`."""
    if hues_apart(lead, spark) <= _MUDDY_BEYOND:
        return spark
    own, wanted = lch(lead), lch(spark)
    clockwise = (wanted.hue - own.hue) % 360 < COMPLEMENT
    hue = own.hue + (ANALOGOUS if clockwise else -ANALOGOUS)
    return from_lch(min(own.lightness + 0.16, 0.95), max(own.chroma, 0.6 * wanted.chroma), hue % 360)
