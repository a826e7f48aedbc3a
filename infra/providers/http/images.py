"""Is it an image? Checked before it is stored, by decoding all of it."""

from __future__ import annotations

import asyncio
import io
from dataclasses import dataclass
from typing import Final

from PIL import Image
from pydantic import ValidationError

from schemas.errors import BadOutput
from schemas.images import MediaType, Size

LARGEST_PIXELS: Final = 36_000_000
"""Above any model's largest image (4096 x 4096 is 17 million), and 140 MB once decoded."""
_MEDIA_TYPES: Final[dict[str, MediaType]] = {"JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp"}
_UNTOLD: Final = {"", "application/octet-stream", "binary/octet-stream"}


@dataclass(frozen=True, slots=True)
class CheckedImage:
    """Bytes that are known to decode, with their type and size."""

    data: bytes
    media_type: MediaType
    size: Size


async def check_image(data: bytes, content_type: str = "", *, spent_usd: float) -> CheckedImage:
    """`data` as an image, whole. `content_type` is what the server claims, if anything.

    Raises BadOutput with `spent_usd`: empty, truncated, garbage, of another type, or too many pixels.
    """
    claimed = content_type.partition(";")[0].strip().lower()
    if not data:
        raise BadOutput("the image is empty", spent_usd=spent_usd)
    if claimed not in _UNTOLD and not claimed.startswith("image/"):
        raise BadOutput(f"the answer is {claimed}, no image", spent_usd=spent_usd)
    try:
        return await asyncio.to_thread(_decode, data)
    except _NotAnImage as error:
        raise BadOutput(str(error), spent_usd=spent_usd) from None


class _NotAnImage(Exception):
    """Why these bytes are no image."""


def _decode(data: bytes) -> CheckedImage:
    try:
        return _load(data)
    except Image.DecompressionBombError:
        raise _NotAnImage("the image claims hundreds of millions of pixels, more than any model makes") from None
    except ValidationError:
        raise _NotAnImage("the image's sides are not between 16 and 8192 pixels") from None
    except _NotAnImage:
        raise
    except Exception as error:  # noqa: BLE001 - decoders raise what they like on bytes from strangers
        raise _NotAnImage(f"{len(data)} bytes cannot be decoded as JPEG, PNG or WebP: {type(error).__name__}") from None


def _load(data: bytes) -> CheckedImage:
    with Image.open(io.BytesIO(data), formats=list(_MEDIA_TYPES)) as image:
        width, height = image.size
        if width * height > LARGEST_PIXELS:  # known from the header, before any pixel is unpacked
            raise _NotAnImage(f"the image claims {width}x{height} pixels, more than any model makes")
        image.load()
        return CheckedImage(data, _MEDIA_TYPES[image.format or ""], Size(width=width, height=height))
