"""What a layout says: where things may stand, as fractions, and how they give way to one another.

A plan is drawn for left-to-right text with the product at the end of the line; the composer mirrors it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, NamedTuple

TALL_BELOW: Final = 0.7
"""Width over height below which the tall plan is used (stories: 0.56)."""
WIDE_ABOVE: Final = 1.3
"""Width over height above which the wide plan is used (link ads: 1.91)."""


class Area(NamedTuple):
    """A rectangle as fractions of the safe area or the image."""

    left: float
    top: float
    right: float
    bottom: float


Corner = Literal["square", "rounded", "arch", "circle", "diagonal", "grid"]
"""The outline of the window through which the artwork is seen."""
WHOLE: Final = Area(0.0, 0.0, 1.0, 1.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """One shape of a layout.

    `copy` (headline, line, button), `logo`, `legal` and `call` (a button apart from the copy) are fractions of the
    safe area; `product`, `window` (where the artwork is seen) and `disc` of the whole image. `headline` is the
    largest headline size in units. `panel` (of the whole image) is a flat ground for the copy, its corners rounded by
    `panel_corner` units; `mark` a quotation mark. On a `floor` the product may be mirrored. The product's slot is cut
    back from whatever else needs the room.
    """

    copy: Area
    logo: Area
    legal: Area
    product: Area
    headline: float
    window: Area = WHOLE
    corner: Corner = "square"
    outside: Literal["paper", "base"] = "base"
    disc: Area | None = None
    disc_shape: Literal["circle", "burst"] = "circle"
    panel: Area | None = None
    panel_fill: Literal["paper", "base", "counter"] = "paper"
    panel_corner: float = 0.0
    mark: Area | None = None
    call: Area | None = None
    align: Literal["start", "centre"] = "start"
    anchor: Literal["top", "middle", "bottom"] = "bottom"
    logo_align: Literal["start", "centre", "end"] = "start"
    product_down: float = 0.5
    rule: bool = False
    floor: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """A layout in its three shapes.

    `weight` is the headline's, 1 to 1000; `flips` says whether left-to-right text may have the product on its left.
    """

    tall: Plan
    upright: Plan
    wide: Plan
    weight: int = 700
    flips: bool = True

    def plan(self, ratio: float) -> Plan:
        """The plan for an image of this width over height."""
        if ratio < TALL_BELOW:
            return self.tall
        return self.wide if ratio > WIDE_ABOVE else self.upright
