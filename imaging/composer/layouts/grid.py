"""A grid of tiles with artwork behind the product, as in a catalogue."""

from __future__ import annotations

from typing import Final

from imaging.composer.layouts.plan import Area, Layout, Plan

LAYOUT: Final = Layout(
    upright=Plan(
        copy=Area(0.0, 0.57, 1.0, 1.0),
        logo=Area(0.0, 0.0, 0.5, 0.1),
        legal=Area(0.0, 0.92, 1.0, 1.0),
        product=Area(0.22, 0.16, 0.78, 0.52),
        window=Area(0.05, 0.145, 0.95, 0.545),
        headline=96,
        anchor="middle",
        corner="grid",
        outside="paper",
    ),
    tall=Plan(
        copy=Area(0.0, 0.1, 1.0, 0.5),
        logo=Area(0.0, 0.0, 0.5, 0.085),
        legal=Area(0.0, 0.46, 1.0, 0.53),
        product=Area(0.1, 0.54, 0.9, 0.85),
        window=Area(0.06, 0.515, 0.94, 0.975),
        headline=110,
        anchor="middle",
        corner="grid",
        outside="paper",
    ),
    wide=Plan(
        copy=Area(0.0, 0.2, 0.48, 1.0),
        logo=Area(0.0, 0.0, 0.4, 0.15),
        legal=Area(0.0, 0.84, 0.48, 1.0),
        product=Area(0.58, 0.12, 0.92, 0.88),
        window=Area(0.54, 0.07, 0.96, 0.93),
        headline=74,
        anchor="middle",
        corner="grid",
        outside="paper",
    ),
)
