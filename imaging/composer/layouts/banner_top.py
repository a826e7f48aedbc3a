"""A block of the brand's colour at the head with the words, artwork and product below."""

from __future__ import annotations

from typing import Final

from imaging.composer.layouts.plan import Area, Layout, Plan

LAYOUT: Final = Layout(
    upright=Plan(
        copy=Area(0.0, 0.13, 1.0, 0.5),
        logo=Area(0.0, 0.0, 0.5, 0.1),
        legal=Area(0.0, 0.93, 1.0, 1.0),
        product=Area(0.18, 0.44, 0.82, 0.9),
        panel=Area(0.0, 0.0, 1.0, 0.5),
        headline=112,
        anchor="middle",
        product_down=1.0,
        panel_fill="base",
    ),
    tall=Plan(
        copy=Area(0.0, 0.1, 1.0, 0.47),
        logo=Area(0.0, 0.0, 0.5, 0.08),
        legal=Area(0.0, 0.93, 1.0, 1.0),
        product=Area(0.08, 0.42, 0.92, 0.79),
        panel=Area(0.0, 0.0, 1.0, 0.48),
        headline=120,
        anchor="middle",
        product_down=1.0,
        panel_fill="base",
    ),
    wide=Plan(
        copy=Area(0.0, 0.2, 0.5, 1.0),
        logo=Area(0.0, 0.0, 0.4, 0.15),
        legal=Area(0.0, 0.84, 0.5, 1.0),
        product=Area(0.5, 0.06, 0.96, 0.94),
        panel=Area(0.0, 0.0, 0.53, 1.0),
        headline=76,
        anchor="middle",
        product_down=0.9,
        panel_fill="base",
    ),
)
