"""The axes of a scene: the choices by which two drafts of one brief differ. One seed decides all of them.

Seeds choose evenly: consecutive seeds are the points of a low-discrepancy sequence, Richtmyer's ("The evaluation of
definite integrals", 1951). Along axis k, the position of a seed is the fractional part of seed x sqrt(p), with a prime
p of its own. Seeds that are far apart, as hashes are, have positions as good as random.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from math import isqrt
from types import MappingProxyType
from typing import Annotated, Final, TypeVar

from pydantic import Field

from schemas.base import Model
from schemas.brands import Avoidable
from schemas.scenes import BUTTONS, GROUNDS, LAYOUTS, SCHEMES, ButtonName, GroundName, LayoutName, MoodName, SchemeName

Choice = TypeVar("Choice")

AXES: Final = 10
_SEEDS: Final = 2**31
_PRIMES: Final = (29, 71, 233, 151, 5, 7, 11, 13, 3, 19)
"""One an axis. The first four (layout, ground, scheme, product) were found by search: twelve consecutive seeds have
twelve layouts, and of fifty seeds those with the same layout are as far apart as possible on the other three axes."""
_STEPS: Final = tuple(isqrt(prime * _SEEDS**2) % _SEEDS | 1 for prime in _PRIMES)
"""How far each axis moves from one seed to the next, in parts of 2^31: whole numbers, so that nothing is rounded."""
NOTHING: Final[Mapping[Avoidable, Sequence[str]]] = MappingProxyType({})
ABOUT_A_PRODUCT: Final = frozenset({"product_hero", "burst", "minimal"})
"""Layouts that need a product."""

_SMOOTH: Final = frozenset({"mesh", "leaks", "bokeh", "rays", "arcs", "blobs", "stripes", "type"})
"""Grounds that look like a polished floor."""


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


class SeedPoint:
    """The position of a seed (0 to 2^31 - 1) in the space of choices."""

    def __init__(self, seed: int) -> None:
        self._seed = seed

    @property
    def detail(self) -> int:
        """A number, 0 to 2^32 - 1, unrelated to those of neighbouring seeds."""
        return int.from_bytes(hashlib.sha256(b"detail %d" % self._seed).digest()[:4], "big")

    def choice(self, axis: int, options: Sequence[Choice]) -> Choice:
        """The option at this position along `axis`; every option has an equal share."""
        at = (self._seed * _STEPS[axis] + _SEEDS // 2) % _SEEDS
        return options[at * len(options) // _SEEDS]


def allowed(options: tuple[Choice, ...], never: Sequence[str] | None) -> tuple[Choice, ...]:
    """The `options` that the brand does not exclude (`never`); all of them if it excludes all."""
    if never is None:
        return options
    return tuple(option for option in options if option not in never) or options


def axes_of(seed: int, height: float, products: int, never: Mapping[Avoidable, Sequence[str]] = NOTHING) -> Axes:
    """The axes that `seed` chooses.

    Args:
        seed: 0 to 2^31 - 1. Consecutive seeds cover the space of choices evenly, so the drafts of a brief differ.
        height: the image's, in units.
        products: the number of the brand's product images.
        never: names that the brand excludes, by axis; ignored for an axis of which nothing would be left.
    """
    point = SeedPoint(seed)
    layouts = LAYOUTS if products else tuple(name for name in LAYOUTS if name not in ABOUT_A_PRODUCT)
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
