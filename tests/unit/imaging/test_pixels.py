"""The channel order of an image is part of its type, and changes by one conversion."""

from pathlib import Path

import numpy as np
from mypy import api

from imaging.pixels import BgrImage, RgbImage, shrink, to_bgr, to_rgb

ROOT = Path(__file__).parents[3]
SNIPPET = """
from imaging.pixels import BgrImage, RgbImage, shrink, to_bgr, to_grey, to_rgb

def right(rgb: RgbImage, bgr: BgrImage) -> tuple[BgrImage, RgbImage, BgrImage]:
    to_grey(to_bgr(rgb))
    return to_bgr(rgb), to_rgb(bgr), shrink(bgr, 64)

def swapped(rgb: RgbImage, bgr: BgrImage) -> RgbImage:
    to_bgr(bgr)
    to_grey(rgb)
    to_grey(rgb[..., ::-1])
    return shrink(bgr, 64)
"""
REJECTED = [8, 9, 10, 11]


def test_mypy_rejects_a_swapped_channel_order(tmp_path):
    snippet = tmp_path / "snippet.py"
    snippet.write_text(SNIPPET.lstrip())
    options = ["--config-file", str(ROOT / "pyproject.toml"), "--cache-dir", str(tmp_path / "cache")]
    said, failed, _ = api.run([*options, "--no-error-summary", "--follow-imports", "silent", str(snippet)])
    assert not failed
    lines = [int(line.split(":")[1]) for line in said.splitlines() if "error:" in line]
    assert lines == REJECTED, said


def test_a_conversion_swaps_red_and_blue_and_back():
    rgb = RgbImage(np.arange(2 * 3 * 3, dtype=np.uint8).reshape(2, 3, 3))
    bgr = to_bgr(rgb)
    assert np.array_equal(bgr, rgb[..., ::-1])
    assert np.array_equal(to_rgb(bgr), rgb)


def test_a_smaller_image_is_not_enlarged():
    small = BgrImage(np.zeros((20, 30, 3), np.uint8))
    assert shrink(small, 30) is small
    assert shrink(small, 15).shape == (10, 15, 3)
