"""Colour schemes: the role of each of the brand's colours in one scene."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from imaging.colour import RgbColour, contrast, lightness, oklab_distance, rgb, shade
from imaging.composer.colour.harmony import at_lightness, blend, glow, lch
from imaging.composer.colour.vision import least_distance
from schemas.brands import Palette
from schemas.scenes import MoodName, SchemeName

READABLE: Final = 4.5
"""The contrast ratio that WCAG 2.2 requires of text (success criterion 1.4.3)."""
_BUTTON_CONTRAST: Final = 2.4
"""The least contrast with its ground at which a button is clearly visible (judged by eye)."""
_MARK_SEEN: Final = 1.9
"""The least contrast at which an ornament looks like part of the design (judged by eye)."""
_DISTINCT: Final = 0.16
"""The least Oklab distance of a button from its ground, also for colour-blind people (judged by eye)."""
_APART: Final = 0.13
"""The Oklab distance below which a frame is not visible beside what it frames."""
_COMFORT: Final = READABLE * 1.42
"""The contrast that a flat ground gets with its ink: enough for the thin strokes of legal text."""
_ON_ART: Final = READABLE * 1.16
"""The same for each tone of the artwork, on which there are only headlines and lines."""
_STEP: Final = 0.01
_FARTHEST: Final = 0.14
"""The steps in which the lightness of a brand's colour moves for its ink, and how far at most."""
_MOOD: Final = {"dark": 0.3, "light": 0.93}
"""The Oklab lightness of the ground in each mood."""
_LEFT: Final = {"dark": 0.8, "light": 0.5}
"""The factor of the chroma in each mood."""
WHITE: Final[RgbColour] = (255, 255, 255)
BLACK: Final[RgbColour] = (17, 17, 17)


@dataclass(frozen=True, slots=True)
class Scheme:
    """Colours by role.

    `base` is the flat ground. `tones` are the five colours of the artwork, the deepest first, near enough to one
    another for one ink. `spark` is for its rare contrasts, `glow` a light that blends into the tones. `outer` frames
    the artwork, `counter` is a band across it. `inks` are text colours and `calls` button colours, the preferred ones
    first; `plates` are for the ground of a logo.
    """

    base: RgbColour
    tones: tuple[RgbColour, ...]
    spark: RgbColour
    glow: RgbColour
    outer: RgbColour
    counter: RgbColour
    inks: tuple[RgbColour, ...]
    calls: tuple[RgbColour, ...]
    plates: tuple[RgbColour, ...]


@lru_cache(maxsize=256)
def scheme_of(name: SchemeName, palette: Palette, mood: MoodName = "own") -> Scheme:
    """The scheme `name` of `palette`, its ground moved to `mood`, and to a lightness on which an ink can be read."""
    primary, secondary, accent = rgb(palette.primary), rgb(palette.secondary), rgb(palette.accent)
    paper, ink = rgb(palette.paper), rgb(palette.ink)
    lead = {"primary": primary, "secondary": secondary, "accent": accent, "ink": ink, "paper": paper}[name]
    partner = {"primary": secondary, "secondary": primary, "accent": paper, "ink": primary, "paper": secondary}[name]
    # The primary or secondary is tried first as ink; measurement excludes it on a ground of nearly its own colour.
    spark = {"primary": accent, "secondary": accent, "accent": paper, "ink": accent, "paper": primary}[name]
    plates = (paper, ink, WHITE, BLACK)
    page = ink if mood == "dark" else paper  # paper in the dark would be brown
    lead = page if name == "paper" else lead
    lead = carrying(in_mood(lead, mood), plates, _COMFORT)
    chosen = _reader(lead, plates)
    tones = tuple(carrying(tone, (chosen,), _ON_ART, 1.0) for tone in _tones(lead, in_mood(partner, mood)))
    inks = (
        *(colour for colour in (primary, secondary) if contrast(colour, paper) >= READABLE),
        *_ordered(plates, lead),
    )
    return Scheme(
        base=lead,
        tones=tones,
        spark=spark,
        glow=glow(lead, spark),
        outer=_frame(lead, in_mood(page, mood), carrying(in_mood(partner, mood), plates, _COMFORT)),
        counter=max((paper, ink), key=lambda colour: contrast(colour, lead)),
        inks=inks,
        calls=tuple(dict.fromkeys((accent, primary, secondary, ink, paper))),
        plates=plates,
    )


def in_mood(colour: RgbColour, mood: MoodName) -> RgbColour:
    """`colour` at the lightness of `mood`, its hue kept; unchanged if it has that mood already."""
    if mood == "own":
        return colour
    wanted, own = _MOOD[mood], lch(colour)
    if (own.lightness <= wanted) if mood == "dark" else (own.lightness >= wanted):
        return colour
    return at_lightness(colour, wanted, _LEFT[mood])


