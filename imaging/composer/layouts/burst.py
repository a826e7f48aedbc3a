"""A star behind the product, as on a price tag; the copy loud above it."""

from __future__ import annotations

from typing import Final

from imaging.composer.layouts.plan import Area, Layout, Plan

LAYOUT: Final = Layout(
    weight=900,
    upright=Plan(
        copy=Area(0.0, 0.12, 1.0, 0.5),
        logo=Area(0.0, 0.0, 0.5, 0.1),
        legal=Area(0.0, 0.93, 0.62, 1.0),
        product=Area(0.32, 0.45, 0.96, 0.93),
        disc=Area(0.26, 0.44, 1.0, 0.95),
        headline=128,
        anchor="top",
        disc_shape="burst",
    ),
    tall=Plan(
        copy=Area(0.0, 0.11, 1.0, 0.5),
        logo=Area(0.0, 0.0, 0.5, 0.08),
        legal=Area(0.0, 0.93, 0.7, 1.0),
        product=Area(0.18, 0.45, 0.94, 0.735),
        disc=Area(0.08, 0.44, 1.0, 0.79),
        headline=136,
        anchor="top",
        disc_shape="burst",
    ),
    wide=Plan(
        copy=Area(0.0, 0.2, 0.53, 1.0),
        logo=Area(0.0, 0.0, 0.4, 0.15),
        legal=Area(0.0, 0.84, 0.53, 1.0),
        product=Area(0.6, 0.1, 0.95, 0.92),
        disc=Area(0.55, 0.02, 1.0, 0.98),
        headline=84,
        anchor="middle",
        disc_shape="burst",
    ),
)
