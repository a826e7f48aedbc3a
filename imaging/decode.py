"""Decodes the bytes of an image from a model, once and safely."""

from __future__ import annotations

import io
from typing import Final

import numpy as np
from PIL import Image, UnidentifiedImageError

from imaging.pixels import BgrImage, RgbImage, to_bgr
from schemas.errors import BadOutput

LARGEST_PIXELS: Final = 50_000_000
"""Most pixels that are decoded (150 MB as BGR): three times the largest image that a known model makes."""
SMALLEST_SIDE: Final = 16
"""The shortest side that `schemas.images.Size` knows, in pixels."""
FORMATS: Final = ("JPEG", "PNG", "WEBP")


def decode(data: bytes) -> BgrImage:
    """The image in `data` (JPEG, PNG or WebP).

    The size is read from the header, and a wrong one is rejected before any pixel is decoded.

    Raises:
        BadOutput: `data` is empty, truncated or no image, or the image is too large or too small.
    """
    try:
        with Image.open(io.BytesIO(data), formats=FORMATS) as image:
            _check_size(image.width, image.height)
            rgb = RgbImage(np.asarray(image.convert("RGB")))
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise BadOutput(f"the image is too large to decode: {error}") from error
    except UnidentifiedImageError as error:
        raise BadOutput(f"{len(data)} bytes that are no JPEG, PNG or WebP image") from error
    except (OSError, SyntaxError, ValueError, EOFError) as error:
        raise BadOutput(f"the image is damaged: {error}") from error
    return to_bgr(rgb)


def _check_size(width: int, height: int) -> None:
    if width * height > LARGEST_PIXELS:
        raise BadOutput(f"an image of {width} x {height} is above {LARGEST_PIXELS // 1_000_000} megapixels")
    if min(width, height) < SMALLEST_SIDE:
        raise BadOutput(f"an image of {width} x {height} has a side below {SMALLEST_SIDE} pixels")
