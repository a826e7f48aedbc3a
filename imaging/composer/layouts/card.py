"""A card with the copy on the artwork, the product before it."""

from __future__ import annotations

from typing import Final

from imaging.composer.layouts.plan import Area, Layout, Plan

LAYOUT: Final = Layout(
    upright=Plan(
        copy=Area(0.07, 0.575, 0.93, 0.955),
        logo=Area(0.0, 0.0, 0.5, 0.1),
        legal=Area(0.07, 0.9, 0.93, 0.955),
        product=Area(0.16, 0.11, 0.84, 0.545),
        panel=Area(0.035, 0.525, 0.965, 0.965),
        headline=92,
        anchor="middle",
        product_down=1.0,
        panel_fill="paper",
        panel_corner=30.0,
    ),
    tall=Plan(
        copy=Area(0.07, 0.6, 0.93, 0.97),
        logo=Area(0.0, 0.0, 0.5, 0.085),
        legal=Area(0.07, 0.9, 0.93, 0.965),
        product=Area(0.12, 0.21, 0.88, 0.505),
        panel=Area(0.05, 0.515, 0.95, 0.805),
        headline=104,
        anchor="middle",
        product_down=1.0,
        panel_fill="paper",
        panel_corner=30.0,
    ),
    wide=Plan(
        copy=Area(0.035, 0.2, 0.52, 0.93),
        logo=Area(0.035, 0.05, 0.4, 0.19),
        legal=Area(0.035, 0.82, 0.5, 0.93),
        product=Area(0.57, 0.06, 0.97, 0.95),
        panel=Area(0.03, 0.06, 0.56, 0.94),
        headline=66,
        anchor="middle",
        panel_fill="paper",
        panel_corner=30.0,
    ),
)
