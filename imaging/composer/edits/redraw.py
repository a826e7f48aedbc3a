"""An edit of the composer's own image: its scene drawn again with other choices."""

from __future__ import annotations

from typing import Final

import numpy as np

from imaging.colour import Rgb, rgb
from imaging.composer.colour.scheme import scheme_of
from imaging.composer.grounds import paint_ground
from imaging.composer.paint.brush import sheet
from imaging.composer.scene.axes import GROUNDS, Axes, allowed
from imaging.composer.scene.geometry import WIDTH
from schemas.brands import BrandKit, Palette

_TRIED: Final = 72
"""Pixels across of the images on which grounds are compared."""
_NEAR: Final = 36.0
"""Levels (mean of the channels) up to which a pixel counts as the brand's colour."""


def in_brand_colour(axes: Axes, brand: BrandKit) -> Axes:
    """`axes` with the ground, of those that the brand wants, that shows its primary colour most."""
    grounds = allowed(GROUNDS, brand.never.get("ground"))
    shown = {name: _shown(axes.model_copy(update={"ground": name}), brand.palette) for name in grounds}
    ground = max(grounds, key=lambda name: shown[name])
    return axes.model_copy(update={"scheme": "primary", "mood": "own", "ground": ground})


def _shown(axes: Axes, palette: Palette) -> float:
    """The share of the ground in the brand's primary colour."""
    page = sheet(_TRIED, max(round(_TRIED * axes.height / WIDTH), 8), (0, 0, 0))
    paint_ground(page, axes.ground, scheme_of("primary", palette), axes.detail)
    wanted: Rgb = rgb(palette.primary)
    away = np.abs(page.pixels.astype(np.int16) - np.array(wanted, np.int16)).mean(axis=2)
    return float((away <= _NEAR).mean())
