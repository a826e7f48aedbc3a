"""Removes things from an image: each hole is covered with a similar piece of the same image.

The piece is the one whose surroundings match those of the hole best, found by a search over all shifts. What still
differs along the rim is spread over the piece as a smooth membrane (Z. Farbman et al., "Coordinates for instant image
cloning", 2009). If no piece is similar enough, the membrane alone fills the hole. So it does on flat ground, where
artwork that reaches into the hole is kept.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import cv2
import numpy as np

from imaging.composer.paint.brush import blurred
from imaging.pixels import AnyImage, Floats, Levels, Mask, RgbImage, resized

_SEARCHED: Final = 288
"""Pixels of the longer side at which similar pieces are searched."""
_SMOOTHED: Final = 512
"""Pixels of the longer side at which membranes are computed."""
_RIM: Final = 5
"""Pixels of the search size around a hole that are compared."""
_UNLIKE: Final = (34.0, 1.32)
"""The greatest differences (root mean square) along the rim of a similar piece: in levels, and as a multiple of the
rim's own spread (two samples of one random texture differ by 1.41)."""
_LIKE: Final = 12.0
"""The difference in levels up to which a piece is similar enough, even beside a flat rim."""
_FLAT: Final = 5.0
"""The spread (standard deviation, levels) up to which a rim is flat, so that a membrane alone looks like it."""
_FINE: Final = 4.0
"""The same for what is left of the rim without its slopes."""
_RING: Final = 0.008
"""The width of the ring around a hole that shows the ground, as a share of the longer side; at least 3 pixels."""
_FLAT_LEVELS: Final = 12
"""Levels of a channel within which a pixel has the ground's colour."""
_SHARE: Final = 0.6
"""The share of the ring that has it if the ground is flat: artwork may reach in on one side."""
_DEEP: Final = 0.3
"""How far artwork may reach into a hole, as a share of the depth of its middle: letters are deeper."""
_RELAXED: Final = 8
"""Steps of relaxation towards an even membrane (Laplace's equation) at each level."""


class Shift(NamedTuple):
    """From a hole to the piece that covers it, in pixels."""

    across: int
    down: int


def erase(image: RgbImage, holes: Levels, kept: Levels) -> RgbImage:
    """`image` with its `holes` (255) filled. Nothing is copied from where `kept` is 255."""
    result = image.copy()
    _, labels, boxes, _ = cv2.connectedComponentsWithStats(holes, connectivity=8)
    order = sorted(range(1, len(boxes)), key=lambda index: (int(boxes[index][4]), index))
    open_holes = holes.copy()
    for index in order:
        hole = np.where(labels == index, 255, 0).astype(np.uint8)
        result = _covered(result, hole, open_holes, kept)
        open_holes[hole > 0] = 0
    return result


def _covered(image: RgbImage, hole: Levels, open_holes: Levels, kept: Levels) -> RgbImage:
    """`image` with one `hole` filled, without looking at other `open_holes`."""
    plain = on_flat_ground(image, hole, open_holes)
    if plain is not None:
        ground = np.clip(_membrane(image, None, np.maximum(open_holes, plain.other)), 0, 255)
        return RgbImage(np.asarray(np.where(plain.laid[..., None] > 0, np.rint(ground), image), np.uint8))
    shift = _like_piece(image, hole, open_holes, kept)
    source = image if shift is None else _shifted(image, shift)
    lit = _membrane(image, source if shift is not None else None, open_holes)
    base = np.zeros_like(image) if shift is None else source
    patch = np.clip(base.astype(np.float32) + lit, 0, 255)
    opacity = blurred(hole, max(image.shape[:2]) / 900).astype(np.float32)[..., None] / 255
    opacity = np.maximum(opacity, (hole > 0)[..., None].astype(np.float32))
    return RgbImage(np.asarray(np.rint(image * (1 - opacity) + patch * opacity), np.uint8))


def _like_piece(image: RgbImage, hole: Levels, open_holes: Levels, kept: Levels) -> Shift | None:
    """The shift to the piece whose surroundings are most similar to the hole's, or None if none is similar enough."""
    scale = min(1.0, _SEARCHED / max(image.shape[:2]))
    small: Floats = _reduced(image, scale).astype(np.float32)
    small_hole, small_open, small_kept = (
        (_reduced(mask, scale) > 0).astype(np.uint8) for mask in (hole, open_holes, kept)
    )
    rows, columns = _bounds(small_hole, _RIM)
    around = cv2.dilate(small_hole, np.ones((2 * _RIM + 1, 2 * _RIM + 1), np.uint8))
    rim: Floats = ((around > 0) & (small_open == 0))[rows, columns].astype(np.float32)
    piece = small[rows, columns]
    spread = float(piece[rim > 0].std(axis=0).max()) if rim.sum() >= 2 * _RIM else 0.0
    if spread < _FLAT or _fineness(small, small_open, rim, (rows, columns)) < _FINE:
        return None
    difference = cv2.matchTemplate(small, piece, cv2.TM_SQDIFF, mask=cv2.merge((rim, rim, rim)))
    taken = np.maximum(small_open, small_kept).astype(np.float32)
    wanted = np.maximum(rim, small_hole[rows, columns].astype(np.float32))
    blocked = cv2.matchTemplate(taken, wanted, cv2.TM_CCORR)
    difference = np.where(blocked > 0.5, np.inf, difference)  # noqa: PLR2004 - sums of whole numbers, in floats
    at = int(np.argmin(difference))
    down, across = divmod(at, difference.shape[1])
    unlike = np.sqrt(max(float(difference[down, across]), 0.0) / (3 * float(rim.sum())))
    if not unlike < min(_UNLIKE[0], max(_UNLIKE[1] * spread, _LIKE)):
        return None
    return Shift(round((across - columns.start) / scale), round((down - rows.start) / scale))


