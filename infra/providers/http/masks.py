"""The mask of an edit, converted to what an API takes.

A request's mask is a PNG whose transparent pixels are to be drawn again, as in OpenAI's API. Most others take black and
white: white is drawn again.
"""

from __future__ import annotations

import asyncio
import io
from typing import Final

from PIL import Image, ImageChops

from infra.providers.http.images import LARGEST_PIXELS
from schemas.errors import InvalidRequest

_WITH_TRANSPARENCY: Final = {"RGBA", "LA", "PA"}


async def white_where_drawn(mask: bytes) -> bytes:
    """`mask` as a greyscale PNG: white where it is transparent, black where it is opaque, grey between.

    Raises InvalidRequest: it is no PNG, or has no transparency, so that it selects nothing.
    """
    return await asyncio.to_thread(_inverted_alpha, mask)


def _inverted_alpha(mask: bytes) -> bytes:
    try:
        with Image.open(io.BytesIO(mask), formats=["PNG"]) as image:
            if image.width * image.height > LARGEST_PIXELS:
                raise InvalidRequest("the mask has more pixels than any image")
            if image.mode not in _WITH_TRANSPARENCY and "transparency" not in image.info:
                raise InvalidRequest("the mask has no transparency: what is transparent is drawn again")
            alpha = image.convert("RGBA").getchannel("A")
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise InvalidRequest(f"the mask is no PNG that can be read: {type(error).__name__}") from None
    stream = io.BytesIO()
    ImageChops.invert(alpha).save(stream, "PNG")
    return stream.getvalue()
