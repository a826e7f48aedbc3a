"""A band of flat colour across the artwork with the copy in it, the product above the band."""

from __future__ import annotations

from typing import Final

from imaging.composer.layouts.plan import Layout, Plan, Slot

LAYOUT: Final = Layout(
    upright=Plan(
        copy=Slot(0.0, 0.595, 1.0, 0.9),
        logo=Slot(0.0, 0.0, 0.5, 0.1),
        legal=Slot(0.0, 0.85, 1.0, 0.915),
        product=Slot(0.12, 0.1, 0.88, 0.58),
        panel=Slot(0.0, 0.56, 1.0, 0.895),
        headline=100,
        anchor="middle",
        product_down=1.0,
        panel_fill="counter",
    ),
    tall=Plan(
        copy=Slot(0.0, 0.565, 1.0, 0.99),
        logo=Slot(0.0, 0.0, 0.5, 0.085),
        legal=Slot(0.0, 0.93, 1.0, 0.985),
        product=Slot(0.06, 0.19, 0.94, 0.495),
        panel=Slot(0.0, 0.49, 1.0, 0.815),
        headline=112,
        anchor="middle",
        product_down=1.0,
        panel_fill="counter",
    ),
    wide=Plan(
        copy=Slot(0.0, 0.26, 0.58, 0.83),
        logo=Slot(0.0, 0.0, 0.4, 0.16),
        legal=Slot(0.0, 0.78, 0.56, 0.862),
        product=Slot(0.6, 0.05, 0.985, 0.96),
        panel=Slot(0.0, 0.235, 1.0, 0.84),
        headline=62,
        anchor="middle",
        panel_fill="counter",
    ),
)
