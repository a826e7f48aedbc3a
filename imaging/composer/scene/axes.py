"""The axes of a scene: the choices by which two drafts of one brief differ. A seed makes them all."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Annotated, Final, Literal, get_args

from pydantic import Field

from imaging.composer.scene.sampling import Choice, Point
from schemas.base import Model
from schemas.brands import Avoidable

LayoutName = Literal[
    "full_bleed", "split_panel", "framed", "big_type", "product_hero", "editorial", "card", "ribbon",
    "porthole", "diagonal", "grid", "quote", "burst", "minimal", "poster", "sidebar", "banner_top",
]  # fmt: skip
GroundName = Literal[
    "mesh", "hills", "blobs", "halftone", "tiles", "rays", "papercut", "arcs", "bokeh", "leaks", "stripes", "confetti",
    "paper", "type",
]  # fmt: skip
SchemeName = Literal["primary", "secondary", "accent", "ink", "paper"]
MoodName = Literal["own", "light", "dark"]
"""How light the ground is: as the scheme's own colour, or a tint or a shade of it."""
ButtonName = Literal["pill", "rounded", "square"]

LAYOUTS: Final[tuple[LayoutName, ...]] = get_args(LayoutName)
GROUNDS: Final[tuple[GroundName, ...]] = get_args(GroundName)
SCHEMES: Final[tuple[SchemeName, ...]] = ("primary", "secondary", "accent", "ink", "paper")
MOODS: Final[tuple[MoodName, ...]] = get_args(MoodName)
BUTTONS: Final[tuple[ButtonName, ...]] = ("pill", "rounded", "square")
AXIS_CHOICES: Final[dict[str, tuple[str, ...]]] = {
    "layout": LAYOUTS,
    "ground": GROUNDS,
    "scheme": SCHEMES,
    "mood": MOODS,
    "button": BUTTONS,
}
"""The axes that are names, with what each may be."""

NOTHING: Final[Mapping[Avoidable, Sequence[str]]] = MappingProxyType({})
_ABOUT_A_PRODUCT: Final = frozenset({"product_hero", "burst", "minimal"})
"""Layouts that are nothing without a product."""

_SMOOTH: Final = frozenset({"mesh", "leaks", "bokeh", "rays", "arcs", "blobs", "stripes", "type"})
"""Grounds that may be taken for a polished floor."""


class Axes(Model):
    """A scene's choices. They travel with the draft, so that the refine tier draws the same scene.

    `product` counts in the brand's products (modulo their number); `flipped` exchanges left and right; `tilt` is the
    product's in degrees; `type_scale` multiplies the headline's largest size; `zoom` multiplies the product's size;
    `reflection` lets a floor mirror the product; `detail` seeds the ground's own shapes; `height` is that of the
    image in thousandths of its width.
    """

    layout: LayoutName
    ground: GroundName
    scheme: SchemeName
    mood: MoodName = "own"
    button: ButtonName = "pill"
    product: Annotated[int, Field(ge=0)] = 0
    flipped: bool = False
    tilt: Annotated[float, Field(ge=-15, le=15)] = 0.0
    type_scale: Annotated[float, Field(ge=0.5, le=1.5)] = 1.0
    zoom: Annotated[float, Field(ge=0.5, le=1.2)] = 1.0
    reflection: bool = False
    detail: Annotated[int, Field(ge=0, le=0xFFFF_FFFF)] = 0
    height: Annotated[float, Field(ge=50, le=20_000)]


def allowed(options: tuple[Choice, ...], never: Sequence[str] | None) -> tuple[Choice, ...]:
    """The `options` that are not among what is never wanted; all of them where that would leave none."""
    if never is None:
        return options
    return tuple(option for option in options if option not in never) or options


def unknown_choices(never: Mapping[Avoidable, Sequence[str]]) -> Iterator[tuple[str, str]]:
    """Axes of which `never` names what there is not, or leaves nothing, each with what to write instead."""
    for axis, names in never.items():
        known = AXIS_CHOICES[axis]
        unknown = [name for name in names if name not in known]
        if unknown:
            yield axis, f"there is no {axis} {unknown[0]!r}; there are {', '.join(known)}"
        elif len(set(names)) == len(known):
            yield axis, f"this leaves no {axis}; take one out"


def axes_of(seed: int, height: float, products: int, never: Mapping[Avoidable, Sequence[str]] = NOTHING) -> Axes:
    """The axes that `seed` makes for an image `height` units high of a brand with so many product images.

    What the brand does `never` want, by axis, is not chosen, where that leaves something. Consecutive seeds cover the
    space of choices evenly (see `sampling`), so that the drafts of a brief differ.
    """
    point = Point(seed)
    layouts = LAYOUTS if products else tuple(name for name in LAYOUTS if name not in _ABOUT_A_PRODUCT)
    ground = point.choice(1, allowed(GROUNDS, never.get("ground")))
    return Axes(
        layout=point.choice(0, allowed(layouts, never.get("layout"))),
        ground=ground,
        scheme=point.choice(2, allowed(SCHEMES, never.get("scheme"))),
        product=point.choice(3, range(max(products, 1))),
        flipped=point.choice(4, (False, False, True, False)),
        tilt=point.choice(5, (-8.0, 0.0, 0.0, 0.0, 6.0, 10.0)),
        button=point.choice(6, allowed(BUTTONS, never.get("button"))),
        type_scale=point.choice(7, (0.82, 0.92, 1.0, 1.0)),
        zoom=point.choice(8, (0.9, 1.0, 1.0)),
        reflection=ground in _SMOOTH and point.choice(9, (True, True, False)),
        detail=point.detail,
        height=height,
    )
