"""A band of flat colour across the artwork with the copy in it, the product above the band."""

from __future__ import annotations

from typing import Final

from imaging.composer.layouts.plan import Area, Layout, Plan

LAYOUT: Final = Layout(
    upright=Plan(
        copy=Area(0.0, 0.595, 1.0, 0.9),
        logo=Area(0.0, 0.0, 0.5, 0.1),
        legal=Area(0.0, 0.85, 1.0, 0.915),
        product=Area(0.12, 0.1, 0.88, 0.58),
        panel=Area(0.0, 0.56, 1.0, 0.895),
        headline=100,
        anchor="middle",
        product_down=1.0,
        panel_fill="counter",
    ),
    tall=Plan(
        copy=Area(0.0, 0.565, 1.0, 0.99),
        logo=Area(0.0, 0.0, 0.5, 0.085),
        legal=Area(0.0, 0.93, 1.0, 0.985),
        product=Area(0.06, 0.19, 0.94, 0.495),
        panel=Area(0.0, 0.49, 1.0, 0.815),
        headline=112,
        anchor="middle",
        product_down=1.0,
        panel_fill="counter",
    ),
    wide=Plan(
        copy=Area(0.0, 0.26, 0.58, 0.83),
        logo=Area(0.0, 0.0, 0.4, 0.16),
        legal=Area(0.0, 0.78, 0.56, 0.862),
        product=Area(0.6, 0.05, 0.985, 0.96),
        panel=Area(0.0, 0.235, 1.0, 0.84),
        headline=62,
        anchor="middle",
        panel_fill="counter",
    ),
)
