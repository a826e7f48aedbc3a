"""What is kept of a photograph that is cut to another ratio."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from skimage import data

from imaging.composer.edits import focus
from imaging.composer.edits.focus import faces_in
from imaging.composer.edits.framing import cut, frame_for
from schemas.generations import Edit
from schemas.images import Box, Region, Size
from tests.unit.imaging.composer.photographs import photograph, saved

RATIOS = {"1:3": (200, 600), "4:5": (480, 600), "1:1": (400, 400), "16:9": (640, 360), "3:1": (600, 200)}
FACE = (0.345, 0.125, 0.53, 0.36)
"""Brow to chin in scikit-image's photograph of an astronaut, as fractions."""


def _portrait(size, corner, side=300) -> tuple[np.ndarray, tuple[float, ...]]:
    """The astronaut, `side` pixels large, in a corner of an out-of-focus image, and where her face then is."""
    wide, high = size
    image = cv2.GaussianBlur(cv2.resize(data.coffee(), (wide, high), interpolation=cv2.INTER_AREA), (0, 0), 8)
    left, top = corner
    image[top : top + side, left : left + side] = cv2.resize(
        data.astronaut(), (side, side), interpolation=cv2.INTER_AREA
    )
    box = [(left, top)[at % 2] + share * side for at, share in enumerate(FACE)]
    return image, (box[0] / wide, box[1] / high, box[2] / wide, box[3] / high)


@pytest.mark.parametrize("ratio", RATIOS)
@pytest.mark.parametrize(
    ("size", "corner"),
    [((900, 600), (595, 290)), ((900, 600), (5, 5)), ((600, 900), (5, 595)), ((700, 700), (390, 20))],
)
def test_a_cut_keeps_a_face_whole_wherever_it_is(size, corner, ratio):
    image, face = _portrait(size, corner)
    wanted = Size(width=RATIOS[ratio][0], height=RATIOS[ratio][1])
    box = frame_for(image, wanted, ()).box
    assert box.left <= face[0]
    assert box.top <= face[1]
    assert box.right >= face[2]
    assert box.bottom >= face[3]
    kept = (box.right - box.left) * size[0] / ((box.bottom - box.top) * size[1])
    assert kept == pytest.approx(wanted.ratio, rel=0.01)


def test_a_face_has_priority_over_a_region_and_both_are_kept_if_possible():
    image, face = _portrait((900, 300), (20, 0))
    far = Region(role="product", box=Box(left=0.8, top=0.1, right=0.98, bottom=0.9))
    near = Region(role="product", box=Box(left=0.3, top=0.1, right=0.38, bottom=0.9))
    square = Size(width=300, height=300)
    alone, kept = frame_for(image, square, (far,)).box, frame_for(image, square, (near,)).box
    assert alone.left <= face[0] < face[2] <= alone.right
    assert kept.left <= face[0]
    assert kept.right >= 0.38 - 1e-6


def test_a_face_that_does_not_fit_is_shown_at_its_middle():
    image = data.astronaut()[:, 60:300]
    box = frame_for(image, Size(width=900, height=200), ()).box
    assert box.top < (FACE[1] + FACE[3]) / 2 < box.bottom


def test_without_a_face_the_cut_keeps_what_is_salient():
    rocket = data.rocket()
    for wanted in (Size(width=300, height=900), Size(width=480, height=600)):
        box = frame_for(rocket, wanted, ()).box
        assert box.left < 0.48
        assert box.right > 0.53  # the rocket is between
    lonely = np.full((300, 900, 3), 90, np.uint8)
    lonely[120:180, 700:780] = (240, 60, 20)
    box = frame_for(lonely, Size(width=300, height=300), ()).box
    assert box.left * 900 <= 700
    assert box.right * 900 >= 780


def test_an_image_is_examined_once(monkeypatch):
    looked = []
    monkeypatch.setattr(focus, "faces_in", lambda small: looked.append(small.shape) or faces_in(small))
    image = np.random.default_rng(8).integers(0, 255, (200, 300, 3), dtype=np.uint8)
    frames = {frame_for(image.copy(), Size(width=100, height=100), ()).box.left for _ in range(3)}
    frame_for(image, Size(width=100, height=300), ())
    assert len(looked) == len(frames) == 1
    frame_for(image[::-1], Size(width=100, height=300), ())
    assert len(looked) == 2


def test_the_cache_is_bounded():
    for value in range(80):
        focus.focus_of(np.full((8, 8, 3), value, np.uint8))
    assert len(focus._remembered) <= 64


async def test_copy_is_not_set_over_a_face(bench):
    image = photograph("astronaut", 512, 512)
    request = bench.request(
        "story", long_side=512, operation="masked-edit", model="composer-refine", edit=Edit(target="copy"),
        references=(saved(bench, image),),
    )  # fmt: skip
    drawn = await bench.draw(request)
    box = frame_for(image, request.size, ()).box
    shown = cut(image, frame_for(image, request.size, ()), request.size)
    assert shown.shape[:2] == (request.size.height, request.size.width)
    wide, high = box.right - box.left, box.bottom - box.top
    left, right = ((x - box.left) / wide for x in (FACE[0], FACE[2]))
    top, bottom = ((y - box.top) / high for y in (FACE[1], FACE[3]))
    for region in drawn.regions:
        over = max(min(region.box.right, right) - max(region.box.left, left), 0)
        down = max(min(region.box.bottom, bottom) - max(region.box.top, top), 0)
        assert over * down <= 0.15 * (right - left) * (bottom - top), region.role
