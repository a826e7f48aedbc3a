"""Sets new copy on any image: old lettering is removed, and Brushfire's own type drawn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from imaging.composer.colour.legibility import with_inks
from imaging.composer.colour.scheme import scheme_of
from imaging.composer.compose import PROOF_LONG_SIDE, Material, key_of
from imaging.composer.edits.copy_space import CopySpace
from imaging.composer.edits.detail import DetailMap
from imaging.composer.edits.erase import erase
from imaging.composer.edits.focus import focus_of
from imaging.composer.edits.holes import TEXT_ROLES, bounding_box, boxes_mask, text_holes
from imaging.composer.edits.placing import Placed, place
from imaging.composer.edits.veils import Design, design_of, lay_veils, veiled_change
from imaging.composer.paint.brush import Sheet
from imaging.composer.paint.painter import paint_front
from imaging.composer.scene.axes import Axes
from imaging.composer.scene.geometry import WIDTH, Rect, canvas, clear_space, on_image, safe
from imaging.composer.scene.scene import Button, PlacedImage, Scene
from imaging.composer.type.typography import copytext, lengths
from imaging.pixels import Levels, RgbImage, resized
from schemas.errors import InvalidRequest
from schemas.images import Box, Region
from schemas.scenes import SchemeName

_WEIGHT = 700
"""Of the headline, 1 to 1000."""
_DARK = 0.42
"""Mean brightness (share of white) below which dark colours are tried first behind the copy."""
_OFF_BARS = 16.0
"""Units between copy and a bar along the image's edge."""


@dataclass(frozen=True, slots=True)
class _Old:
    """The boxes of the old text, in fractions of the image: headline, line and button, and the small print."""

    places: list[Box]
    legal: Box | None


def retype(
    image: RgbImage, free: Levels | None, regions: Sequence[Region], material: Material, *, clean: bool = False
) -> tuple[RgbImage, tuple[Region, ...]]:
    """`image` with the copy of `material` instead of what is in `free` and in the text boxes of `regions`.

    The brand's logo is added if `regions` name none.

    Args:
        image: the image at its final size.
        free: 255 where text may be removed, in the image's size; or None.
        regions: what is known to be in the image.
        material: the copy, the brand and its decoded images.
        clean: the old text is removed already.

    Returns:
        The new image, and its regions.

    Raises:
        InvalidRequest: the copy does not fit on this image.
    """
    size = image.shape[1], image.shape[0]
    others = [region for region in regions if region.role not in TEXT_ROLES]
    ground = image if clean else _cleared(image, free, regions, boxes_mask(others, size))
    design = design_of(ground, (region.box for region in others if region.role == "logo"))
    legal = next((region.box for region in regions if region.role == "legal"), None)
    scene = _scene(ground, _Old(_places(regions, free), legal), others, design, material)
    return _painted(ground, scene, design, material), (*scene.regions(), *others)


def _cleared(image: RgbImage, free: Levels | None, regions: Sequence[Region], kept: Levels) -> RgbImage:
    """`image` without its lettering."""
    holes = text_holes(regions, image.shape[1::-1])
    if free is not None:
        holes = np.maximum(holes, free)
    return erase(image, np.where(kept > 0, 0, holes).astype(np.uint8), kept) if holes.any() else image


def _places(regions: Sequence[Region], free: Levels | None) -> list[Box]:
    """The boxes of the old headline, line and button; without any, the bounds of what is free."""
    found = [region.box for region in regions if region.role in TEXT_ROLES - {"legal"}]
    if found or free is None or not free.any():
        return found
    return [bounding_box(free)]


def _scene(image: RgbImage, old: _Old, others: Sequence[Region], design: Design, material: Material) -> Scene:
    height = WIDTH * image.shape[0] / image.shape[1]
    logo = key_of(material.brand.logo.image)
    has_logo = any(region.role == "logo" for region in others)
    rtl = material.wording.direction == "rtl"
    ground = CopySpace(
        detail=DetailMap(image, height),
        height=height,
        safe=_free_of_bars(safe(material.safe_area, height), design.inside, height),
        spared=tuple(clear_space(on_image(box, height)) for box in design.logos),
        missed=tuple(on_image(region.box, height) for region in others if region.role == "product"),
        places=tuple(on_image(box, height) for box in old.places),
        legal=None if old.legal is None else on_image(old.legal, height),
        rtl=rtl,
        faces=tuple(on_image(found.face, height) for found in focus_of(image).faces),
    )
    aspect = None if has_logo else material.sprites[logo].aspect
    tries = (place(copytext(material.brand, copy, _WEIGHT), ground, aspect) for copy in lengths(material.wording))
    placed = next((placed for placed in tries if placed is not None), None)
    if placed is None:
        raise InvalidRequest("the copy does not fit on this image at the smallest readable sizes; shorten it")
    return _inked(_bare_scene(placed, logo, height, material), image, material)


def _bare_scene(placed: Placed, logo: str, height: float, material: Material) -> Scene:
    """The scene before its colours are chosen. Nothing is painted of its axes: the image is the ground."""
    return Scene(
        axes=Axes(layout="full_bleed", ground="mesh", scheme="ink", height=height),
        height=height,
        language=material.wording.language,
        rtl=material.wording.direction == "rtl",
        outside=(0, 0, 0),
        window=canvas(height),
        corner="square",
        disc=None,
        disc_fill=(0, 0, 0),
        rule=None,
        rule_fill=(0, 0, 0),
        product=None,
        logo=None if placed.logo is None else PlacedImage(key=logo, box=placed.logo),
        blocks=placed.blocks,
        button=None if placed.button is None else Button(box=placed.button, shape="rounded"),
    )


def _inked(scene: Scene, image: RgbImage, material: Material) -> Scene:
    """`scene` with colours and scrims that can be read on `image`; of two schemes, the one that hides less of it."""
    scale = min(1.0, PROOF_LONG_SIDE / max(image.shape[:2]))
    size = round(image.shape[1] * scale), round(image.shape[0] * scale)
    proof = Sheet(resized(image, size), size[0] / WIDTH)
    names: tuple[SchemeName, SchemeName] = ("ink", "paper")
    if float(proof.pixels.mean()) / 255 >= _DARK:
        names = ("paper", "ink")
    tries = [with_inks(scene, proof, scheme_of(name, material.brand.palette), material.sprites) for name in names]
    return min(tries, key=lambda tried: veiled_change(proof, tried))


def _painted(image: RgbImage, scene: Scene, design: Design, material: Material) -> RgbImage:
    """`scene` drawn over `image`. Pixels that nothing covers do not change at all."""
    page = Sheet(image.copy(), image.shape[1] / WIDTH)
    lay_veils(page, scene, design.bare)
    paint_front(page, scene.model_copy(update={"scrims": ()}), material.sprites)
    return page.pixels


def _free_of_bars(free: Rect, inside: Box, height: float) -> Rect:
    """The part of `free` that keeps its distance from the bars around `inside`."""
    part = on_image(inside, height)
    edges = {
        "left": part.left + _OFF_BARS if inside.left > 0 else free.left,
        "top": part.top + _OFF_BARS if inside.top > 0 else free.top,
        "right": part.right - _OFF_BARS if inside.right < 1 else free.right,
        "bottom": part.bottom - _OFF_BARS if inside.bottom < 1 else free.bottom,
    }
    return free.within(free.model_copy(update=edges))
