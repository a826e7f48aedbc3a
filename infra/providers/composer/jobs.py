"""The work of one picture, from decoded material to encoded bytes. Runs in a worker thread, and tells its CPU time."""

from __future__ import annotations

import io
import time
from dataclasses import dataclass
from typing import Final

from PIL import Image

from infra.providers.composer.artwork import decode_picture
from infra.providers.composer.axes import Axes
from infra.providers.composer.colour import Pixels
from infra.providers.composer.compose import Material, compose, paint
from infra.providers.composer.finish import finish
from schemas.images import Region, Size

DRAFT_QUALITY: Final = 88
FINAL_QUALITY: Final = 92


@dataclass(frozen=True, slots=True)
class Drawn:
    """A finished picture: JPEG bytes, the axes that it was drawn from, where things stand, and CPU seconds spent."""

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
    """A final at `size`, lit after the JPEG, PNG or WebP picture `draft`."""
    began = time.thread_time()
    guide = None if draft is None else decode_picture(draft, "the draft")
    composed = compose(axes, material, size)
    picture = paint(composed, material, size).pixels
    quiet = [region.box for region in composed.scene.regions() if region.role != "product"]
    lit = finish(picture, guide, quiet, strength, axes.detail)
    data = encode(lit, FINAL_QUALITY)
    return Drawn(data, composed.scene.axes, composed.scene.regions(), time.thread_time() - began)


def encode(picture: Pixels, quality: int) -> bytes:
    """`picture` as a JPEG with full colour resolution, so that coloured text stays crisp."""
    stream = io.BytesIO()
    Image.fromarray(picture).save(stream, "JPEG", quality=quality, subsampling=0)
    return stream.getvalue()
