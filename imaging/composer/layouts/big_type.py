"""The headline as the image: as large as the measure allows, the product at its foot."""

from __future__ import annotations

from typing import Final

from imaging.composer.layouts.plan import Area, Layout, Plan

LAYOUT: Final = Layout(
    weight=900,
    flips=False,
    upright=Plan(
        copy=Area(0.0, 0.13, 1.0, 0.74),
        logo=Area(0.0, 0.0, 0.5, 0.1),
        legal=Area(0.0, 0.88, 0.5, 1.0),
        product=Area(0.36, 0.4, 0.965, 0.97),
        headline=190,
        anchor="top",
        product_down=1.0,
    ),
    tall=Plan(
        copy=Area(0.0, 0.12, 1.0, 0.72),
        logo=Area(0.0, 0.0, 0.5, 0.085),
        legal=Area(0.0, 0.9, 0.5, 1.0),
        product=Area(0.2, 0.4, 0.965, 0.88),
        headline=210,
        anchor="top",
        product_down=1.0,
    ),
    wide=Plan(
        copy=Area(0.0, 0.2, 0.62, 1.0),
        logo=Area(0.0, 0.0, 0.4, 0.15),
        legal=Area(0.0, 0.82, 0.6, 1.0),
        product=Area(0.645, 0.12, 1.0, 0.99),
        headline=120,
        anchor="middle",
        product_down=1.0,
    ),
)
