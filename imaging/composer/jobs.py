"""Drafts and finals of a scene, from decoded material to encoded bytes. The caller runs them in a thread."""

from __future__ import annotations

from dataclasses import dataclass

from imaging.composer.codec import DRAFT_QUALITY, FINAL_QUALITY, decode_image, encode
from imaging.composer.compose import Material, compose, paint
from imaging.composer.paint.finish import finish
from imaging.composer.scene.axes import Axes
from schemas.images import Region, Size


@dataclass(frozen=True, slots=True)
class Drawn:
    """A finished image: JPEG bytes, the axes of its scene (if it has one), and where texts, logo and product are."""

    data: bytes
    axes: Axes | None
    regions: tuple[Region, ...]


def draw_draft(axes: Axes, material: Material, size: Size) -> Drawn:
    """A draft at `size`."""
    composed = compose(axes, material, size)
    data = encode(paint(composed, material, size).pixels, DRAFT_QUALITY)
    return Drawn(data, composed.scene.axes, composed.scene.regions())


def draw_final(axes: Axes, material: Material, size: Size, draft: bytes | None, strength: float | None) -> Drawn:
    """A final at `size`, with the light of the image file `draft`; `strength` (0 to 1) is that of light and grain."""
    guide = None if draft is None else decode_image(draft, "the draft")
    composed = compose(axes, material, size)
    image = paint(composed, material, size).pixels
    quiet = [region.box for region in composed.scene.regions() if region.role != "product"]
    lit = finish(image, guide, quiet, strength, axes.detail)
    data = encode(lit, FINAL_QUALITY)
    return Drawn(data, composed.scene.axes, composed.scene.regions())
