"""The edits of an image that is not the composer's own, from its bytes to encoded bytes, for a thread."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from imaging.composer.codec import FINAL_QUALITY, decode_image, encode
from imaging.composer.compose import Material
from imaging.composer.edits.background import exchange_background
from imaging.composer.edits.framing import cut, frame_for
from imaging.composer.edits.holes import TEXT_ROLES, free_pixels, text_holes
from imaging.composer.edits.relight import relight
from imaging.composer.edits.retype import retype
from imaging.composer.edits.treatment import TreatmentName, treated
from imaging.composer.jobs import Drawn
from imaging.composer.paint.finish import finish
from imaging.pixels import Levels, RgbImage
from schemas.brands import Palette
from schemas.generations import EditTarget
from schemas.images import Region, Size

_RELIGHTS: Final = 0.5
"""The least strength at which image-to-image also corrects the light."""


@dataclass(frozen=True, slots=True)
class Framed:
    """An image at its new size, what of it is drawn again (`free` is 255), and the regions in it."""

    pixels: RgbImage
    free: Levels | None
    regions: tuple[Region, ...]


def enlarge(source: bytes, size: Size) -> Drawn:
    """The image at `size`."""
    return _final(_framed(source, None, (), size).pixels)


def finished(source: bytes, size: Size, strength: float | None, seed: int) -> Drawn:
    """The image at `size` with the light and grain of a final. A `strength` from 0.5 also corrects its light."""
    pixels = _framed(source, None, (), size).pixels
    relit = relight(pixels, strength) if strength is not None and strength >= _RELIGHTS else pixels
    return _final(finish(relit, relit, (), strength, seed))


def restyle(source: bytes, size: Size, name: TreatmentName, palette: Palette) -> Drawn:
    """The image at `size` in the brand's colours."""
    return _final(treated(_framed(source, None, (), size).pixels, name, palette))


def light(source: bytes, size: Size, strength: float | None) -> Drawn:
    """The image at `size` with its light corrected."""
    return _final(relight(_framed(source, None, (), size).pixels, strength))


def edit(
    source: bytes,
    mask: bytes | None,
    regions: Sequence[Region],
    target: EditTarget,
    material: Material,
    size: Size,
    seed: int,
) -> Drawn:
    """The image at `size` with its copy or its background exchanged. Raises InvalidRequest."""
    framed = _framed(source, mask, regions, size)
    if target == "copy":
        pixels, regions = retype(framed.pixels, framed.free, framed.regions, material)
    else:
        free = np.zeros(framed.pixels.shape[:2], np.uint8) if framed.free is None else framed.free
        pixels, regions = _on_new_ground(framed, free, material, seed)
    return _final(pixels, regions)


def _on_new_ground(framed: Framed, free: Levels, material: Material, seed: int) -> tuple[RgbImage, tuple[Region, ...]]:
    """The image with another background. Its copy, if any, is set again: cut-out letters would keep old fringes."""
    worded = [region for region in framed.regions if region.role in TEXT_ROLES]
    behind = np.maximum(free, text_holes(worded, framed.pixels.shape[1::-1]))
    rest = [region for region in framed.regions if region.role not in TEXT_ROLES]
    ground = exchange_background(framed.pixels, behind, rest, material.brand, seed)
    if not worded:
        return ground, framed.regions
    return retype(ground, None, framed.regions, material, clean=True)


def _final(pixels: RgbImage, regions: tuple[Region, ...] = ()) -> Drawn:
    """An image without a scene of its own, encoded."""
    return Drawn(encode(pixels, FINAL_QUALITY), None, regions)


def _framed(source: bytes, mask: bytes | None, regions: Sequence[Region], size: Size) -> Framed:
    image = decode_image(source, "the reference")
    frame = frame_for(image, size, regions)
    free = None
    if mask is not None:
        soft = cut(free_pixels(mask, image), frame, size)
        free = np.where(soft >= 128, 255, 0).astype(np.uint8)  # noqa: PLR2004 - half transparent
    moved = (frame.moved(region) for region in regions)
    return Framed(cut(image, frame, size), free, tuple(region for region in moved if region is not None))
