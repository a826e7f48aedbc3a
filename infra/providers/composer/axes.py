"""The axes of a scene: the choices by which two drafts of one brief differ. A seed makes them all."""

from __future__ import annotations

from typing import Annotated, Final, Literal, TypeVar

import numpy as np
from pydantic import Field

from schemas.base import Model

LayoutName = Literal["full_bleed", "split_panel", "framed", "big_type", "product_hero", "editorial"]
GroundName = Literal["mesh", "hills", "blobs", "halftone", "tiles", "rays", "papercut", "arcs"]
SchemeName = Literal["primary", "secondary", "accent", "ink", "paper"]
ButtonName = Literal["pill", "rounded", "square"]

LAYOUTS: Final[tuple[LayoutName, ...]] = (
    "full_bleed", "split_panel", "framed", "big_type", "product_hero", "editorial",
)  # fmt: skip
GROUNDS: Final[tuple[GroundName, ...]] = ("mesh", "hills", "blobs", "halftone", "tiles", "rays", "papercut", "arcs")
SCHEMES: Final[tuple[SchemeName, ...]] = ("primary", "secondary", "accent", "ink", "paper")
BUTTONS: Final[tuple[ButtonName, ...]] = ("pill", "rounded", "square")

Choice = TypeVar("Choice")


class Axes(Model):
    """A scene's choices. They travel with the draft, so that the refine tier draws the same scene.

    `product` counts in the brand's products (modulo their number); `flipped` exchanges left and right; `tilt` is the
    product's in degrees; `type_scale` multiplies the headline's largest size; `zoom` multiplies the product's size;
    `detail` seeds the ground's own shapes; `height` is that of the picture in thousandths of its width.
    """

    layout: LayoutName
    ground: GroundName
    scheme: SchemeName
    button: ButtonName = "pill"
    product: Annotated[int, Field(ge=0)] = 0
    flipped: bool = False
    tilt: Annotated[float, Field(ge=-15, le=15)] = 0.0
    type_scale: Annotated[float, Field(ge=0.5, le=1.5)] = 1.0
    zoom: Annotated[float, Field(ge=0.5, le=1.2)] = 1.0
    detail: Annotated[int, Field(ge=0, le=0xFFFF_FFFF)] = 0
    height: Annotated[float, Field(ge=50, le=20_000)]


def axes_of(seed: int, height: float, products: int) -> Axes:
    """The axes that `seed` makes for a picture `height` units high of a brand with so many product pictures."""
    draw = np.random.Generator(np.random.PCG64(np.random.SeedSequence((seed, 0xB7))))
    layouts = LAYOUTS if products else tuple(name for name in LAYOUTS if name != "product_hero")
    return Axes(
        layout=_pick(draw, layouts),
        ground=_pick(draw, GROUNDS),
        scheme=_pick(draw, SCHEMES),
        button=_pick(draw, BUTTONS),
        product=int(draw.integers(0, max(products, 1))),
        flipped=bool(draw.integers(0, 4) == 0),
        tilt=float((-8, 0, 0, 0, 6, 10)[int(draw.integers(0, 6))]),
        type_scale=float((0.82, 0.92, 1.0, 1.0)[int(draw.integers(0, 4))]),
        zoom=float((0.9, 1.0, 1.0)[int(draw.integers(0, 3))]),
        detail=int(draw.integers(0, 2**32)),
        height=height,
    )


def _pick(draw: np.random.Generator, options: tuple[Choice, ...]) -> Choice:
    return options[int(draw.integers(0, len(options)))]
