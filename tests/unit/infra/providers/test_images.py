from __future__ import annotations

import io
import struct
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from infra.providers.http.images import check_image
from schemas.errors import BadOutput
from schemas.images import Size


def _encoded(kind: str, width: int = 64, height: int = 48) -> bytes:
    buffer = io.BytesIO()
    Image.effect_noise((width, height), 80).convert("RGB").save(buffer, kind)
    return buffer.getvalue()


KINDS = {"JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp"}
WHOLE = {kind: _encoded(kind) for kind in KINDS}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("claimed", ["", "image/png", "application/octet-stream", "image/jpeg; charset=binary"])
async def test_a_whole_image_has_its_true_type_and_size(kind, claimed):
    image = await check_image(WHOLE[kind], claimed, spent_usd=0)
    assert (image.media_type, image.size) == (KINDS[kind], Size(width=64, height=48))
    assert image.data is WHOLE[kind]


@pytest.mark.parametrize("claimed", ["text/html", "application/json", "text/plain; charset=utf-8"])
async def test_another_type_is_no_image_whatever_the_bytes(claimed):
    with pytest.raises(BadOutput, match="no image"):
        await check_image(WHOLE["PNG"], claimed, spent_usd=0)


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=40, deadline=None)
@given(share=st.floats(0, 0.97))
async def test_no_part_of_an_image_passes(kind, share):
    data = WHOLE[kind]
    with pytest.raises(BadOutput) as caught:
        await check_image(data[: int(len(data) * share)], spent_usd=0.2)
    assert caught.value.spent_usd == 0.2


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=300) | st.binary(max_size=300).map(lambda tail: WHOLE["PNG"][:40] + tail))
async def test_garbage_is_bad_output_and_nothing_else(data):
    with pytest.raises(BadOutput):
        await check_image(data, spent_usd=0)


@pytest.mark.parametrize(("width", "height"), [(30_000, 30_000), (9000, 9000), (8, 8), (40, 9000)])
async def test_impossible_sizes_are_refused(width, height):
    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    rows = zlib.compress(bytes((1 + -(-width // 8)) * height), 1)
    parts = [(b"IHDR", header), (b"IDAT", rows), (b"IEND", b"")]
    chunks = (struct.pack(">I", len(d)) + k + d + struct.pack(">I", zlib.crc32(k + d)) for k, d in parts)
    with pytest.raises(BadOutput, match="pixels"):
        await check_image(b"\x89PNG\r\n\x1a\n" + b"".join(chunks), spent_usd=0)


async def test_formats_that_no_model_sends_are_not_opened():
    with pytest.raises(BadOutput):
        await check_image(_encoded("GIF"), spent_usd=0)