def carrying(ground: RgbColour, inks: tuple[RgbColour, ...], target: float, farthest: float = _FARTHEST) -> RgbColour:
    """`ground` moved in lightness as little as possible until one of `inks` has the contrast `target` with it.

    If none reaches it within `farthest` of the colour's own lightness, the ground is unchanged.
    """
    own = lightness(ground)
    for step in range(round(farthest / _STEP) + 1):
        for moved in (own - step * _STEP, own + step * _STEP) if step else (own,):
            tried = at_lightness(ground, moved) if step else ground
            if 0 <= moved <= 1 and max(contrast(colour, tried) for colour in inks) >= target:
                return tried
    return ground


def _frame(lead: RgbColour, page: RgbColour, partner: RgbColour) -> RgbColour:
    """The ground around artwork of the colour `lead`: the page, or `partner` if the page is too similar."""
    if oklab_distance(page, lead) >= _APART:
        return page
    return max((page, partner), key=lambda colour: oklab_distance(colour, lead))


def _reader(ground: RgbColour, inks: tuple[RgbColour, ...]) -> RgbColour:
    """The first of `inks` that is easy to read on `ground`, else the one with the most contrast."""
    best = max(inks, key=lambda colour: contrast(colour, ground))
    return next((colour for colour in inks if contrast(colour, ground) >= _COMFORT), best)


def label_for(button: RgbColour, scheme: Scheme) -> RgbColour:
    """The label colour on `button`: the brand's paper or ink if it can be read, else white or black."""
    for colour in scheme.plates:
        if contrast(colour, button) >= READABLE:
            return colour
    return max(scheme.plates, key=lambda colour: contrast(colour, button))


def call_on(ground: RgbColour, scheme: Scheme) -> RgbColour:
    """The button colour on `ground`: the first of the scheme that is clearly visible and has a readable label."""
    fit = [colour for colour in scheme.calls if contrast(label_for(colour, scheme), colour) >= READABLE]
    for colour in fit:
        apart = least_distance(colour, ground) >= _DISTINCT
        if apart and contrast(colour, ground) >= _BUTTON_CONTRAST:
            return colour
    return max((*fit, *scheme.plates), key=lambda colour: contrast(colour, ground))


@lru_cache(maxsize=512)
def mark_on(scheme: Scheme) -> RgbColour:
    """The colour of an ornament on the scheme's artwork: the first that is visible on every tone."""
    colours = (scheme.spark, *scheme.calls, *scheme.plates)
    return next((colour for colour in colours if _seen_on(colour, scheme.tones) >= _MARK_SEEN), scheme.plates[1])


@lru_cache(maxsize=512)
def rule_on(ground: RgbColour, scheme: Scheme) -> RgbColour:
    """The colour of a thin rule: the first of the buttons' colours that is visible on `ground`."""
    return next((colour for colour in scheme.calls if contrast(colour, ground) >= _MARK_SEEN), scheme.plates[1])


def _seen_on(colour: RgbColour, tones: tuple[RgbColour, ...]) -> float:
    return min(contrast(colour, tone) for tone in tones)


@lru_cache(maxsize=512)
def disc_on(ground: RgbColour, product: RgbColour, scheme: Scheme) -> RgbColour:
    """The colour of a disc between `ground` and `product`: the one of the scheme farthest from both."""
    return max(
        (scheme.spark, *scheme.calls[:3], scheme.plates[0]),
        key=lambda colour: min(oklab_distance(colour, ground), oklab_distance(colour, product)),
    )


def _tones(lead: RgbColour, partner: RgbColour) -> tuple[RgbColour, ...]:
    """Five tones near `lead`, the last ones nearer to `partner`, close enough for one ink on all."""
    light = lightness(lead) > 0.7  # noqa: PLR2004 - the lightness above which dark ink is easier to read
    step = -0.055 if light else 0.07
    if light:  # a deep partner would turn pale yellows and greens into olive
        partner = at_lightness(partner, max(lightness(partner), lightness(lead) - 0.07))
    far = blend(lead, partner, 0.28)
    return (
        shade(lead, step * (0.6 if light else -1.0)),
        lead,
        shade(blend(lead, partner, 0.12), step * 0.6),
        shade(far, step * 0.5),
        shade(blend(lead, partner, 0.42), step * 0.2),
    )


def _ordered(inks: tuple[RgbColour, ...], ground: RgbColour) -> tuple[RgbColour, ...]:
    """The brand's own inks first, the more readable of each pair before the other."""
    own, plain = inks[:2], inks[2:]
    return tuple(
        dict.fromkeys(
            (
                *sorted(own, key=lambda colour: -contrast(colour, ground)),
                *sorted(plain, key=lambda colour: -contrast(colour, ground)),
            )
        )
    )
