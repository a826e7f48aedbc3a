from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image

from infra.providers.http.masks import white_where_drawn
from schemas.errors import InvalidRequest


def _png(pixels: np.ndarray, **options) -> bytes:
    stream = io.BytesIO()
    Image.fromarray(pixels).save(stream, "PNG", **options)
    return stream.getvalue()


async def test_transparent_becomes_white_opaque_black_and_half_grey():
    pixels = np.zeros((4, 6, 4), np.uint8)
    pixels[..., 3] = 255
    pixels[0, :, 3], pixels[1, :, 3] = 0, 128
    with Image.open(io.BytesIO(await white_where_drawn(_png(pixels)))) as image:
        assert (image.mode, image.size) == ("L", (6, 4))
        assert [image.getpixel((0, row)) for row in range(4)] == [255, 127, 0, 0]


async def test_a_palette_with_a_transparent_colour_is_a_mask():
    palette = Image.new("P", (16, 16), 1)
    palette.paste(0, (0, 0, 8, 16))
    palette.putpalette([0, 0, 0, 255, 255, 255])
    stream = io.BytesIO()
    palette.save(stream, "PNG", transparency=0)
    with Image.open(io.BytesIO(await white_where_drawn(stream.getvalue()))) as image:
        assert (image.getpixel((0, 0)), image.getpixel((12, 0))) == (255, 0)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (_png(np.full((16, 16, 3), 255, np.uint8)), "no transparency"),
        (_png(np.full((16, 16), 255, np.uint8)), "no transparency"),
        (b"", "no PNG"),
        (b"\x89PNG\r\n\x1a\n garbage", "no PNG"),
        (_png(np.zeros((64, 64, 4), np.uint8))[:60], "no PNG"),
        (b"\xff\xd8\xff\xe0 a JPEG", "no PNG"),
    ],
)
async def test_what_says_nothing_is_no_mask(data, message):
    with pytest.raises(InvalidRequest, match=message):
        await white_where_drawn(data)
