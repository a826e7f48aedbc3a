"""Ink chosen by measurement: what stands behind each text decides its colour, and whether it needs a scrim."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from infra.providers.composer.artwork import Sprite
from infra.providers.composer.brush import Sheet
from infra.providers.composer.colour import Pixels, Rgb, luminance, luminances, mix, ratio
from infra.providers.composer.geometry import Rect
from infra.providers.composer.painter import paint_scrim
from infra.providers.composer.scene import Picture, Scene, Scrim, TextBlock
from infra.providers.composer.scheme import BLACK, READABLE, WHITE, Scheme, call_on, label_for

SMALL_TARGET: Final = READABLE * 1.4
"""The contrast aimed at for legal text, whose thin strokes lose some of theirs to anti-aliasing."""
Luminances = npt.NDArray[np.float32]
TARGET: Final = READABLE * 1.12
"""The contrast aimed at: above what is asked, because light, grain and compression move pixels afterwards."""
_STRENGTHS: Final = (0.45, 0.65, 0.82, 0.95)
CALM: Final = 1.5
"""The contrast of small detail behind a text from which it disturbs reading, whatever the ink (judged by eye)."""
_UNCOUNTED: Final = 0.04
"""The share of pixels at each end that may be less favourable: specks that no letter stands on as a whole."""
_DETAIL: Final = 34.0
"""Units (standard deviation) above which a change of tone is a gradient, not detail."""
_LOGO_SEEN: Final = 2.6
"""The contrast from which a part of a logo counts as seen (judged by eye)."""
_LOGO_SHARE: Final = 0.9
"""The share of a logo that must be seen for it to stand without a plate."""
_PLATE_GAIN: Final = 0.08
"""What a plate, or a plainer colour of plate, must add to the share that is seen to be worth its place."""
_PROOF: Final = 2
"""The pixels behind are measured on every second row and column of a proof."""


def with_inks(scene: Scene, behind: Sheet, scheme: Scheme, sprites: Mapping[str, Sprite]) -> Scene:
    """`scene` with its text, button and logo colours, readable before `behind`, and the scrims that this takes."""
    proof = Sheet(np.ascontiguousarray(behind.pixels[::_PROOF, ::_PROOF]), behind.scale / _PROOF)
    free = [block for block in scene.blocks if block.role != "call_to_action"]
    scrims: list[Scrim] = []
    inks: dict[str, Rgb] = {}
    for group in _groups(free):
        ink, scrim = _ink_for(group, proof, scheme)
        if scrim is not None:
            scrims.append(scrim)
            paint_scrim(proof, scrim)
        inks.update({block.role: ink for block in group})
    button = scene.button
    if button is not None:
        fill = call_on(_mean(proof, button.box.grown(12)), scheme)
        button = button.model_copy(update={"fill": fill})
        inks["call_to_action"] = label_for(fill, scheme)
    return scene.model_copy(
        update={
            "blocks": tuple(block.model_copy(update={"ink": inks[block.role]}) for block in scene.blocks),
            "scrims": tuple(scrims),
            "button": button,
            "logo": None if scene.logo is None else _with_plate(scene.logo, sprites[scene.logo.key], proof, scheme),
        }
    )


def worst_contrast(ink: Rgb, ends: tuple[float, float]) -> float:
    """The contrast of `ink` with the less favourable of two luminances, and none where it lies between them."""
    low, high = ends
    own = luminance(ink)
    return min(ratio(own, low), ratio(own, high)) if not low < own < high else 1.0


def _ends(pixels: Pixels) -> tuple[float, float]:
    """The luminances between which all but the darkest and the brightest 4 % of `pixels` lie."""
    return _between(luminances(pixels))


def _between(values: Luminances) -> tuple[float, float]:
    """The ends of `values` without the outermost 4 % on either side."""
    flat = values.ravel()
    cut = round(_UNCOUNTED * (flat.size - 1))
    ordered = np.partition(flat, (cut, flat.size - 1 - cut))
    return float(ordered[cut]), float(ordered[flat.size - 1 - cut])


def _groups(blocks: list[TextBlock]) -> list[list[TextBlock]]:
    """Blocks that share an ink: headline and line together, the legal text on its own."""
    copy = [block for block in blocks if block.role in {"headline", "line"}]
    return [group for group in (copy, [block for block in blocks if block.role == "legal"]) if group]


def _ink_for(group: list[TextBlock], proof: Sheet, scheme: Scheme) -> tuple[Rgb, Scrim | None]:
    boxes = tuple(block.box for block in group)
    target = SMALL_TARGET if group[0].role == "legal" else TARGET
    best = _best(boxes, proof, scheme, target)
    if best[1] >= target and _unrest(boxes, proof) <= CALM:
        return best[0], None
    mean = _mean(proof, boxes[0])
    against = WHITE if luminance(best[0]) < 0.18 else BLACK  # noqa: PLR2004 - equal contrast with black and white
    veil = mix(mean, against, 0.72)
    for strength in _STRENGTHS:
        scrim = Scrim(boxes=boxes, colour=veil, strength=strength)
        trial = Sheet(proof.pixels.copy(), proof.scale)
        paint_scrim(trial, scrim)
        ink, reached = _best(boxes, trial, scheme, target)
        if reached >= target and _unrest(boxes, trial) <= CALM:
            return ink, scrim
    return (WHITE if against == BLACK else BLACK), Scrim(boxes=boxes, colour=against, strength=_STRENGTHS[-1])


def _best(boxes: tuple[Rect, ...], proof: Sheet, scheme: Scheme, target: float) -> tuple[Rgb, float]:
    """The first ink of the scheme that reads in all `boxes`, else the one that reads best; and its worst contrast."""
    behind = [_ends(_pixels(proof, box)) for box in boxes]
    rated = [(ink, min(worst_contrast(ink, ends) for ends in behind)) for ink in scheme.inks]
    return next((pair for pair in rated if pair[1] >= target), max(rated, key=lambda pair: pair[1]))


def _unrest(boxes: tuple[Rect, ...], proof: Sheet) -> float:
    """The contrast of small detail behind the most troubled box."""
    light = luminances(proof.pixels) + 0.05
    detail = light / _slow(light, _DETAIL * proof.scale)
    spreads = [_between(detail[proof.window(box.grown(4))]) for box in boxes]
    return max(high / low for low, high in spreads)


def _slow(light: Luminances, sigma: float) -> Luminances:
    """The slow change in `light`: a Gaussian blur of `sigma` pixels, done at a quarter of the size."""
    size = light.shape[1::-1]
    small = cv2.resize(light, (-(-size[0] // 4), -(-size[1] // 4)), interpolation=cv2.INTER_AREA)
    return np.asarray(cv2.resize(cv2.GaussianBlur(small, (0, 0), sigma / 4), size), np.float32)


def _pixels(proof: Sheet, box: Rect) -> Pixels:
    rows, columns = proof.window(box.grown(4))
    pixels: Pixels = proof.pixels[rows, columns].reshape(-1, 3)
    return pixels


def _mean(proof: Sheet, box: Rect) -> Rgb:
    red, green, blue = (round(float(value)) for value in _pixels(proof, box).mean(axis=0))
    return red, green, blue


def _with_plate(logo: Picture, sprite: Sprite, proof: Sheet, scheme: Scheme) -> Picture:
    light = luminances(sprite.sample)
    ground = luminances(_pixels(proof, logo.box.grown(10)))
    bare = min(_seen(light, float(value)) for value in np.percentile(ground, (10, 50, 90)))
    shares = {colour: _seen(light, luminance(colour)) for colour in scheme.plates}
    if bare >= _LOGO_SHARE or bare + _PLATE_GAIN > max(shares.values()):
        return logo
    plate = next(colour for colour in scheme.plates if shares[colour] >= max(shares.values()) - _PLATE_GAIN)
    return logo.model_copy(update={"plate": plate})


def _seen(light: Luminances, ground: float) -> float:
    """The share of the logo's pixels that stand out from a ground of this luminance."""
    return float((_ratios(light, ground) >= _LOGO_SEEN).mean())


def _ratios(light: Luminances, ground: float) -> Luminances:
    return np.asarray((np.maximum(light, ground) + 0.05) / (np.minimum(light, ground) + 0.05), np.float32)
