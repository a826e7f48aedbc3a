"""A band of flat colour across the artwork with the copy in it, the product above the band."""

from __future__ import annotations

from typing import Final

from infra.providers.composer.layouts.plan import Layout, Plan, Slot

LAYOUT: Final = Layout(
    upright=Plan(
        copy=Slot(0.0, 0.625, 1.0, 0.9),
        logo=Slot(0.0, 0.0, 0.5, 0.1),
        legal=Slot(0.0, 0.93, 1.0, 1.0),
        product=Slot(0.12, 0.1, 0.88, 0.6),
        panel=Slot(0.0, 0.58, 1.0, 0.895),
        headline=100,
        anchor="middle",
        product_down=1.0,
        panel_fill="base",
    ),
    tall=Plan(
        copy=Slot(0.0, 0.575, 1.0, 0.88),
        logo=Slot(0.0, 0.0, 0.5, 0.085),
        legal=Slot(0.0, 0.92, 1.0, 1.0),
        product=Slot(0.08, 0.2, 0.92, 0.51),
        panel=Slot(0.0, 0.505, 1.0, 0.745),
        headline=112,
        anchor="middle",
        product_down=1.0,
        panel_fill="base",
    ),
    wide=Plan(
        copy=Slot(0.0, 0.26, 0.58, 0.83),
        logo=Slot(0.0, 0.0, 0.4, 0.16),
        legal=Slot(0.0, 0.86, 0.56, 1.0),
        product=Slot(0.6, 0.05, 0.985, 0.96),
        panel=Slot(0.0, 0.235, 1.0, 0.84),
        headline=62,
        anchor="middle",
        panel_fill="base",
    ),
)
