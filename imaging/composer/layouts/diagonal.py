"""Artwork and quiet ground meet along a diagonal, the product on the seam."""

from __future__ import annotations

from typing import Final

from imaging.composer.layouts.plan import Area, Layout, Plan

LAYOUT: Final = Layout(
    upright=Plan(
        copy=Area(0.0, 0.58, 1.0, 1.0),
        logo=Area(0.0, 0.0, 0.5, 0.1),
        legal=Area(0.0, 0.92, 1.0, 1.0),
        product=Area(0.3, 0.1, 0.96, 0.585),
        window=Area(0.0, 0.0, 1.0, 0.62),
        headline=112,
        product_down=1.0,
        corner="diagonal",
        outside="base",
    ),
    tall=Plan(
        copy=Area(0.0, 0.55, 1.0, 1.0),
        logo=Area(0.0, 0.0, 0.5, 0.085),
        legal=Area(0.0, 0.93, 1.0, 1.0),
        product=Area(0.16, 0.2, 0.96, 0.5),
        window=Area(0.0, 0.0, 1.0, 0.54),
        headline=120,
        product_down=1.0,
        anchor="middle",
        corner="diagonal",
        outside="base",
    ),
    wide=Plan(
        copy=Area(0.0, 0.2, 0.5, 1.0),
        logo=Area(0.0, 0.0, 0.4, 0.15),
        legal=Area(0.0, 0.84, 0.5, 1.0),
        product=Area(0.57, 0.06, 0.98, 0.95),
        window=Area(0.5, 0.0, 1.0, 1.0),
        headline=78,
        anchor="middle",
        corner="diagonal",
        outside="base",
    ),
)