def _fineness(small: Floats, holes: Levels, rim: Floats, window: tuple[slice, slice]) -> float:
    """The detail of the rim (standard deviation, levels) without slopes, which a membrane continues."""
    smooth = filled(small, (holes == 0).astype(np.float32))
    detail = (smooth - cv2.GaussianBlur(smooth, (0, 0), 2.5))[window]
    return float(detail[rim > 0].std(axis=0).max())


def _reduced(image: AnyImage, scale: float) -> AnyImage:
    size = max(round(image.shape[1] * scale), 1), max(round(image.shape[0] * scale), 1)
    return resized(image, size)


def _bounds(mask: Levels, margin: int) -> tuple[slice, slice]:
    left, top, wide, high = cv2.boundingRect(mask)
    rows = slice(max(top - margin, 0), min(top + high + margin, mask.shape[0]))
    return rows, slice(max(left - margin, 0), min(left + wide + margin, mask.shape[1]))


def _shifted(image: RgbImage, shift: Shift) -> RgbImage:
    """The image moved so that the piece covers its hole; beyond its border it is mirrored."""
    move = np.array(((1, 0, -shift.across), (0, 1, -shift.down)), dtype=np.float32)
    size = image.shape[1], image.shape[0]
    moved = cv2.warpAffine(image, move, size, flags=cv2.INTER_NEAREST, borderMode=cv2.BORDER_REFLECT_101)
    return RgbImage(np.asarray(moved, np.uint8))


def _membrane(image: RgbImage, source: RgbImage | None, holes: Levels) -> Floats:
    """The difference of `image` and `source` (or black) along the rims of `holes`, spread smoothly over the holes."""
    scale = min(1.0, _SMOOTHED / max(image.shape[:2]))
    known = (_reduced(holes, scale) == 0).astype(np.float32)
    lack = _reduced(image, scale).astype(np.float32)
    if source is not None:
        lack -= _reduced(source, scale)
    laid = filled(np.asarray(lack, np.float32), known)
    return np.asarray(cv2.resize(laid, image.shape[1::-1], interpolation=cv2.INTER_LINEAR), np.float32)


class Plain(NamedTuple):
    """A hole in flat ground: 255 where ground is `laid`, and where the image is not the ground (`other`)."""

    laid: Levels
    other: Levels


def on_flat_ground(image: RgbImage, hole: Levels, open_holes: Levels) -> Plain | None:
    """The `hole` (255) of lettering without the artwork that reaches into it; None if the ground is not flat.

    A hole is wider than its letters. Artwork that reaches in from outside is kept. If it reaches as deep as the
    letters, the two cannot be distinguished (None). Pixels of other `open_holes` are ignored.
    """
    width = max(round(_RING * max(image.shape[:2])), 3)
    rim = (cv2.dilate(hole, np.ones((2 * width + 1, 2 * width + 1), np.uint8)) > 0) & (open_holes == 0)
    if not rim.any():
        return None
    ground = np.rint(np.median(image[rim], axis=0)).astype(np.int16)
    other = np.abs(image.astype(np.int16) - ground).max(axis=2) > _FLAT_LEVELS
    if other[rim].mean() > 1 - _SHARE:
        return None
    artwork = _reaching_in(other, hole)
    depth = cv2.distanceTransform(hole, cv2.DIST_L2, 3)
    if artwork.any() and depth[artwork].max() > _DEEP * depth.max():
        return None
    laid = np.where((hole > 0) & ~artwork, 255, 0).astype(np.uint8)
    return Plain(laid, np.where(other, 255, 0).astype(np.uint8))


def _reaching_in(other: Mask, hole: Levels) -> Mask:
    """The pixels of `hole` that differ from its ground (`other`) and belong to something outside of it."""
    _, parts = cv2.connectedComponents(other.astype(np.uint8), connectivity=8)
    outside = np.unique(parts[(hole == 0) & other])
    return np.isin(parts, outside) & (hole > 0) & other


def filled(values: Floats, known: Floats) -> Floats:
    """`values` (height x width x channels) where `known` (height x width) is 1, and a smooth membrane where it is 0."""
    weighted = values * known[..., None]
    return _pulled(np.asarray(weighted, np.float32), known)


def _pulled(weighted: Floats, weight: Floats) -> Floats:
    high, wide = weight.shape
    whole: Floats = np.asarray(weighted / np.maximum(weight, 1e-6)[..., None], np.float32)
    if min(high, wide) <= 2 or float(weight.min()) >= 1:  # noqa: PLR2004 - the top of the pyramid
        return _topped(whole, weighted, weight)
    coarse = _pulled(np.asarray(cv2.pyrDown(weighted), np.float32), np.asarray(cv2.pyrDown(weight), np.float32))
    pushed = cv2.pyrUp(coarse, dstsize=(wide, high))
    share = np.clip(weight, 0, 1)[..., None]
    laid = whole * share + pushed * (1 - share)
    for _ in range(_RELAXED):
        laid = whole * share + cv2.GaussianBlur(laid, (3, 3), 0) * (1 - share)
    return np.asarray(laid, np.float32)


def _topped(whole: Floats, weighted: Floats, weight: Floats) -> Floats:
    mean = weighted.sum(axis=(0, 1)) / max(float(weight.sum()), 1e-6)
    return np.asarray(np.where(weight[..., None] > 1e-4, whole, mean), np.float32)  # noqa: PLR2004 - as good as unknown
