"""The layouts: each a small file of data with a plan for tall, upright and wide images.

To add a layout named ``wave``: write ``wave.py`` in this folder with a module constant ``LAYOUT`` (a `plan.Layout`),
and add ``"wave"`` to `schemas.scenes.LayoutName`, which registers it. The tests then draw it in every format.
"""

from __future__ import annotations

from importlib import import_module
from typing import Final

from imaging.composer.layouts.plan import Layout
from schemas.scenes import LAYOUTS, LayoutName

LAYOUT_BY_NAME: Final[dict[LayoutName, Layout]] = {
    name: import_module(f"imaging.composer.layouts.{name}").LAYOUT for name in LAYOUTS
}
