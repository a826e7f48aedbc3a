"""Plain paper, one product, few words and much space; a disc of colour behind the product."""

from __future__ import annotations

from typing import Final

from imaging.composer.layouts.plan import Area, Layout, Plan

LAYOUT: Final = Layout(
    weight=500,
    upright=Plan(
        copy=Area(0.0, 0.64, 0.9, 1.0),
        logo=Area(0.0, 0.0, 0.36, 0.08),
        legal=Area(0.0, 0.94, 0.9, 1.0),
        product=Area(0.24, 0.14, 0.76, 0.6),
        disc=Area(0.26, 0.22, 0.74, 0.6),
        window=Area(-0.2, -0.2, -0.1, -0.1),
        headline=88,
        floor=True,
        outside="base",
        product_down=0.8,
    ),
    tall=Plan(
        copy=Area(0.0, 0.64, 1.0, 1.0),
        logo=Area(0.0, 0.0, 0.4, 0.07),
        legal=Area(0.0, 0.94, 1.0, 1.0),
        product=Area(0.1, 0.2, 0.9, 0.55),
        disc=Area(0.1, 0.22, 0.9, 0.55),
        window=Area(-0.2, -0.2, -0.1, -0.1),
        headline=108,
        floor=True,
        outside="base",
        product_down=0.8,
    ),
    wide=Plan(
        copy=Area(0.0, 0.22, 0.48, 1.0),
        logo=Area(0.0, 0.0, 0.3, 0.12),
        legal=Area(0.0, 0.86, 0.48, 1.0),
        product=Area(0.58, 0.12, 0.9, 0.88),
        disc=Area(0.56, 0.14, 0.92, 0.86),
        window=Area(-0.2, -0.2, -0.1, -0.1),
        headline=60,
        floor=True,
        outside="base",
        product_down=0.8,
    ),
)
