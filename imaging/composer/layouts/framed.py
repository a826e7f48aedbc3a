"""A border of paper around the artwork; everything on the middle axis."""

from __future__ import annotations

from typing import Final

from imaging.composer.layouts.plan import Area, Layout, Plan

LAYOUT: Final = Layout(
    upright=Plan(
        copy=Area(0.05, 0.14, 0.95, 0.54),
        logo=Area(0.25, 0.035, 0.75, 0.125),
        legal=Area(0.08, 0.88, 0.92, 0.97),
        product=Area(0.1, 0.42, 0.9, 0.885),
        window=Area(0.04, 0.04, 0.96, 0.96),
        corner="rounded",
        outside="paper",
        headline=108,
        align="centre",
        anchor="top",
        logo_align="centre",
    ),
    tall=Plan(
        copy=Area(0.03, 0.12, 0.97, 0.57),
        logo=Area(0.25, 0.0, 0.75, 0.085),
        legal=Area(0.05, 0.9, 0.95, 1.0),
        product=Area(0.06, 0.44, 0.94, 0.79),
        window=Area(0.045, 0.0255, 0.955, 0.86),
        corner="rounded",
        outside="paper",
        headline=116,
        align="centre",
        anchor="top",
        logo_align="centre",
    ),
    wide=Plan(
        copy=Area(0.0, 0.22, 0.55, 0.95),
        logo=Area(0.0, 0.03, 0.4, 0.17),
        legal=Area(0.0, 0.8, 0.55, 0.97),
        product=Area(0.58, 0.1, 0.95, 0.92),
        window=Area(0.026, 0.05, 0.974, 0.95),
        corner="rounded",
        outside="paper",
        headline=74,
        anchor="middle",
    ),
)
