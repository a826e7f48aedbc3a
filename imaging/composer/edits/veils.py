"""Veils behind copy on a finished image: only on the copy's side, and not over bars and logos.

A veil of the composer's own scenes reaches across the whole sheet. Another model's image should change as little as
possible.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from imaging.composer.edits.holes import bounding_box
from imaging.composer.layouts.plan import WIDE_ABOVE
from imaging.composer.paint.brush import Sheet, blurred
from imaging.composer.paint.painter import scrim_mask
from imaging.composer.scene.geometry import WIDTH, Rect, clear_space, on_image
from imaging.composer.scene.scene import Scene
from imaging.pixels import Levels, RgbImage
from imaging.plates import plate_of
from schemas.images import Box

_FREE: Final = 250.0
"""A veil leaves a side of the image free if the copy is farther from it than this, in units."""
_FADE: Final = 40.0
"""Units (standard deviation) over which it fades out towards it."""
_AROUND: Final = 6.0
"""Units (standard deviation) over which a veil fades out towards a logo that has no plate."""
_PLATE_RIM: Final = 0.003
"""How much around a logo's plate is kept, as a share of the longer side."""
_THIN: Final = 0.006
"""The least thickness of a bar, as a share of the side that it lies across."""
_THICK: Final = 0.12
"""The greatest thickness: a deeper flat band is a ground for copy."""
_ALIKE: Final = 12
"""Levels of a channel within which a pixel is of the bar's colour."""
_WHOLE: Final = 0.98
"""The share of a row's pixels that have this colour."""
_STEP_LEVELS: Final = 24
"""Levels of a channel by which the image differs behind the bar, beyond the few rows that scaling blurs."""
_SOFT_ROWS: Final = 0.004
"""Those rows, as a share of the side."""
_STEPPED: Final = 0.6
"""The share of a row's pixels that differ by so much: a sky that fades into black has no bar."""


@dataclass(frozen=True, slots=True)
class Design:
    """The brand's design in an image: the part `inside` its bars, and its logos with their plates.

    `logos` are in fractions of the image. `bare` is 255 where a veil may be, in the image's size.
    """

    inside: Box
    logos: tuple[Box, ...]
    bare: Levels


def design_of(image: RgbImage, logos: Iterable[Box]) -> Design:
    """The bars of `image`, and the plates of its `logos`."""
    high, wide = image.shape[:2]
    inside = inside_bars(image)
    bare = np.zeros((high, wide), np.uint8)
    bare[
        round(inside.top * high) : round(inside.bottom * high), round(inside.left * wide) : round(inside.right * wide)
    ] = 255
    boxes: list[Box] = []
    for logo in logos:
        plate = plate_of(image, logo, soft=_PLATE_RIM)
        boxes.append(bounding_box(plate) if plate is not None else logo)
        bare = np.minimum(bare, 255 - (plate if plate is not None else _around(logo, (high, wide))))
    return Design(inside, tuple(boxes), np.asarray(bare, np.uint8))


def lay_veils(page: Sheet, scene: Scene, bare: Levels) -> None:
    """Lay the scrims of `scene` over `page` where it is `bare`, on the side of the texts that are on them."""
    high, wide = page.pixels.shape[:2]
    for scrim in scene.scrims:
        whole = scrim_mask(scrim, page.height)
        mask = cv2.multiply(whole, _beside(_carried(scene, whole), page.height, whole.shape), scale=1 / 255)
        full = cv2.resize(mask, (wide, high), interpolation=cv2.INTER_LINEAR)
        page.veil(scrim.colour, np.asarray(cv2.multiply(full, bare, scale=1 / 255), np.uint8))


def veiled_change(page: Sheet, scene: Scene) -> float:
    """How much the veils of `scene` change `page`: the mean difference in levels of a channel."""
    if not scene.scrims:
        return 0.0
    veiled = Sheet(page.pixels.copy(), page.scale)
    lay_veils(veiled, scene, np.full(page.pixels.shape[:2], 255, np.uint8))
    return float(cv2.absdiff(veiled.pixels, page.pixels).mean())


def _carried(scene: Scene, veil: Levels) -> list[Rect]:
    """The texts on `veil`, also those that it was not made for: their inks were chosen on it."""
    sheet = Sheet(RgbImage(np.asarray(cv2.merge((veil, veil, veil)), np.uint8)), veil.shape[1] / WIDTH)
    return [block.box for block in scene.blocks if sheet.pixels[sheet.window(block.box)].any()]


def _beside(boxes: list[Rect], height: float, shape: tuple[int, ...]) -> Levels:
    """255 in the columns of `boxes` and out to the nearer sides, for a veil's opacity of `shape`.

    The veil of a wide image comes from one side anyway, so all of it is 255.
    """
    mask = np.full(shape, 255, np.uint8)
    if height < WIDTH / WIDE_ABOVE:
        return mask
    left, right = min(box.left for box in boxes), max(box.right for box in boxes)
    factor, beyond = shape[1] / WIDTH, 2.2 * _FADE
    if left > _FREE:
        mask[:, : round((left - beyond) * factor)] = 0
    if right < WIDTH - _FREE:
        mask[:, round((right + beyond) * factor) :] = 0
    return blurred(mask, _FADE * factor)


def _around(logo: Box, shape: tuple[int, int]) -> Levels:
    """255 on a logo without a plate, fading out over its clear space."""
    high, wide = shape
    height = WIDTH * high / wide
    page = Sheet(RgbImage(np.zeros((high, wide, 3), np.uint8)), wide / WIDTH)
    mask = np.zeros((high, wide), np.uint8)
    mask[page.window(clear_space(on_image(logo, height)))] = 255
    return blurred(mask, _AROUND * wide / WIDTH)


def inside_bars(image: RgbImage) -> Box:
    """The part of `image` inside its bars, flat bands of one colour along the edges; all of it if it has none."""
    turned = image.swapaxes(0, 1)
    return Box(
        left=_bar(turned),
        top=_bar(image),
        right=1.0 - _bar(turned[::-1]),
        bottom=1.0 - _bar(image[::-1]),
    )


def _bar(image: npt.NDArray[np.uint8]) -> float:
    """The height of the bar along the first row with its soft rim, as a share; 0 if there is none."""
    high = image.shape[0]
    soft = max(round(_SOFT_ROWS * high), 2)
    reached = min(round(_THICK * high), high - soft - 1)
    rows = image[: reached + soft + 1, ::4].astype(np.int16)
    colour = np.median(rows[0], axis=0)
    away = np.abs(rows - colour.astype(np.int16)).max(axis=2)
    flat = (away <= _ALIKE).mean(axis=1) >= _WHOLE
    end = len(flat) if flat.all() else int(flat.argmin())
    if not _THIN * high <= end <= reached or float((away[end + soft] > _STEP_LEVELS).mean()) < _STEPPED:
        return 0.0
    return float((end + soft) / high)
