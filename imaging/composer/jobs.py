"""The work of one image, from decoded material to encoded bytes. Runs in a worker thread, and tells its CPU time."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Final

import cv2

from imaging.colour import Pixels
from imaging.composer.compose import Material, compose, paint
from imaging.composer.paint.artwork import decode_image
from imaging.composer.paint.finish import finish
from imaging.composer.scene.axes import Axes
from schemas.errors import BadOutput
from schemas.images import Region, Size

DRAFT_QUALITY: Final = 88
FINAL_QUALITY: Final = 92
_FULL_COLOUR: Final = 0x111111
"""As many samples of colour as of light (4:4:4), in the notation of libjpeg."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """A finished image: JPEG bytes, the axes that it was drawn from, where things stand, and CPU seconds spent."""

    data: bytes
    axes: Axes | None
    regions: tuple[Region, ...]
    cpu_seconds: float


def draw_draft(axes: Axes, material: Material, size: Size) -> Drawn:
    """A draft at `size`."""
    began = time.thread_time()
    composed = compose(axes, material, size)
    data = encode(paint(composed, material, size).pixels, DRAFT_QUALITY)
    return Drawn(data, composed.scene.axes, composed.scene.regions(), time.thread_time() - began)


def draw_final(axes: Axes, material: Material, size: Size, draft: bytes | None, strength: float | None) -> Drawn:
    """A final at `size`, lit after the JPEG, PNG or WebP image `draft`."""
    began = time.thread_time()
    guide = None if draft is None else decode_image(draft, "the draft")
    composed = compose(axes, material, size)
    image = paint(composed, material, size).pixels
    quiet = [region.box for region in composed.scene.regions() if region.role != "product"]
    lit = finish(image, guide, quiet, strength, axes.detail)
    data = encode(lit, FINAL_QUALITY)
    return Drawn(data, composed.scene.axes, composed.scene.regions(), time.thread_time() - began)


def encode(image: Pixels, quality: int) -> bytes:
    """`image` as a JPEG with full colour resolution, so that coloured text stays crisp."""
    options = [cv2.IMWRITE_JPEG_QUALITY, quality, cv2.IMWRITE_JPEG_SAMPLING_FACTOR, _FULL_COLOUR]
    done, data = cv2.imencode(".jpg", cv2.cvtColor(image, cv2.COLOR_RGB2BGR), options)
    if not done:
        raise BadOutput(f"an image of {image.shape[1]}x{image.shape[0]} pixels could not be encoded")
    return data.tobytes()
