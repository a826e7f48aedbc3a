"""Artwork over the whole image, the product large in it, the copy below on a soft scrim."""

from __future__ import annotations

from typing import Final

from imaging.composer.layouts.plan import Area, Layout, Plan

LAYOUT: Final = Layout(
    upright=Plan(
        copy=Area(0.0, 0.4, 1.0, 1.0),
        logo=Area(0.0, 0.0, 0.5, 0.11),
        legal=Area(0.0, 0.9, 1.0, 1.0),
        product=Area(0.14, 0.1, 1.0, 0.7),
        headline=112,
    ),
    tall=Plan(
        copy=Area(0.0, 0.4, 1.0, 1.0),
        logo=Area(0.0, 0.0, 0.5, 0.09),
        legal=Area(0.0, 0.9, 1.0, 1.0),
        product=Area(0.04, 0.2, 1.0, 0.66),
        headline=124,
    ),
    wide=Plan(
        copy=Area(0.0, 0.2, 0.54, 1.0),
        logo=Area(0.0, 0.0, 0.4, 0.16),
        legal=Area(0.0, 0.8, 0.54, 1.0),
        product=Area(0.58, 0.06, 0.985, 0.97),
        headline=78,
        anchor="bottom",
    ),
)
