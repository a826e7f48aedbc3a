"""Colour schemes: the roles that the brand's palette plays in one scene."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from infra.providers.composer.axes import SchemeName
from infra.providers.composer.colour import Rgb, contrast, distance, lightness, mix, rgb, shade
from schemas.brands import Palette

READABLE: Final = 4.5
"""The contrast ratio that WCAG 2.2 asks of text (success criterion 1.4.3)."""
_BUTTON_STANDS_OUT: Final = 2.4
"""A button's contrast with its ground from which it reads as a thing of its own (judged by eye)."""
_MARK_SEEN: Final = 1.9
"""The contrast from which an ornament is a part of the design and no smudge (judged by eye)."""
WHITE: Final[Rgb] = (255, 255, 255)
BLACK: Final[Rgb] = (17, 17, 17)


@dataclass(frozen=True, slots=True)
class Scheme:
    """Colours by role.

    `base` is the quiet flat ground; `tones` runs from the deepest to the farthest of the artwork; `spark` is its rare
    contrast; `inks` are text colours and `calls` button colours, the preferred first; `plates` go under a logo.
    """

    base: Rgb
    tones: tuple[Rgb, ...]
    spark: Rgb
    inks: tuple[Rgb, ...]
    calls: tuple[Rgb, ...]
    plates: tuple[Rgb, ...]


def scheme_of(name: SchemeName, palette: Palette) -> Scheme:
    """The scheme `name` of `palette`."""
    primary, secondary, accent = rgb(palette.primary), rgb(palette.secondary), rgb(palette.accent)
    paper, ink = rgb(palette.paper), rgb(palette.ink)
    lead = {"primary": primary, "secondary": secondary, "accent": accent, "ink": ink, "paper": paper}[name]
    partner = {"primary": secondary, "secondary": primary, "accent": paper, "ink": primary, "paper": secondary}[name]
    # The primary or secondary is tried first as ink; on a ground of its own kind, measurement rules it out.
    spark = {"primary": accent, "secondary": accent, "accent": paper, "ink": accent, "paper": primary}[name]
    tones = _tones(lead, partner)
    inks = _ordered((paper, ink, WHITE, BLACK), lead)
    inks = (*(colour for colour in (primary, secondary) if contrast(colour, paper) >= READABLE), *inks)
    calls = tuple(dict.fromkeys((accent, primary, secondary, ink, paper)))
    return Scheme(lead, tones, spark, inks, calls, (paper, ink, WHITE, BLACK))


def label_for(button: Rgb, scheme: Scheme) -> Rgb:
    """The label colour that reads best on `button`: the brand's paper or ink where they do, else white or black."""
    for colour in scheme.plates:
        if contrast(colour, button) >= READABLE:
            return colour
    return max(scheme.plates, key=lambda colour: contrast(colour, button))


def call_on(ground: Rgb, scheme: Scheme) -> Rgb:
    """The button colour on `ground`: the first of the scheme that stands out and carries a readable label."""
    fit = [colour for colour in scheme.calls if contrast(label_for(colour, scheme), colour) >= READABLE]
    for colour in fit:
        if contrast(colour, ground) >= _BUTTON_STANDS_OUT:
            return colour
    return max((*fit, *scheme.plates), key=lambda colour: contrast(colour, ground))


def mark_on(scheme: Scheme) -> Rgb:
    """The colour of an ornament on the scheme's artwork: the first that is seen on every tone."""
    colours = (scheme.spark, *scheme.calls, *scheme.plates)
    return next((colour for colour in colours if _seen_on(colour, scheme.tones) >= _MARK_SEEN), scheme.plates[1])


def _seen_on(colour: Rgb, tones: tuple[Rgb, ...]) -> float:
    return min(contrast(colour, tone) for tone in tones)


def disc_on(ground: Rgb, product: Rgb, scheme: Scheme) -> Rgb:
    """The colour of a disc between `ground` and `product`: the one of the scheme farthest from both."""
    return max(
        (scheme.spark, *scheme.calls[:3], scheme.plates[0]),
        key=lambda colour: min(distance(colour, ground), distance(colour, product)),
    )


def _tones(lead: Rgb, partner: Rgb) -> tuple[Rgb, ...]:
    """Five tones about `lead`, leaning towards `partner` at the far end, close enough for one ink to read on all."""
    light = lightness(lead) > 0.7  # noqa: PLR2004 - Oklab lightness above which dark ink reads better
    step = -0.055 if light else 0.07
    far = mix(lead, partner, 0.28)
    return (
        shade(lead, step * (0.6 if light else -1.0)),
        lead,
        shade(mix(lead, partner, 0.12), step * 0.6),
        shade(far, step * 0.5),
        shade(mix(lead, partner, 0.42), step * 0.2),
    )


def _ordered(inks: tuple[Rgb, ...], ground: Rgb) -> tuple[Rgb, ...]:
    """The brand's own inks first, the more readable of each pair leading."""
    own, plain = inks[:2], inks[2:]
    return tuple(
        dict.fromkeys(
            (
                *sorted(own, key=lambda colour: -contrast(colour, ground)),
                *sorted(plain, key=lambda colour: -contrast(colour, ground)),
            )
        )
    )
