"""A supersampled image with transparency, painted shape by shape."""

from __future__ import annotations

import cv2
import numpy as np
from PIL import Image

from brand_art.paints import Field, Flat, Paint, colour
from brand_art.shapes import Path

SUPERSAMPLING = 2
"""Points for each pixel and direction; OpenCV's anti-aliased polygons give the rest of the smoothness."""

_SUBPIXEL_BITS = 6
_BOX_PASSES = 3
"""Three box blurs come within 3 % of a Gaussian (central limit) and cost the same at any radius."""
_BLEED = 6
"""Pixels by which colours go on under full transparency, so that no scaler mixes black into an edge."""
_FAINTEST = 1e-3
"""Alpha (0 to 1) below which a premultiplied colour is too dark to be divided out again."""


class Canvas:
    """An image of `width` by `height` units; one unit is one pixel of the finished image.

    Colours are kept premultiplied with alpha, so that layering and scaling leave no dark fringe.
    """

    def __init__(self, width: int, height: int) -> None:
        self._shape = (height * SUPERSAMPLING, width * SUPERSAMPLING)
        self._colour = np.zeros((*self._shape, 3), np.float32)
        self._alpha = np.zeros(self._shape, np.float32)

    def mask(self, *outlines: Path) -> Field:
        """Coverage (0 to 1) of the outlines; where two overlap, they cancel out (even-odd rule)."""
        area = np.zeros(self._shape, np.uint8)
        cv2.fillPoly(area, [_fixed(outline) for outline in outlines], 255, cv2.LINE_AA, _SUBPIXEL_BITS)
        return area.astype(np.float32) / np.float32(255)

    def stroke(self, path: Path, width: float, *, closed: bool = False) -> Field:
        """Coverage (0 to 1) of a line of `width` units along `path`."""
        area = np.zeros(self._shape, np.uint8)
        thickness = max(1, round(width * SUPERSAMPLING))
        cv2.polylines(area, [_fixed(path)], closed, 255, thickness, cv2.LINE_AA, _SUBPIXEL_BITS)
        return area.astype(np.float32) / np.float32(255)

    def grid(self) -> tuple[Field, Field]:
        """The x and y of all points, in units."""
        rows, columns = np.mgrid[: self._shape[0], : self._shape[1]].astype(np.float32)
        return (columns + 0.5) / SUPERSAMPLING, (rows + 0.5) / SUPERSAMPLING

    def paint(self, mask: Field, paint: Paint | str, opacity: float = 1.0) -> None:
        """Lays `paint` (or a hex colour) over what is there, through `mask`."""
        left, top, width, height = cv2.boundingRect((mask > 0).astype(np.uint8))
        if not width:
            return
        window = np.s_[top : top + height, left : left + width]
        rows, columns = np.mgrid[window].astype(np.float32)
        brush = Flat(paint) if isinstance(paint, str) else paint
        colours = brush.at((columns + 0.5) / SUPERSAMPLING, (rows + 0.5) / SUPERSAMPLING)
        self.lay(colours, mask[window] * np.float32(opacity), window)

    def lay(self, colours: Field, cover: Field, window: tuple[slice, slice]) -> None:
        """Lays `colours` (height, width, 3) with the alpha `cover` over the part `window` of the image."""
        keep = 1 - cover
        self._colour[window] = colours * cover[..., None] + self._colour[window] * keep[..., None]
        self._alpha[window] = cover + self._alpha[window] * keep

    def inner(self, mask: Field, shade: str, towards: tuple[float, float], blur: float, opacity: float) -> None:
        """Shades the inner rim of `mask` that faces `towards` (units): dark for its shadow, light for its rim light."""
        window = _around(mask, 3 * blur + abs(towards[0]) + abs(towards[1]))
        shape = mask[window]
        shifted = _shifted(shape, -towards[0] * SUPERSAMPLING, -towards[1] * SUPERSAMPLING)
        rim = shape * (1 - softened(shifted, blur)) * np.float32(opacity)
        self.lay(np.broadcast_to(colour(shade), (*rim.shape, 3)), rim, window)

    def drop(
        self, mask: Field, within: Field, shade: str, by: tuple[float, float], blur: float, opacity: float
    ) -> None:
        """Casts the shadow of `mask`, moved `by` units, on to what lies `within`."""
        shifted = _shifted(mask, by[0] * SUPERSAMPLING, by[1] * SUPERSAMPLING)
        self.paint(softened(shifted, blur) * within, shade, opacity)

    def covered(self) -> Field:
        """The alpha (0 to 1) of what has been painted so far."""
        return self._alpha.copy()

    def finished(self) -> Image.Image:
        """The image as straight-alpha RGBA, scaled down and trimmed to what is visible."""
        size = (self._shape[1] // SUPERSAMPLING, self._shape[0] // SUPERSAMPLING)
        colours = np.asarray(cv2.resize(self._colour, size, interpolation=cv2.INTER_AREA), np.float32)
        alpha = np.asarray(cv2.resize(self._alpha, size, interpolation=cv2.INTER_AREA), np.float32)
        levels = np.round(np.clip(alpha, 0, 1) * 255).astype(np.uint8)
        straight = np.where(levels[..., None] > 0, colours / np.maximum(alpha, 1e-6)[..., None], _bled(colours, alpha))
        rgb = np.round(np.clip(straight, 0, 1) * 255).astype(np.uint8)
        left, top, width, height = cv2.boundingRect((levels > 0).astype(np.uint8))
        image = np.dstack([rgb, levels])[top : top + height, left : left + width]
        return Image.fromarray(np.ascontiguousarray(image))


def softened(mask: Field, blur: float) -> Field:
    """`mask` blurred with a standard deviation of `blur` units."""
    if blur <= 0:
        return mask
    side = max(1, round(blur * SUPERSAMPLING * (12 / _BOX_PASSES) ** 0.5 / 2)) * 2 + 1
    result = mask
    for _ in range(_BOX_PASSES):
        result = np.asarray(cv2.blur(result, (side, side), borderType=cv2.BORDER_CONSTANT), np.float32)
    return result


def _around(mask: Field, margin: float) -> tuple[slice, slice]:
    """The window of the image that holds `mask` and `margin` units about it."""
    left, top, width, height = cv2.boundingRect((mask > 0).astype(np.uint8))
    room = round(margin * SUPERSAMPLING) + 2
    return np.s_[max(0, top - room) : top + height + room, max(0, left - room) : left + width + room]


def _fixed(path: Path) -> np.ndarray[tuple[int, int], np.dtype[np.int32]]:
    """Points in OpenCV's fixed-point coordinates, where the centre of the first pixel is 0."""
    return np.round((path * SUPERSAMPLING - 0.5) * (1 << _SUBPIXEL_BITS)).astype(np.int32)


def _shifted(mask: Field, across: float, down: float) -> Field:
    matrix = np.array([[1, 0, across], [0, 1, down]], np.float64)
    return np.asarray(cv2.warpAffine(mask, matrix, mask.shape[::-1], flags=cv2.INTER_LINEAR), np.float32)


def _bled(colours: Field, alpha: Field) -> Field:
    """The colours of the edge carried outwards a little way, black beyond."""
    side = (2 * _BLEED + 1, 2 * _BLEED + 1)
    spread = cv2.blur(alpha, side, borderType=cv2.BORDER_CONSTANT)[..., None]
    near = cv2.blur(colours, side, borderType=cv2.BORDER_CONSTANT)
    return np.where(spread > _FAINTEST, near / np.maximum(spread, _FAINTEST), 0).astype(np.float32)
