"""The interface of a layout: the areas of all parts, as fractions, and how the parts give way to one another.

A plan is made for left-to-right text with the product at the end of the line. The composer mirrors it for
right-to-left text and for flipped scenes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, NamedTuple

TALL_BELOW: Final = 0.7
"""The ratio (width over height) below which the tall plan is used (stories: 0.56)."""
WIDE_ABOVE: Final = 1.3
"""The ratio above which the wide plan is used (link ads: 1.91)."""


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
    """One shape of a layout. The product's area is cut back where copy, logo or legal text need the room.

    Areas are fractions, 0 to 1. Those beyond 0 or 1 leave the image, so that nothing of them is seen.

    Args:
        copy: headline, line and button, in the safe area.
        logo: in the safe area.
        legal: the legal text, in the safe area.
        product: in the whole image.
        headline: the largest size of the headline, in units (thousandths of the image's width).
        window: where the ground is seen, in the whole image.
        corner: the outline of the window.
        outside: the colour around the window: the scheme's paper, or its base.
        disc: a disc of colour behind the product, in the whole image.
        disc_shape: its outline.
        panel: a flat ground for the copy, in the whole image.
        panel_fill: its colour: the scheme's paper, base, or counter colour.
        panel_corner: the radius of its corners, in units.
        mark: a quotation mark, in the whole image.
        call: a button apart from the copy, in the safe area; without it, the button is below the line.
        align: how lines are set: from the start of the line, or centred.
        anchor: where the copy is in its area if it does not fill it.
        logo_align: where the logo is in its area.
        product_down: where the product is in its area: 0 at the top, 1 at the bottom.
        rule: whether a thin rule is drawn above the headline.
        floor: whether a floor may mirror the product.
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
    """A layout in its three shapes: a plan for tall, for upright and for wide images.

    `weight` is the headline's, 1 to 1000. `flips` says whether scenes that exchange left and right mirror the layout
    as well; False is for layouts that look right only with the product on their own side. Right-to-left text mirrors
    every layout.
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
