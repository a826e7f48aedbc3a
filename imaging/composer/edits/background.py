"""Exchanges the background of product, logo and text for artwork in the brand's colours."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from imaging.colour import RgbColour, rgb
from imaging.composer.colour.scheme import scheme_of
from imaging.composer.edits.holes import boxes_mask
from imaging.composer.grounds import paint_ground
from imaging.composer.paint.brush import blurred, sheet
from imaging.composer.paint.sprites import darken_contact
from imaging.composer.scene.axes import Axes, allowed
from imaging.composer.scene.geometry import WIDTH, on_image
from imaging.pixels import Levels, RgbImage
from schemas.brands import BrandKit, Palette
from schemas.images import Region
from schemas.scenes import GROUNDS, GroundName

_QUIET: Final[tuple[GroundName, ...]] = ("mesh", "arcs", "blobs", "hills")
"""Grounds that do not distract from what is before them."""
_CLOSE: Final = 1.6
_SOFT: Final = 14.0
"""Units over which the edge of a cut-out fades, and that of a box, whose straight edge would show."""
_NEAR: Final = 70.0
"""Units between two boxes up to which they are joined to one panel."""
_PANEL: Final = 18.0
"""Units by which a panel is larger than its words; also the radius of its corners."""
_BOXLIKE: Final = 0.96
"""The least share of its bounds that a kept part fills if it is a box and not a cut-out."""
_TRIED: Final = 72
"""Pixels across of the images on which grounds are compared."""
_BRAND_LEVELS: Final = 36.0
"""Levels (mean of the channels) up to which a pixel counts as the brand's colour."""


def exchange_background(
    image: RgbImage, free: Levels, regions: Sequence[Region], brand: BrandKit, seed: int
) -> RgbImage:
    """`image` with artwork where `free` is 255. All other pixels are unchanged."""
    ground = _ground(image, regions, brand, seed)
    opacity = _feathered(free, regions).astype(np.float32)[..., None] / 255
    mixed = image * opacity + ground * (1 - opacity)
    return RgbImage(np.asarray(np.where((free == 0)[..., None], image, np.rint(mixed)), np.uint8))


def _ground(image: RgbImage, regions: Sequence[Region], brand: BrandKit, seed: int) -> RgbImage:
    scheme, quiet = scheme_of("primary", brand.palette), allowed(_QUIET, brand.never.get("ground"))
    high, wide = image.shape[:2]
    page = sheet(wide, high, scheme.base)
    paint_ground(page, quiet[seed % len(quiet)], scheme, seed)
    for region in regions:
        if region.role == "product":
            darken_contact(page, on_image(region.box, page.height))
    return page.pixels


def _feathered(free: Levels, regions: Sequence[Region]) -> Levels:
    """The opacity of the old image: full where it is kept, fading outwards.

    Boxes around words and logo are joined to panels with round corners, so that they look intended. A cut-out gets a
    close edge, and a product in a box a soft one.
    """
    kept: Levels = 255 - free
    unit = free.shape[1] / WIDTH
    products = boxes_mask((region for region in regions if region.role == "product"), free.shape[1::-1])
    _, labels, stats, _ = cv2.connectedComponentsWithStats(kept, connectivity=8)
    panels, shapes, soft = np.zeros_like(kept), np.zeros_like(kept), np.zeros_like(kept)
    for index in range(1, len(stats)):
        part = labels == index
        on_product = products[part].mean() > 127  # noqa: PLR2004 - more than half of it
        target = shapes if not _boxlike(stats[index]) else soft if on_product else panels
        target[part] = 255
    edged = (_faded(_joined(panels, unit), _CLOSE * unit), _faded(shapes, _CLOSE * unit), _faded(soft, _SOFT * unit))
    return np.asarray(np.maximum.reduce((kept, *edged)), np.uint8)


def _boxlike(stats: npt.NDArray[np.int32]) -> bool:
    """Whether a part fills its bounds."""
    return bool(stats[cv2.CC_STAT_AREA] >= _BOXLIKE * stats[cv2.CC_STAT_WIDTH] * stats[cv2.CC_STAT_HEIGHT])


def _joined(boxes: Levels, unit: float) -> Levels:
    """Boxes near one another as one panel with round corners."""
    near, round_ = (_odd(reach * unit) for reach in (_NEAR, 2 * _PANEL))
    space = near  # closing needs room beyond the image's edges
    wide = cv2.copyMakeBorder(boxes, space, space, space, space, cv2.BORDER_CONSTANT, value=0)
    one = cv2.morphologyEx(wide, cv2.MORPH_CLOSE, np.ones((near, near), np.uint8))
    one = cv2.dilate(one, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (round_, round_)))
    return np.asarray(one[space:-space, space:-space], np.uint8)


def _odd(length: float) -> int:
    return max(2 * round(length / 2) + 1, 3)


def _faded(mask: Levels, reach: float) -> Levels:
    side = _odd(reach)
    grown = cv2.dilate(mask, np.ones((side, side), np.uint8))
    return blurred(np.asarray(grown, np.uint8), max(reach / 2, 0.5))


def in_brand_colour(axes: Axes, brand: BrandKit) -> Axes:
    """`axes` with the ground that shows the brand's primary colour most, of those that it does not exclude.

    This edits the composer's own image: its scene is drawn again with another ground.
    """
    grounds = allowed(GROUNDS, brand.never.get("ground"))
    shown = {name: _shown(axes.model_copy(update={"ground": name}), brand.palette) for name in grounds}
    ground = max(grounds, key=lambda name: shown[name])
    return axes.model_copy(update={"scheme": "primary", "mood": "own", "ground": ground})


def _shown(axes: Axes, palette: Palette) -> float:
    """The share of the ground in the brand's primary colour."""
    page = sheet(_TRIED, max(round(_TRIED * axes.height / WIDTH), 8), (0, 0, 0))
    paint_ground(page, axes.ground, scheme_of("primary", palette), axes.detail)
    wanted: RgbColour = rgb(palette.primary)
    away = np.abs(page.pixels.astype(np.int16) - np.array(wanted, np.int16)).mean(axis=2)
    return float((away <= _BRAND_LEVELS).mean())
