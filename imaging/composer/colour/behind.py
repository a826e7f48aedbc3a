"""Measures what is behind words, button and logo. Only these places are measured, and veils are tried on them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Final, cast

import cv2
import numpy as np
import numpy.typing as npt

from imaging.colour import RgbColour, luminances
from imaging.composer.paint.brush import Sheet, lay
from imaging.composer.paint.painter import scrim_mask
from imaging.composer.scene.geometry import Rect
from imaging.composer.scene.scene import Scrim
from imaging.pixels import AnyImage, Floats, Levels, RgbImage
from schemas.images import Role

Luminances = Floats
MOST_CLUTTER: Final = 1.5
"""The greatest contrast of small detail behind a text that does not disturb reading (judged by eye)."""
_UNCOUNTED: Final = 0.04
"""The share of pixels at each end that may be less favourable: specks smaller than a letter."""
_JUMP: Final = 56
_JUMPS: Final = 0.012
"""Levels of a channel between two neighbouring pixels that make a hard edge, and the share of them that disturbs
reading."""
_DETAIL: Final = 34.0
"""Units (standard deviation) above which a change of tone is a gradient and not detail."""
_BESIDE: Final = 4.0
"""Units around a box that are measured with it."""
_COARSE: Final = 4
"""Measured pixels along each side of a pixel of the coarse image, which shows slow changes."""


@dataclass(frozen=True)
class Patch:
    """The pixels (rows x columns x 3) behind one thing, in its window of the grid of measured pixels.

    `shade` (rows x columns) is the light that remains in the product's shadows, of 255.
    """

    window: tuple[slice, slice]
    pixels: RgbImage
    shade: Levels | None

    @cached_property
    def lit(self) -> Patch:
        """The patch in the product's shadows."""
        if self.shade is None:
            return self
        left = cv2.merge((self.shade, self.shade, self.shade))
        return Patch(self.window, RgbImage(np.asarray(cv2.multiply(self.pixels, left, scale=1 / 255), np.uint8)), None)

    @cached_property
    def light(self) -> Luminances:
        """The luminance of each pixel."""
        return luminances(RgbImage(self.pixels))

    @cached_property
    def ends(self) -> tuple[float, float]:
        """The range of luminances without the darkest and the brightest 4 % of the pixels."""
        return _ends(self.light)

    @cached_property
    def mean(self) -> RgbColour:
        """The mean colour."""
        red, green, blue, _ = cv2.mean(self.pixels)
        return round(red), round(green), round(blue)

    @cached_property
    def spread(self) -> float:
        """The contrast of its ends."""
        return (self.ends[1] + 0.05) / (self.ends[0] + 0.05)

    @cached_property
    def edged(self) -> bool:
        """Whether a hard edge between two colours runs through it, such as an accent behind letters."""
        pixels = self.pixels
        if min(pixels.shape[:2]) < 2:  # noqa: PLR2004 - an edge takes two
            return False
        return _jumps(pixels[:, 1:], pixels[:, :-1]) + _jumps(pixels[1:], pixels[:-1]) > _JUMPS

    def detail(self, slow: Luminances) -> float:
        """The contrast of its small detail, with the `slow` change of luminance over the whole grid divided out."""
        low, high = _ends((self.light + np.float32(0.05)) / slow[self.window])
        return min(high / low, self.spread)


