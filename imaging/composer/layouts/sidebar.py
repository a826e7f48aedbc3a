"""A strip of artwork down one side with the product across its edge; the words in a narrow column."""

from __future__ import annotations

from typing import Final

from imaging.composer.layouts.plan import Area, Layout, Plan

LAYOUT: Final = Layout(
    upright=Plan(
        copy=Area(0.0, 0.12, 0.6, 0.9),
        logo=Area(0.0, 0.0, 0.5, 0.09),
        legal=Area(0.0, 0.92, 0.58, 1.0),
        product=Area(0.52, 0.3, 0.98, 0.9),
        window=Area(0.72, 0.0, 1.0, 1.0),
        headline=96,
        anchor="middle",
        product_down=0.7,
        outside="paper",
    ),
    tall=Plan(
        copy=Area(0.0, 0.1, 0.64, 0.9),
        logo=Area(0.0, 0.0, 0.5, 0.075),
        legal=Area(0.0, 0.93, 0.6, 1.0),
        product=Area(0.3, 0.44, 1.0, 0.81),
        window=Area(0.7, 0.0, 1.0, 1.0),
        headline=112,
        anchor="top",
        product_down=0.9,
        outside="paper",
    ),
    wide=Plan(
        copy=Area(0.0, 0.2, 0.52, 1.0),
        logo=Area(0.0, 0.0, 0.4, 0.15),
        legal=Area(0.0, 0.84, 0.52, 1.0),
        product=Area(0.58, 0.08, 0.96, 0.94),
        window=Area(0.76, 0.0, 1.0, 1.0),
        headline=76,
        anchor="bottom",
        product_down=0.8,
        outside="paper",
    ),
)
