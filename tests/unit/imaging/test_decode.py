import struct
import zlib

import numpy as np
import pytest

from imaging.decode import decode
from schemas.errors import BadOutput
from tests.unit.imaging.measures.ads import Ad, encoded

PIXELS, _ = Ad(width=120, height=80).draw()


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_decodes_what_models_send(kind):
    found = decode(encoded(PIXELS, kind, **({"lossless": True} if kind == "WEBP" else {})))
    assert (found.shape, found.dtype) == (PIXELS.shape, np.uint8)
    assert np.abs(found.astype(int) - PIXELS).mean() < (2.0 if kind == "JPEG" else 1e-9)


def png_header(width, height):
    """A PNG that claims a size and holds next to nothing."""

    def chunk(kind, body):
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "0 bytes that are no JPEG"),
        (b"<html>rate limited</html>", "are no JPEG"),
        (b"GIF89a" + bytes(40), "are no JPEG"),
        (encoded(PIXELS)[:900], "damaged"),
        (encoded(PIXELS, "PNG")[:900], "damaged"),
        (png_header(8000, 8000), "above 50 megapixels"),
        (png_header(12_000, 9_000), "above 50 megapixels|too large"),
        (png_header(60_000, 60_000), "too large"),
        (png_header(15, 400), "below 16 pixels"),
        (png_header(100, 100), "damaged"),
    ],
)
def test_refuses_what_is_no_image(data, why):
    with pytest.raises(BadOutput, match=why):
        decode(data)