@dataclass(frozen=True)
class Behind:
    """What is behind each role, measured when it is needed, and the whole sheet in `coarse` pixels.

    `size` is the width and height of the grid of measured pixels, `height` that of the sheet in units.
    """

    patch: Callable[[Role], Patch]
    coarse: Callable[[], Sheet]
    size: tuple[int, int]
    height: float

    def veiled(self, scrim: Scrim) -> Behind:
        """What is behind the roles under the veil `scrim`."""
        mask = scrim_mask(scrim, self.height)
        fine = np.asarray(cv2.resize(mask, self.size), np.uint8)

        @cache
        def patch(role: Role) -> Patch:
            return _under(self.patch(role), scrim.colour, fine)

        @cache
        def coarse() -> Sheet:
            bare = self.coarse()
            sheet = Sheet(bare.pixels.copy(), bare.scale)
            sheet.veil(scrim.colour, mask)
            return sheet

        return Behind(patch, coarse, self.size, self.height)

    def clutter(self, roles: tuple[Role, ...]) -> float:
        """The contrast of small detail behind that of the `roles` which has the most of it.

        A gradient has none after its slow change is divided out. A flat panel has none even near its edge.
        """
        patches = [self.patch(role) for role in roles]
        if any(patch.edged for patch in patches):
            return 2 * MOST_CLUTTER
        whole = max(patch.spread for patch in patches)
        return whole if whole <= MOST_CLUTTER else max(patch.detail(self._slow) for patch in patches)

    @cached_property
    def _slow(self) -> Luminances:
        """The slow change of luminance, without small detail."""
        coarse = self.coarse()
        light = luminances(RgbImage(coarse.pixels)) + np.float32(0.05)
        smooth = cv2.GaussianBlur(light, (0, 0), max(_DETAIL * coarse.scale, 0.3))
        return np.asarray(cv2.resize(smooth, self.size), np.float32)


def look_behind(sheet: Sheet, boxes: Mapping[Role, Rect], shade: Levels | None, every: int) -> Behind:
    """What is on `sheet` behind `boxes`, measured on every `every`-th row and column.

    `shade` (of any size) is the light that remains in shadows, of 255.
    """
    part = 1 / every
    small = cv2.resize(sheet.pixels, None, fx=part, fy=part, interpolation=cv2.INTER_NEAREST)
    pixels = RgbImage(np.asarray(small, np.uint8))
    grid = Sheet(pixels, sheet.scale / every)
    high, wide = pixels.shape[:2]
    light = None if shade is None else np.asarray(cv2.resize(shade, (wide, high)), np.uint8)

    @cache
    def patch(role: Role) -> Patch:
        window = grid.window(boxes[role].grown(_BESIDE))
        return Patch(window, _cut(pixels, window), None if light is None else _cut(light, window))

    @cache
    def coarse() -> Sheet:
        return Sheet(_coarse(pixels), grid.scale / _COARSE)

    return Behind(patch, coarse, (wide, high), sheet.height)


def _cut(pixels: AnyImage, window: tuple[slice, slice]) -> AnyImage:
    return cast("AnyImage", np.ascontiguousarray(pixels[window]))


def _coarse(pixels: RgbImage) -> RgbImage:
    """`pixels` averaged in squares of four by four: halved twice, because an exact half is ten times as fast."""
    half = cv2.resize(pixels, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    return RgbImage(np.asarray(cv2.resize(half, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA), np.uint8))


def _under(patch: Patch, colour: RgbColour, opacity: Levels) -> Patch:
    """`patch` with `colour` laid over it with the grid's `opacity`."""
    veil = np.ascontiguousarray(opacity[patch.window])
    pixels = patch.pixels.copy()
    if pixels.size:
        lay(pixels, colour, veil)
    return Patch(patch.window, pixels, patch.shade)


def _ends(values: Luminances) -> tuple[float, float]:
    """The range of `values` without the outermost 4 % on either side."""
    flat = values.ravel()
    cut = round(_UNCOUNTED * (flat.size - 1))
    ordered = np.partition(flat, (cut, flat.size - 1 - cut))
    return float(ordered[cut]), float(ordered[flat.size - 1 - cut])


def _jumps(one: npt.NDArray[np.uint8], other: npt.NDArray[np.uint8]) -> float:
    """The share of pixels that differ by a hard edge from their neighbours."""
    if cv2.norm(one, other, cv2.NORM_INF) <= _JUMP:
        return 0.0
    even = cv2.inRange(cv2.absdiff(one, other), (0, 0, 0), (_JUMP, _JUMP, _JUMP))
    return 1 - cv2.countNonZero(even) / even.size
