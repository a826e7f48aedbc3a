"""The place of the product: as large as possible beside what is already placed."""

from __future__ import annotations

import math
from typing import Final

from imaging.composer.layouts.plan import Plan
from imaging.composer.scene.geometry import Rect

CLEAR: Final = 20.0
"""Units that stay free between the copy and what is beside it."""
ROUNDING: Final = 0.01
"""Units by which, after rounding, a slot that was cut at an edge may pass it."""
_DEEPEST: Final = 0.34
_SHALLOWEST: Final = 0.14
"""The greatest and the least depth of a reflection, as shares of the product's height."""
_SHARED: Final = 0.2
"""The share of its height that a product without room below gives to its reflection."""
_SMALLEST: Final = 90.0
"""Units of a slot's shorter side below which a product is left out."""


def tilted_aspect(width: float, height: float, degrees: float) -> float:
    """Width over height of the box around a rectangle turned by `degrees`."""
    turn = math.radians(abs(degrees))
    return (width * math.cos(turn) + height * math.sin(turn)) / (width * math.sin(turn) + height * math.cos(turn))


def fit_product(slot: Rect, aspect: float, plan: Plan, zoom: float) -> Rect:
    """The product in its slot, at the place and size that plan and zoom ask for."""
    fitted = slot.fitted(aspect, 0.5, plan.product_down)
    width, height = fitted.width * min(zoom, 1.0), fitted.height * min(zoom, 1.0)
    left = fitted.left + (fitted.width - width) / 2
    top = fitted.top + (fitted.height - height) * plan.product_down
    return Rect(left=left, top=top, right=left + width, bottom=top + height)


def mirrored_product(
    slot: Rect, obstacles: tuple[Rect, ...], aspect: float, plan: Plan, zoom: float, bottom: float
) -> tuple[Rect, float]:
    """The product on a floor that mirrors it, and the depth of its reflection in units: 0 without room.

    If there is no room below the product, it gives some of its slot to its reflection. `bottom` is the lower edge of
    the image.
    """
    product = fit_product(slot, aspect, plan, zoom)
    if _depth_below(product, obstacles, bottom) >= _SHALLOWEST * product.height:
        return product, min(_depth_below(product, obstacles, bottom), _DEEPEST * product.height)
    pair = fit_product(slot, aspect / (1 + _SHARED), plan, zoom)
    product = pair.model_copy(update={"bottom": pair.top + pair.height / (1 + _SHARED)})
    depth = _depth_below(product, obstacles, bottom)
    return product, min(depth, _DEEPEST * product.height) if depth >= _SHALLOWEST * product.height else 0.0


def _depth_below(product: Rect, obstacles: tuple[Rect, ...], bottom: float) -> float:
    """Units below `product` that are free of obstacles and of the space around them."""
    beside = (box for box in obstacles if box.left - CLEAR < product.right and product.left < box.right + CLEAR)
    tops = [box.top - CLEAR for box in beside if box.bottom > product.bottom]
    return min([bottom, *tops]) - product.bottom


def free_slot(slot: Rect, obstacles: tuple[Rect, ...], aspect: float | None, plan: Plan, zoom: float) -> Rect | None:
    """`slot` cut back until the product in it meets no obstacle; None if too little is left."""
    for _ in range(len(obstacles) * 2):
        if min(slot.width, slot.height) < _SMALLEST:
            return None
        taken = slot if aspect is None else fit_product(slot, aspect, plan, zoom)
        hit = next((obstacle for obstacle in obstacles if taken.overlaps(obstacle.grown(CLEAR - ROUNDING))), None)
        if hit is None:
            return slot
        slot = _cut(slot, hit.grown(CLEAR), aspect or 1.0, centred=plan.align == "centre")
    return None


def _cut(slot: Rect, obstacle: Rect, aspect: float, *, centred: bool) -> Rect:
    """The part of `slot` beside `obstacle` in which an image of `aspect` has the most room.

    On a middle axis only the parts above and below count, so that the product stays on it.
    """
    parts = [{"bottom": min(slot.bottom, obstacle.top)}, {"top": max(slot.top, obstacle.bottom)}]
    if not centred:
        parts += [{"right": min(slot.right, obstacle.left)}, {"left": max(slot.left, obstacle.right)}]
    return max((slot.model_copy(update=part) for part in parts), key=lambda part: min(part.width, part.height * aspect))


def disc_in(wanted: Rect, slot: Rect, height: float) -> Rect:
    """The disc behind a product, cut down to the product's slot."""
    top, bottom = max(wanted.top, slot.top), min(wanted.bottom, max(slot.bottom, 0.0), height)
    return Rect(left=wanted.left, top=top, right=wanted.right, bottom=max(bottom, top + 1)).fitted(1.0)
