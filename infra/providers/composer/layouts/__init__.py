"""The layouts: each a small file of data, in three shapes of picture."""

from __future__ import annotations

from typing import Final

from infra.providers.composer.axes import LayoutName
from infra.providers.composer.layouts import big_type, editorial, framed, full_bleed, product_hero, split_panel
from infra.providers.composer.layouts.plan import Layout, Plan

LAYOUT_BY_NAME: Final[dict[LayoutName, Layout]] = {
    "full_bleed": full_bleed.LAYOUT,
    "split_panel": split_panel.LAYOUT,
    "framed": framed.LAYOUT,
    "big_type": big_type.LAYOUT,
    "product_hero": product_hero.LAYOUT,
    "editorial": editorial.LAYOUT,
}

__all__ = ["LAYOUT_BY_NAME", "Layout", "Plan"]
