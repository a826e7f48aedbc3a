"""Artwork on one side, a quiet panel with the copy on the other, the product across the seam."""

from __future__ import annotations

from typing import Final

from imaging.composer.layouts.plan import Area, Layout, Plan

LAYOUT: Final = Layout(
    upright=Plan(
        copy=Area(0.0, 0.6, 1.0, 1.0),
        logo=Area(0.0, 0.0, 0.5, 0.11),
        legal=Area(0.0, 0.9, 1.0, 1.0),
        product=Area(0.16, 0.09, 0.84, 0.585),
        window=Area(0.0, 0.0, 1.0, 0.54),
        headline=124,
        floor=True,
        anchor="middle",
        product_down=1.0,
        outside="paper",
    ),
    tall=Plan(
        copy=Area(0.0, 0.575, 1.0, 1.0),
        logo=Area(0.0, 0.0, 0.5, 0.09),
        legal=Area(0.0, 0.92, 1.0, 0.99),
        product=Area(0.06, 0.19, 0.94, 0.52),
        window=Area(0.0, 0.0, 1.0, 1.0),
        headline=128,
        floor=True,
        anchor="middle",
        product_down=1.0,
        outside="paper",
        panel=Area(0.0, 0.505, 1.0, 0.835),
    ),
    wide=Plan(
        copy=Area(0.0, 0.2, 0.5, 1.0),
        logo=Area(0.0, 0.0, 0.4, 0.15),
        legal=Area(0.0, 0.8, 0.5, 1.0),
        product=Area(0.53, 0.06, 0.97, 0.96),
        window=Area(0.57, 0.0, 1.0, 1.0),
        headline=84,
        floor=True,
        anchor="middle",
        outside="paper",
    ),
)
