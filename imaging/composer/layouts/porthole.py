"""A round window of artwork on paper with the product stepping out of it, the copy below."""

from __future__ import annotations

from typing import Final

from imaging.composer.layouts.plan import Area, Layout, Plan

LAYOUT: Final = Layout(
    upright=Plan(
        copy=Area(0.03, 0.59, 0.97, 1.0),
        logo=Area(0.25, 0.0, 0.75, 0.1),
        legal=Area(0.05, 0.92, 0.95, 1.0),
        product=Area(0.24, 0.13, 0.76, 0.565),
        window=Area(0.2, 0.14, 0.8, 0.56),
        headline=100,
        align="centre",
        anchor="middle",
        logo_align="centre",
        product_down=1.0,
        corner="circle",
        outside="paper",
    ),
    tall=Plan(
        copy=Area(0.0, 0.1, 1.0, 0.5),
        logo=Area(0.25, 0.0, 0.75, 0.08),
        legal=Area(0.05, 0.45, 0.95, 0.52),
        product=Area(0.1, 0.535, 0.9, 0.86),
        window=Area(-0.06, 0.505, 1.06, 1.135),
        headline=120,
        align="centre",
        anchor="middle",
        logo_align="centre",
        product_down=1.0,
        corner="circle",
        outside="paper",
    ),
    wide=Plan(
        copy=Area(0.0, 0.2, 0.5, 1.0),
        logo=Area(0.0, 0.0, 0.4, 0.15),
        legal=Area(0.0, 0.84, 0.5, 1.0),
        product=Area(0.57, 0.1, 0.96, 0.93),
        window=Area(0.56, 0.05, 0.97, 0.95),
        headline=78,
        anchor="middle",
        product_down=0.9,
        corner="circle",
        outside="paper",
    ),
)
