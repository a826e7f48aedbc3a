"""Chooses inks by measurement: what is behind each text decides its colour, and whether it needs a scrim."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Final

import cv2
import numpy as np

from imaging.colour import RgbColour, contrast_ratio, luminance, luminances, mix, oklab_distance
from imaging.composer.colour.behind import MOST_CLUTTER, Behind, Luminances, Patch, look_behind
from imaging.composer.colour.scheme import BLACK, READABLE, WHITE, Scheme, call_on, label_for
from imaging.composer.colour.vision import least_contrast
from imaging.composer.paint.artwork import Sprite
from imaging.composer.paint.brush import Sheet, sheet
from imaging.composer.paint.sprites import darken_behind, shadow_reach
from imaging.composer.scene.geometry import Rect
from imaging.composer.scene.scene import PlacedImage, Scene, Scrim
from imaging.pixels import Levels, RgbImage
from schemas.images import Role

SMALL_TARGET: Final = READABLE * 1.4
"""The wanted contrast of legal text, whose thin strokes lose contrast by anti-aliasing."""
TARGET: Final = READABLE * 1.12
"""The wanted contrast: above the least, because light, grain and compression change pixels later."""
_STRENGTHS: Final = (0.45, 0.65, 0.82, 0.95)
_COLOUR_BLIND: Final = 3.0
"""The least contrast of an ink with the mean ground for colour-blind people (WCAG 2.2's, for shapes)."""
_NEAR: Final = 0.3
"""The Oklab distance up to which a veil in the scheme's base colour looks like a calm part of the artwork."""
_LOGO_SEEN: Final = 2.6
"""The least contrast at which a part of a logo counts as visible (judged by eye)."""
_LOGO_SHARE: Final = 0.9
"""The share of a logo that must be visible without a plate."""
_PLATE_GAIN: Final = 0.08
"""What a plate, or a less preferred colour of it, must add to the visible share to be used."""
_PROOF: Final = 2
"""The pixels behind are measured on every second row and column of a proof."""
_SHADE: Final = 4
"""Pixels of a proof along each side of a pixel of the sheet on which soft shadows are measured."""
_BUTTON_GROUND: Final = 12.0
_LOGO_GROUND: Final = 10.0
"""Units around a button and a logo that count as their ground."""
_GROUPS: Final[tuple[tuple[Role, ...], ...]] = (("headline", "line"), ("legal",))
"""Texts that share an ink: headline and line together, the legal text on its own."""


def with_inks(scene: Scene, behind: Sheet, scheme: Scheme, sprites: Mapping[str, Sprite]) -> Scene:
    """`scene` with its text, button and logo colours, readable on `behind`, and the scrims that this needs."""
    boxes: dict[Role, Rect] = {block.role: block.box for block in scene.blocks if block.role != "call_to_action"}
    bare = look_behind(behind, boxes | _grounds(scene), _shade(scene, boxes, behind, sprites), _PROOF)
    groups = [tuple(role for role in group if role in boxes) for group in _GROUPS if boxes.keys() & group]
    inks, scrims, seen = _inked(groups, boxes, bare, scheme)
    if any(worst_contrast(inks[role], seen.patch(role).lit.ends) < READABLE for role in boxes):
        inks, scrims, seen = _inked([tuple(boxes)], boxes, bare, scheme)  # one veil lowered another's contrast
    button, logo = scene.button, scene.logo
    if button is not None:
        fill = call_on(seen.patch("call_to_action").mean, scheme)
        button = button.model_copy(update={"fill": fill})
        inks["call_to_action"] = label_for(fill, scheme)
    return scene.model_copy(
        update={
            "blocks": tuple(block.model_copy(update={"ink": inks[block.role]}) for block in scene.blocks),
            "scrims": tuple(scrims),
            "button": button,
            "logo": None if logo is None else _with_plate(logo, sprites[logo.key], seen.patch("logo"), scheme),
        }
    )


def _grounds(scene: Scene) -> dict[Role, Rect]:
    """The areas behind button and logo."""
    grounds: dict[Role, Rect] = {}
    if scene.button is not None:
        grounds["call_to_action"] = scene.button.box.grown(_BUTTON_GROUND)
    if scene.logo is not None:
        grounds["logo"] = scene.logo.box.grown(_LOGO_GROUND)
    return grounds


def _shade(scene: Scene, boxes: Mapping[Role, Rect], behind: Sheet, sprites: Mapping[str, Sprite]) -> Levels | None:
    """The light that remains in the product's shadows, of 255; None if they fall on no text.

    Shadows are painted after the veils, so a veil does not lighten them.
    """
    product = scene.product
    if product is None:
        return None
    reach = shadow_reach(product)
    if not any(box.overlaps(reach) for box in boxes.values()):
        return None
    high, wide = (-(-side // _SHADE) for side in behind.pixels.shape[:2])
    light = sheet(wide, high, WHITE)
    darken_behind(light, product, sprites[product.key])
    return np.asarray(cv2.extractChannel(light.pixels, 0), np.uint8)


def _inked(
    groups: list[tuple[Role, ...]], boxes: Mapping[Role, Rect], behind: Behind, scheme: Scheme
) -> tuple[dict[Role, RgbColour], list[Scrim], Behind]:
    """The ink of each role, the veils that the inks need, and what is `behind` with the veils."""
    scrims: list[Scrim] = []
    inks: dict[Role, RgbColour] = {}
    for group in groups:
        ink, scrim = _ink_for(group, boxes, behind, scheme)
        if scrim is not None:
            scrims.append(scrim)
            behind = behind.veiled(scrim)
        inks.update(dict.fromkeys(group, ink))
    return inks, scrims, behind


def worst_contrast(ink: RgbColour, ends: tuple[float, float]) -> float:
    """The contrast of `ink` with the less favourable of two luminances; 1 if the ink is between them."""
    low, high = ends
    own = luminance(ink)
    return min(contrast_ratio(own, low), contrast_ratio(own, high)) if not low < own < high else 1.0


def _ink_for(
    group: tuple[Role, ...], boxes: Mapping[Role, Rect], behind: Behind, scheme: Scheme
) -> tuple[RgbColour, Scrim | None]:
    target = SMALL_TARGET if group[0] == "legal" else TARGET
    best = _best(group, behind, scheme, target)
    if best[1] >= target and behind.clutter(group) <= MOST_CLUTTER:
        return best[0], None
    mean = behind.patch(group[0]).mean
    against = WHITE if luminance(best[0]) < 0.18 else BLACK  # noqa: PLR2004 - equal contrast with black and white
    covered = tuple(boxes[role] for role in group)
    for colour, strength in _veils(mean, against, scheme):
        scrim = Scrim(boxes=covered, colour=colour, strength=strength)
        trial = behind.veiled(scrim)
        ink, reached = _best(group, trial, scheme, target)
        if reached >= target and trial.clutter(group) <= MOST_CLUTTER:
            return ink, scrim
    return (WHITE if against == BLACK else BLACK), Scrim(boxes=covered, colour=against, strength=_STRENGTHS[-1])


def _veils(mean: RgbColour, against: RgbColour, scheme: Scheme) -> Iterator[tuple[RgbColour, float]]:
    """Veils to try: the scheme's base colour, if it is near the mean, then a paler or a deeper colour."""
    if oklab_distance(scheme.base, mean) <= _NEAR:
        yield from ((scheme.base, strength) for strength in _STRENGTHS[1:])
    veil = mix(mean, against, 0.72)
    yield from ((veil, strength) for strength in _STRENGTHS)


def _best(group: tuple[Role, ...], behind: Behind, scheme: Scheme, target: float) -> tuple[RgbColour, float]:
    """The first ink of the scheme that can be read in the whole `group`, else the best; and its worst contrast."""
    lit = [behind.patch(role).lit for role in group]
    distinct = [ink for ink in scheme.inks if least_contrast(ink, lit[0].mean) >= _COLOUR_BLIND] or scheme.inks
    rated = []
    for ink in distinct:
        reached = min(worst_contrast(ink, patch.ends) for patch in lit)
        if reached >= target:
            return ink, reached
        rated.append((ink, reached))
    return max(rated, key=lambda pair: pair[1])


def _with_plate(logo: PlacedImage, sprite: Sprite, ground: Patch, scheme: Scheme) -> PlacedImage:
    light = _lights(sprite)
    bare = min(_seen(light, value) for value in _deciles(ground.light))
    shares = {colour: _seen(light, luminance(colour)) for colour in scheme.plates}
    most = max(shares.values())
    if bare >= _LOGO_SHARE or bare + _PLATE_GAIN > most:
        return logo
    return logo.model_copy(
        update={"plate": next(colour for colour in scheme.plates if shares[colour] >= most - _PLATE_GAIN)}
    )


@lru_cache(maxsize=32)
def _lights(sprite: Sprite) -> tuple[float, ...]:
    """The luminances of a logo's opaque pixels, in order."""
    return tuple(np.sort(luminances(RgbImage(sprite.sample)).ravel()).tolist())


def _deciles(light: Luminances) -> tuple[float, float, float]:
    """The first, the fifth and the ninth decile."""
    flat = light.ravel()
    ranks = [round(share * (flat.size - 1)) for share in (0.1, 0.5, 0.9)]
    low, middle, high = np.partition(flat, ranks)[ranks].tolist()
    return low, middle, high


def _seen(light: tuple[float, ...], ground: float) -> float:
    """The share of a logo's luminances (in order) that are visible on a ground of this luminance."""
    darker = bisect_right(light, (ground + 0.05) / _LOGO_SEEN - 0.05)
    brighter = len(light) - bisect_left(light, (ground + 0.05) * _LOGO_SEEN - 0.05)
    return (darker + brighter) / max(len(light), 1)
