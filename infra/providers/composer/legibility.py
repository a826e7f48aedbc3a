"""Ink chosen by measurement: what stands behind each text decides its colour, and whether it needs a scrim."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from infra.providers.composer.artwork import Sprite
from infra.providers.composer.brush import Sheet
from infra.providers.composer.colour import Pixels, Rgb, distance, luminance, luminances, mix, ratio
from infra.providers.composer.geometry import Rect
from infra.providers.composer.painter import paint_scrim
from infra.providers.composer.scene import Picture, Scene, Scrim, TextBlock
from infra.providers.composer.scheme import BLACK, READABLE, WHITE, Scheme, call_on, label_for
from infra.providers.composer.sprites import darken_behind, shadow_reach
from infra.providers.composer.vision import least_contrast

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
_JUMP: Final = 56
_JUMPS: Final = 0.012
"""Levels of a channel between two neighbouring pixels that make a hard edge, and the share that disturbs reading."""
_TOLD: Final = 3.0
"""The contrast with the mean ground that an ink keeps for those who are colour-blind (WCAG 2.2's least, for shapes)."""
_NEAR: Final = 0.3
"""The Oklab distance up to which a veil of the scheme's quiet colour looks like a calm part of the artwork."""
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
    shade = _shade(scene, free, proof, sprites)
    inks, scrims, seen = _inked(_groups(free), proof, scheme, shade)
    lit = _shaded(seen, shade)
    if any(worst_contrast(inks[block.role], _ends(_pixels(lit, block.box))) < READABLE for block in free):
        inks, scrims, seen = _inked([free], proof, scheme, shade)  # one veil spoilt what stands on the other
    proof = seen
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


def _shade(scene: Scene, free: list[TextBlock], proof: Sheet, sprites: Mapping[str, Sprite]) -> Pixels | None:
    """What the product's shadows leave of the light, of 255; None where they fall on no text.

    They are painted after the veils, so that a veil does not take them away.
    """
    product = scene.product
    if product is None or not any(block.box.overlaps(shadow_reach(product)) for block in free):
        return None
    light = Sheet(np.full_like(proof.pixels, 255), proof.scale)
    darken_behind(light, product, sprites[product.key])
    return light.pixels


def _shaded(sheet: Sheet, shade: Pixels | None) -> Sheet:
    if shade is None:
        return sheet
    return Sheet(np.asarray(cv2.multiply(sheet.pixels, shade, scale=1 / 255), np.uint8), sheet.scale)


def _inked(
    groups: list[list[TextBlock]], behind: Sheet, scheme: Scheme, shade: Pixels | None
) -> tuple[dict[str, Rgb], list[Scrim], Sheet]:
    """The ink of each role, the veils that these take, and the sheet `behind` with them."""
    proof = Sheet(behind.pixels.copy(), behind.scale)
    scrims: list[Scrim] = []
    inks: dict[str, Rgb] = {}
    for group in groups:
        ink, scrim = _ink_for(group, proof, scheme, shade)
        if scrim is not None:
            scrims.append(scrim)
            paint_scrim(proof, scrim)
        inks.update({block.role: ink for block in group})
    return inks, scrims, proof


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


def _ink_for(group: list[TextBlock], proof: Sheet, scheme: Scheme, shade: Pixels | None) -> tuple[Rgb, Scrim | None]:
    boxes = tuple(block.box for block in group)
    target = SMALL_TARGET if group[0].role == "legal" else TARGET
    best = _best(boxes, _shaded(proof, shade), scheme, target)
    if best[1] >= target and _unrest(boxes, proof) <= CALM:
        return best[0], None
    mean = _mean(proof, boxes[0])
    against = WHITE if luminance(best[0]) < 0.18 else BLACK  # noqa: PLR2004 - equal contrast with black and white
    for colour, strength in _veils(mean, against, scheme):
        scrim = Scrim(boxes=boxes, colour=colour, strength=strength)
        trial = Sheet(proof.pixels.copy(), proof.scale)
        paint_scrim(trial, scrim)
        ink, reached = _best(boxes, _shaded(trial, shade), scheme, target)
        if reached >= target and _unrest(boxes, trial) <= CALM:
            return ink, scrim
    return (WHITE if against == BLACK else BLACK), Scrim(boxes=boxes, colour=against, strength=_STRENGTHS[-1])


def _veils(mean: Rgb, against: Rgb, scheme: Scheme) -> Iterator[tuple[Rgb, float]]:
    """Veils to try: the quiet ground's own colour, where it is near what is there, then a paler or deeper one."""
    if distance(scheme.base, mean) <= _NEAR:
        yield from ((scheme.base, strength) for strength in _STRENGTHS[1:])
    veil = mix(mean, against, 0.72)
    yield from ((veil, strength) for strength in _STRENGTHS)


def _best(boxes: tuple[Rect, ...], proof: Sheet, scheme: Scheme, target: float) -> tuple[Rgb, float]:
    """The first ink of the scheme that reads in all `boxes`, else the one that reads best; and its worst contrast."""
    behind = [_ends(_pixels(proof, box)) for box in boxes]
    mean = _mean(proof, boxes[0])
    told = [ink for ink in scheme.inks if least_contrast(ink, mean) >= _TOLD] or scheme.inks
    rated = [(ink, min(worst_contrast(ink, ends) for ends in behind)) for ink in told]
    return next((pair for pair in rated if pair[1] >= target), max(rated, key=lambda pair: pair[1]))


def _unrest(boxes: tuple[Rect, ...], proof: Sheet) -> float:
    """The contrast of small detail behind the most troubled box.

    A gradient has none once its slow change is divided out; a flat panel has none as it is, though its edge is near.
    """
    windows = [proof.window(box.grown(4)) for box in boxes]
    if max(_jumps(proof.pixels[window]) for window in windows) > _JUMPS:
        return 2 * CALM
    plain = [_spread(luminances(np.ascontiguousarray(proof.pixels[window])) + 0.05) for window in windows]
    if max(plain) <= CALM:
        return max(plain)
    light = luminances(proof.pixels) + 0.05
    detail = light / _slow(light, _DETAIL * proof.scale)
    return max(min(_spread(detail[window]), whole) for window, whole in zip(windows, plain, strict=True))


def _jumps(pixels: Pixels) -> float:
    """The share of `pixels` (rows x columns x 3) at a hard edge between two colours: an accent behind letters."""
    level = pixels.astype(np.int16)
    across = np.abs(np.diff(level, axis=1)).max(axis=2, initial=0) > _JUMP
    down = np.abs(np.diff(level, axis=0)).max(axis=2, initial=0) > _JUMP
    return float(across.mean() + down.mean()) if across.size and down.size else 0.0


def _spread(values: Luminances) -> float:
    """The bright end of `values` over the dark one."""
    low, high = _between(values)
    return high / low


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
