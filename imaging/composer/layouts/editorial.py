"""A magazine page: paper, a window of artwork with the product stepping out of it, a thin rule, room to breathe."""

from __future__ import annotations

from typing import Final

from imaging.composer.layouts.plan import Area, Layout, Plan

LAYOUT: Final = Layout(
    weight=600,
    upright=Plan(
        copy=Area(0.0, 0.58, 1.0, 1.0),
        logo=Area(0.0, 0.0, 0.3, 0.1),
        legal=Area(0.0, 0.9, 1.0, 1.0),
        product=Area(0.42, 0.14, 0.91, 0.565),
        window=Area(0.38, 0.05, 0.95, 0.55),
        corner="arch",
        outside="paper",
        headline=112,
        product_down=1.0,
        rule=True,
    ),
    tall=Plan(
        copy=Area(0.0, 0.1, 1.0, 0.53),
        logo=Area(0.0, 0.0, 0.45, 0.075),
        legal=Area(0.0, 0.48, 1.0, 0.55),
        product=Area(0.1, 0.57, 0.9, 0.875),
        window=Area(0.08, 0.535, 0.92, 1.02),
        corner="arch",
        outside="paper",
        headline=128,
        product_down=1.0,
        rule=True,
        anchor="middle",
    ),
    wide=Plan(
        copy=Area(0.0, 0.2, 0.54, 1.0),
        logo=Area(0.0, 0.0, 0.36, 0.14),
        legal=Area(0.0, 0.84, 0.54, 1.0),
        product=Area(0.62, 0.16, 0.95, 0.95),
        window=Area(0.62, 0.07, 0.95, 1.0),
        corner="arch",
        outside="paper",
        headline=80,
        anchor="bottom",
        product_down=1.0,
        rule=True,
    ),
)
