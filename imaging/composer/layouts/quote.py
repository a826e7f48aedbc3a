"""The headline as a quotation: a large mark, the words set quietly beneath it, the product small."""

from __future__ import annotations

from typing import Final

from imaging.composer.layouts.plan import Area, Layout, Plan

LAYOUT: Final = Layout(
    weight=500,
    upright=Plan(
        copy=Area(0.04, 0.25, 0.96, 0.73),
        logo=Area(0.0, 0.9, 0.45, 1.0),
        legal=Area(0.5, 0.92, 1.0, 1.0),
        product=Area(0.5, 0.56, 0.965, 0.9),
        headline=92,
        anchor="top",
        mark=Area(0.09, 0.085, 0.25, 0.2),
    ),
    tall=Plan(
        copy=Area(0.02, 0.18, 1.0, 0.7),
        logo=Area(0.0, 0.9, 0.45, 1.0),
        legal=Area(0.5, 0.92, 1.0, 1.0),
        product=Area(0.34, 0.47, 0.97, 0.755),
        headline=112,
        anchor="top",
        mark=Area(0.08, 0.155, 0.27, 0.235),
    ),
    wide=Plan(
        copy=Area(0.16, 0.06, 0.66, 0.82),
        logo=Area(0.0, 0.86, 0.34, 1.0),
        legal=Area(0.36, 0.86, 0.68, 1.0),
        product=Area(0.69, 0.1, 0.97, 0.94),
        headline=66,
        anchor="middle",
        mark=Area(0.05, 0.1, 0.15, 0.3),
    ),
)
