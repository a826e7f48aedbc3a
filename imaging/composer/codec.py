"""Image files to RGB pixels and back: what a request refers to is decoded, what was drawn is encoded."""

from __future__ import annotations

import io
from typing import Final

import cv2
import numpy as np
import numpy.typing as npt
from PIL import Image

from imaging.pixels import Levels, RgbImage, to_bgr
from schemas.errors import BadOutput, InvalidRequest

MOST_PIXELS: Final = 40_000_000
"""Pixels of the largest image that is decoded, against decompression bombs."""
DRAFT_QUALITY: Final = 88
FINAL_QUALITY: Final = 92
"""JPEG qualities (0 to 100) of drafts and finals."""
_FULL_COLOUR: Final = 0x111111
"""As many samples of colour as of light (4:4:4), in the notation of libjpeg."""


def decode_image(data: bytes, name: str) -> RgbImage:
    """The opaque image in `data`. Raises InvalidRequest, which names the image, if it is damaged."""
    return RgbImage(decode_as("RGB", data, name))


def decode_mask(data: bytes, name: str) -> Levels:
    """The opacity (height x width, 0 to 255) of the image in `data`. Raises InvalidRequest as `decode_image` does."""
    return np.ascontiguousarray(decode_as("RGBA", data, name)[..., 3])


def decode_as(mode: str, data: bytes, name: str) -> npt.NDArray[np.uint8]:
    """The PNG, JPEG or WebP image in `data` in a mode of Pillow's ("RGB", "RGBA"): height x width x channels.

    Raises InvalidRequest, which names the image, if it is damaged or too large.
    """
    try:
        with Image.open(io.BytesIO(data), formats=("PNG", "JPEG", "WEBP")) as image:
            if image.width * image.height > MOST_PIXELS:
                raise InvalidRequest(f"{name}: {image.width}x{image.height} pixels are more than {MOST_PIXELS:,}")
            return np.array(image.convert(mode))
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise InvalidRequest(f"{name}: this is no readable PNG, JPEG or WebP image: {error}") from error


def encode(image: RgbImage, quality: int) -> bytes:
    """`image` as a JPEG with full colour resolution, so that coloured text stays crisp."""
    options = [cv2.IMWRITE_JPEG_QUALITY, quality, cv2.IMWRITE_JPEG_SAMPLING_FACTOR, _FULL_COLOUR]
    done, data = cv2.imencode(".jpg", to_bgr(image), options)
    if not done:
        raise BadOutput(f"an image of {image.shape[1]}x{image.shape[0]} pixels could not be encoded")
    return data.tobytes()
