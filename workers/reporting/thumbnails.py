"""Small images for the report: JPEG thumbnails as data URIs."""

from __future__ import annotations

import base64
import io
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from markupsafe import Markup
from PIL import Image, UnidentifiedImageError

QUALITY: Final = 80

_FINAL_SIDES: Final = ((16, 1080), (48, 800), (120, 560))
_DRAFT_SIDES: Final = ((120, 320), (400, 220))
_SMALLEST: Final = 360, 160
"""Up to how many images get which longer side (pixels). At quality 80 an ad of 800 px takes about 70 kB and
one of 320 px about 15 kB, so that 40 finals and 100 drafts stay below 6 MB with base64's third on top."""


@dataclass(frozen=True, slots=True)
class Thumbnail:
    """An image for a page: its data URI and its size in pixels."""

    uri: Markup
    width: int
    height: int


def final_side(images: int) -> int:
    """The longer side (pixels) of each of `images` finals."""
    return next((side for limit, side in _FINAL_SIDES if images <= limit), _SMALLEST[0])


def draft_side(images: int) -> int:
    """The longer side (pixels) of each of `images` drafts."""
    return next((side for limit, side in _DRAFT_SIDES if images <= limit), _SMALLEST[1])


def open_image(data: bytes, long_side: int) -> Image.Image | None:
    """`data` as RGB with at most `long_side` pixels; None where it is not an image.

    JPEG is decoded at a fraction of its size where that is enough, which saves most of the time.
    """
    try:
        with Image.open(io.BytesIO(data)) as image:
            image.draft("RGB", (long_side, long_side))
            image.thumbnail((long_side, long_side), Image.Resampling.HAMMING, reducing_gap=2.0)
            return _opaque(image)
    except (UnidentifiedImageError, OSError, Image.DecompressionBombError):
        return None


def thumbnail(images: Mapping[str, bytes], key: str, long_side: int) -> Thumbnail | None:
    """The image `key` with at most `long_side` pixels; None where it is missing or no image."""
    image = open_image(images[key], long_side) if key in images else None
    if image is None:
        return None
    out = io.BytesIO()
    image.save(out, "JPEG", quality=QUALITY)
    encoded = base64.b64encode(out.getvalue()).decode("ascii")
    return Thumbnail(Markup("data:image/jpeg;base64,") + encoded, image.width, image.height)


def _opaque(image: Image.Image) -> Image.Image:
    """`image` as RGB, transparency over white."""
    if not image.has_transparency_data:
        return image.convert("RGB")
    ground = Image.new("RGBA", image.size, "white")
    ground.alpha_composite(image.convert("RGBA"))
    return ground.convert("RGB")
