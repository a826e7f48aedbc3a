"""Tiles cover an image once, and show the network nothing that the whole image would not."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from infra.providers.real_esrgan.upscaler import tiles

SIDES = st.integers(1, 700)


@given(SIDES, SIDES, st.integers(16, 300), st.integers(0, 40))
def test_every_pixel_is_kept_once_with_its_context(height, width, longest, context):
    kept = np.zeros((height, width), np.uint8)
    for tile in tiles(height, width, longest, context):
        rows, columns = tile.rows, tile.columns
        kept[rows.keep_from : rows.keep_to, columns.keep_from : columns.keep_to] += 1
        for span, length in ((rows, height), (columns, width)):
            assert 0 < span.keep_to - span.keep_from <= longest
            assert span.read_from == max(0, span.keep_from - context)
            assert span.read_to == min(length, span.keep_to + context)
    assert (kept == 1).all()


@given(SIDES, st.integers(16, 300))
def test_tiles_are_about_equal(length, longest):
    sizes = [tile.rows.keep_to - tile.rows.keep_from for tile in tiles(length, 1, longest, 0)]
    assert max(sizes) - min(sizes) <= 1
