"""The product large before a disc of colour, the copy above it, the button alone at the foot."""

from __future__ import annotations

from typing import Final

from imaging.composer.layouts.plan import Area, Layout, Plan

LAYOUT: Final = Layout(
    upright=Plan(
        copy=Area(0.02, 0.12, 0.98, 0.44),
        logo=Area(0.25, 0.0, 0.75, 0.1),
        legal=Area(0.05, 0.93, 0.95, 1.0),
        call=Area(0.1, 0.82, 0.9, 0.95),
        product=Area(0.1, 0.36, 0.9, 0.83),
        disc=Area(0.14, 0.36, 0.86, 0.84),
        headline=104,
        floor=True,
        align="centre",
        anchor="top",
        logo_align="centre",
    ),
    tall=Plan(
        copy=Area(0.0, 0.11, 1.0, 0.42),
        logo=Area(0.25, 0.0, 0.75, 0.08),
        legal=Area(0.05, 0.93, 0.95, 1.0),
        call=Area(0.05, 0.84, 0.95, 0.95),
        product=Area(0.02, 0.34, 0.98, 0.71),
        disc=Area(0.02, 0.35, 0.98, 0.72),
        headline=116,
        floor=True,
        align="centre",
        anchor="top",
        logo_align="centre",
    ),
    wide=Plan(
        copy=Area(0.0, 0.2, 0.5, 1.0),
        logo=Area(0.0, 0.0, 0.4, 0.15),
        legal=Area(0.0, 0.84, 0.5, 1.0),
        product=Area(0.54, 0.05, 0.98, 0.95),
        disc=Area(0.55, 0.05, 0.985, 0.95),
        headline=76,
        floor=True,
        anchor="middle",
    ),
)
