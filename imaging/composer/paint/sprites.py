"""Lays cut-outs on a sheet: the product with its shadows, the logo with its plate."""

from __future__ import annotations

import math
from functools import lru_cache
from typing import Final

import cv2
import numpy as np

from imaging.composer.paint.artwork import RgbaLayer, Sprite
from imaging.composer.paint.brush import Sheet, blurred
from imaging.composer.paint.outlines import rounded
from imaging.composer.scene.footing import base
from imaging.composer.scene.geometry import Rect, clear_space
from imaging.composer.scene.scene import PlacedImage
from imaging.pixels import Levels, resized

_MARGIN: Final = 0.16
"""How far a cast shadow reaches beyond its product, times the product's longer side."""
_REACH: Final = 0.1
"""The same up to where it has faded out: three deviations of its blur and a pixel of its mask."""
_DROP: Final = 0.035
"""How far a cast shadow lies below its product, times the product's height."""
_CAST: Final = 0.26
_CONTACT: Final = 0.42
_LIFTED: Final = 0.2
"""Darkness of the shadow behind a product, of the contact shadow below it, and of a button's shadow."""
_LINEAR: Final = 2.0
"""How many times as large as wanted an image may be for linear interpolation, ten times as fast as averaging."""

_MIRRORED: Final = 0.42
"""How much of a product's light a floor mirrors directly below it."""
_SOFT: Final = 2.4
"""Units (standard deviation) by which a reflection is blurred."""


def lay_product(sheet: Sheet, image: PlacedImage, sprite: Sprite) -> None:
    """Lay the product with a soft cast shadow, a contact shadow if it is upright, and its reflection in a floor."""
    placed = _placed(sheet, image, sprite)
    _darken_around(sheet, image, sprite, *placed)
    if image.reflection:
        _reflect(sheet, image, sprite, *placed)
    _lay(sheet, *placed)


def darken_behind(sheet: Sheet, image: PlacedImage, sprite: Sprite) -> None:
    """Lay the shadows of the product without the product."""
    _darken_around(sheet, image, sprite, *_placed(sheet, image, sprite))


def shadow_reach(image: PlacedImage) -> Rect:
    """The area on which the shadows of the product can fall."""
    reach = image.box.grown(_REACH * max(image.box.width, image.box.height))
    return reach.model_copy(update={"bottom": reach.bottom + _DROP * image.box.height})


def _darken_around(sheet: Sheet, image: PlacedImage, sprite: Sprite, layer: RgbaLayer, left: int, top: int) -> None:
    margin = _MARGIN * max(image.box.width, image.box.height)
    mask = _shadow_mask(layer, margin * sheet.scale)
    pixels = Rect(
        left=left / sheet.scale - margin,
        top=top / sheet.scale - margin + _DROP * image.box.height,
        right=left / sheet.scale + layer.shape[1] / sheet.scale + margin,
        bottom=top / sheet.scale + layer.shape[0] / sheet.scale + margin + _DROP * image.box.height,
    )
    _darken_clipped(sheet, blurred(mask, 0.02 * max(mask.shape)), _CAST, pixels)
    if image.grounded and abs(image.tilt) < 1:
        start, end = base(sprite.footing)
        box = image.box
        foot = {"left": box.left + start * box.width, "right": box.left + end * box.width}
        darken_contact(sheet, box.model_copy(update=foot))


def _reflect(sheet: Sheet, image: PlacedImage, sprite: Sprite, layer: RgbaLayer, left: int, top: int) -> None:
    """Lay the product upside down below its lower edge, blurred, and fading over `image.reflection` units."""
    high, wide = layer.shape[:2]
    deep = round(image.reflection * sheet.scale)
    footing = cv2.resize(sprite.footing[None], (wide, 1), interpolation=cv2.INTER_LINEAR) * np.float32(high)
    above = math.ceil(float(footing.max()))  # the lower edge is round: its reflection begins above the lowest point
    down = np.arange(-above, deep, dtype=np.float32)[:, None] + footing
    rows = np.where(down < 0, np.float32(-9), high - 1 - footing - down)
    columns = np.broadcast_to(np.arange(wide, dtype=np.float32), rows.shape)
    mirrored = cv2.remap(layer, columns, rows.astype(np.float32), cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT)
    soft = cv2.GaussianBlur(mirrored, (0, 0), max(_SOFT * sheet.scale, 0.3))
    fade = np.clip(1 - down / max(deep, 1), 0, 1) ** 1.5 * (255 * _MIRRORED)
    shown = np.rint(fade).astype(np.uint8)
    faded = cv2.multiply(soft, cv2.merge((shown, shown, shown, shown)), scale=1 / 255)
    _lay(sheet, RgbaLayer(np.asarray(faded, np.uint8)), left, top + high - above)


def darken_contact(sheet: Sheet, box: Rect) -> None:
    """Lay the contact shadow of a thing in `box`."""
    _darken_clipped(sheet, _contact_mask(), _CONTACT, contact_box(box))


def lay_shadow(sheet: Sheet, box: Rect) -> None:
    """Lay the soft shadow of a flat thing in `box` that is just above the sheet."""
    border, inner = 10, 16
    mask = np.full((inner, max(round(inner * box.width / box.height), 1)), 255, dtype=np.uint8)
    framed = np.asarray(
        cv2.copyMakeBorder(mask, border, border, border, border, cv2.BORDER_CONSTANT, value=0), np.uint8
    )
    around = box.grown(border / inner * box.height).moved(0, 0.12 * box.height)
    _darken_clipped(sheet, blurred(framed, border / 3), _LIFTED, around)


