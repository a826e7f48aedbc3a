"""The layouts: each a small file of data, in three shapes of image."""

from __future__ import annotations

from typing import Final

from imaging.composer.layouts import (
    banner_top,
    big_type,
    burst,
    card,
    diagonal,
    editorial,
    framed,
    full_bleed,
    grid,
    minimal,
    porthole,
    poster,
    product_hero,
    quote,
    ribbon,
    sidebar,
    split_panel,
)
from imaging.composer.layouts.plan import Layout, Plan
from imaging.composer.scene.axes import LayoutName

LAYOUT_BY_NAME: Final[dict[LayoutName, Layout]] = {
    "full_bleed": full_bleed.LAYOUT,
    "split_panel": split_panel.LAYOUT,
    "framed": framed.LAYOUT,
    "big_type": big_type.LAYOUT,
    "product_hero": product_hero.LAYOUT,
    "editorial": editorial.LAYOUT,
    "card": card.LAYOUT,
    "ribbon": ribbon.LAYOUT,
    "porthole": porthole.LAYOUT,
    "diagonal": diagonal.LAYOUT,
    "grid": grid.LAYOUT,
    "quote": quote.LAYOUT,
    "burst": burst.LAYOUT,
    "minimal": minimal.LAYOUT,
    "poster": poster.LAYOUT,
    "sidebar": sidebar.LAYOUT,
    "banner_top": banner_top.LAYOUT,
}

__all__ = ["LAYOUT_BY_NAME", "Layout", "Plan"]
