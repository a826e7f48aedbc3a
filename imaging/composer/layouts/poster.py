"""A Swiss poster: flat colour, a column of words at the top, a rule, the product below the fold of the page."""

from __future__ import annotations

from typing import Final

from imaging.composer.layouts.plan import Area, Layout, Plan

LAYOUT: Final = Layout(
    weight=800,
    upright=Plan(
        copy=Area(0.0, 0.14, 0.96, 0.62),
        logo=Area(0.5, 0.9, 1.0, 1.0),
        legal=Area(0.0, 0.92, 0.46, 1.0),
        product=Area(0.1, 0.52, 0.9, 0.88),
        window=Area(0.0, 0.72, 1.0, 1.0),
        headline=138,
        anchor="top",
        rule=True,
        logo_align="end",
        product_down=1.0,
    ),
    tall=Plan(
        copy=Area(0.0, 0.04, 1.0, 0.56),
        logo=Area(0.5, 0.9, 1.0, 1.0),
        legal=Area(0.0, 0.93, 0.46, 1.0),
        product=Area(0.04, 0.44, 0.96, 0.77),
        window=Area(0.0, 0.66, 1.0, 1.0),
        headline=148,
        anchor="top",
        rule=True,
        logo_align="end",
        product_down=1.0,
    ),
    wide=Plan(
        copy=Area(0.0, 0.12, 0.56, 0.82),
        logo=Area(0.0, 0.84, 0.36, 1.0),
        legal=Area(0.38, 0.86, 0.6, 1.0),
        product=Area(0.6, 0.06, 0.96, 0.9),
        window=Area(0.72, 0.0, 1.0, 1.0),
        headline=90,
        anchor="top",
        rule=True,
        product_down=1.0,
    ),
)