def lay_logo(sheet: Sheet, image: PlacedImage, sprite: Sprite) -> None:
    """Lay the logo, on its plate if it has one."""
    if image.plate is not None:
        sheet.polygon(rounded(clear_space(image.box), 14), image.plate)
    box = image.box
    size = max(round(box.width * sheet.scale), 1), max(round(box.height * sheet.scale), 1)
    _lay(sheet, _logo_at(sprite, size), *sheet.point((box.left, box.top)))


@lru_cache(maxsize=32)
def _logo_at(sprite: Sprite, size: tuple[int, int]) -> RgbaLayer:
    """The logo at `size`, kept because most images of a format have it at one size."""
    return _scaled(sprite.level(size[0]), size)


def _placed(sheet: Sheet, image: PlacedImage, sprite: Sprite) -> tuple[RgbaLayer, int, int]:
    """The cut-out at its size and tilt, and the pixel of its top left corner."""
    box, scale = image.box, sheet.scale
    wide, high = max(round(box.width * scale), 1), max(round(box.height * scale), 1)
    left, top = sheet.point((box.left, box.top))
    inner = box.width * scale / _spread(sprite, image.tilt)
    source = sprite.level(inner)
    if not image.tilt:
        return _scaled(source, (wide, high)), left, top
    if source.shape[1] > inner * _LINEAR:  # a rotation samples 2 x 2 pixels and would skip others
        size = math.ceil(inner), math.ceil(inner * source.shape[0] / source.shape[1])
        source = resized(source, size)
    factor = inner / source.shape[1]
    turn = cv2.getRotationMatrix2D((source.shape[1] / 2, source.shape[0] / 2), -image.tilt, factor)
    turn[:, 2] += (wide / 2 - source.shape[1] / 2, high / 2 - source.shape[0] / 2)
    turned = cv2.warpAffine(source, turn, (wide, high), flags=cv2.INTER_LINEAR)
    return RgbaLayer(np.asarray(turned, np.uint8)), left, top


def _scaled(source: RgbaLayer, size: tuple[int, int]) -> RgbaLayer:
    """`source` at `size` (width and height). Down to half the size, sampling two by two pixels skips none."""
    shrink = source.shape[1] / size[0]
    way = cv2.INTER_AREA if shrink > _LINEAR else cv2.INTER_LINEAR if shrink > 1 else cv2.INTER_CUBIC
    return RgbaLayer(np.asarray(cv2.resize(source, size, interpolation=way), np.uint8))


def _spread(sprite: Sprite, degrees: float) -> float:
    """The width of the box around the rotated cut-out, in widths of the cut-out."""
    turn = math.radians(abs(degrees))
    return math.cos(turn) + math.sin(turn) / sprite.aspect


def _lay(sheet: Sheet, layer: RgbaLayer, left: int, top: int) -> None:
    high, wide = sheet.pixels.shape[:2]
    rows = slice(max(top, 0), min(top + layer.shape[0], high))
    columns = slice(max(left, 0), min(left + layer.shape[1], wide))
    part = sheet.pixels[rows, columns]
    if not part.size:
        return
    seen = layer[rows.start - top : rows.stop - top, columns.start - left : columns.stop - left]
    kept = 255 - cv2.extractChannel(seen, 3)
    cv2.multiply(part, cv2.merge((kept, kept, kept)), dst=part, scale=1 / 255)
    cv2.add(part, cv2.cvtColor(seen, cv2.COLOR_RGBA2RGB), dst=part)


def _shadow_mask(layer: RgbaLayer, margin: float) -> Levels:
    factor = 96 / max(layer.shape[:2])
    small = cv2.resize(np.ascontiguousarray(layer[..., 3]), None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
    pad = round(margin * factor)
    return np.asarray(cv2.copyMakeBorder(small, pad, pad, pad, pad, cv2.BORDER_CONSTANT, value=0), np.uint8)


@lru_cache(maxsize=1)
def _contact_mask() -> Levels:
    mask = np.zeros((32, 128), dtype=np.uint8)
    cv2.ellipse(mask, (64, 16), (46, 6), 0, 0, 360, 255, cv2.FILLED)
    return blurred(mask, 4)


def contact_box(box: Rect) -> Rect:
    """The area of the contact shadow of a thing in `box`."""
    half = 0.09 * box.width
    return Rect(
        left=box.left - 0.02 * box.width,
        top=box.bottom - half,
        right=box.right + 0.02 * box.width,
        bottom=box.bottom + half,
    )


def _darken_clipped(sheet: Sheet, mask: Levels, strength: float, box: Rect) -> None:
    """Darken `box` by `mask`; the part of both outside of the sheet is cut off."""
    high, wide = mask.shape
    seen = box.within(Rect(left=0, top=0, right=1000, bottom=sheet.height))
    if seen.width <= 0 or seen.height <= 0:
        return
    rows = slice(round((seen.top - box.top) / box.height * high), round((seen.bottom - box.top) / box.height * high))
    columns = slice(round((seen.left - box.left) / box.width * wide), round((seen.right - box.left) / box.width * wide))
    part = np.ascontiguousarray(mask[rows, columns])
    if part.size:
        sheet.darken(part, strength, seen)
