"""What new copy on a finished image leaves unchanged, and what it removes as a whole."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from skimage import data

from imaging.composer.edits.copy_space import CopySpace
from imaging.composer.edits.detail import DetailMap
from imaging.composer.edits.erase import erase, on_flat_ground
from imaging.composer.edits.placing import place
from imaging.composer.edits.veils import design_of, inside_bars
from imaging.composer.scene.geometry import WIDTH, Rect
from imaging.composer.type.typography import copytext
from imaging.plates import plate_of
from schemas.generations import Edit
from schemas.images import Box, Region
from tests.unit.imaging.composer.photographs import photograph, saved

PLATE = Box(left=0.06, top=0.05, right=0.42, bottom=0.15)
LOGO = Region(role="logo", box=Box(left=0.09, top=0.07, right=0.39, bottom=0.13))


def _box(image, box, colour) -> None:
    high, wide = image.shape[:2]
    start, end = (round(box.left * wide), round(box.top * high)), (round(box.right * wide), round(box.bottom * high))
    cv2.rectangle(image, start, (end[0] - 1, end[1] - 1), colour, cv2.FILLED)


def branded(name: str, bar: float = 0.035) -> np.ndarray:
    """A photograph with a logo on a plate and a bar along its foot."""
    image = photograph(name)
    _box(image, PLATE, (253, 246, 236))
    _box(image, LOGO.box, (18, 53, 91))
    _box(image, Box(left=0, top=1 - bar, right=1, bottom=1), (30, 40, 220))
    return image


async def _retyped(bench, image, regions, **changes):
    request = bench.request(
        "portrait",
        long_side=675,
        operation="masked-edit",
        model="composer-refine",
        references=(saved(bench, image),),
        edit=Edit(target="copy", regions=regions),
        **changes,
    )
    return await bench.draw(request)


@pytest.mark.parametrize("name", ["astronaut", "rocket"])
async def test_no_veil_lies_on_a_logos_plate_or_on_the_brands_bar(bench, decoded, name):
    before = branded(name)
    drawn = await _retyped(bench, before, (LOGO,))
    changed = np.abs(decoded(drawn).astype(int) - before).max(axis=2)
    assert changed[-22:].max() < 24, "the bar"
    plate = changed[36:99, 36:223]
    assert np.quantile(plate, 0.99) < 24
    assert changed.mean() > 2, "a veil lies elsewhere"


def test_a_veil_may_be_anywhere_except_on_bars_and_logos():
    plated, plain = branded("coffee"), photograph("coffee")
    bare = design_of(plated, [LOGO.box]).bare
    assert bare[40:96, 40:220].max() == 0
    assert bare[-22:].max() == 0
    assert (bare[130:620] == 255).all()
    around = design_of(plain, [LOGO.box]).bare
    assert not around[54:80, 60:200].any()
    assert (around[:, 300:] == 255).all()


async def test_the_side_of_an_image_without_copy_stays(bench, decoded):
    before = photograph("chelsea")
    drawn = await _retyped(bench, before, (LOGO,), words=bench.words(headline="Go", line="North", legal=""))
    text = [region.box for region in drawn.regions if region.role != "logo"]
    changed = np.abs(decoded(drawn).astype(int) - before).max(axis=2)
    assert max(box.right for box in text) < 0.6
    assert np.quantile(changed[:, -80:], 0.99) < 24


@pytest.mark.parametrize(("shape", "found"), [((60, 60, 150, 100), True), ((0, 60, 150, 100), False), (None, False)])
def test_the_ground_of_a_label_is_found_where_it_ends(shape, found):
    image = np.random.default_rng(4).integers(90, 110, (200, 240, 3)).astype(np.uint8)
    if shape is not None:
        cv2.rectangle(image, shape[:2], shape[2:], (230, 90, 40), cv2.FILLED)
    label = Box(left=80 / 240, top=74 / 200, right=125 / 240, bottom=86 / 200)
    image[76:84, 82:123:4] = 255
    plate = plate_of(image, label, soft=0)
    assert (plate is not None) is found
    if plate is not None:
        assert plate.sum() // 255 == pytest.approx(91 * 41, rel=0.02)


@settings(max_examples=30)
@given(edges=st.tuples(*(st.floats(0, 1) for _ in range(4))), size=st.tuples(st.integers(1, 40), st.integers(1, 40)))
def test_any_box_on_any_small_image_can_be_examined(edges, size):
    image = np.full((*size, 3), 120, np.uint8)
    left, right, top, bottom = (*sorted(edges[:2]), *sorted(edges[2:]))
    assume(right - left > 1e-3 and bottom - top > 1e-3)
    assert plate_of(image, Box(left=left, top=top, right=right, bottom=bottom)) is None
    assert inside_bars(image) == Box(left=0, top=0, right=1, bottom=1)


def test_a_bar_is_a_thin_flat_band_that_ends_at_a_step():
    scene = photograph("coffee")
    assert inside_bars(scene) == Box(left=0, top=0, right=1, bottom=1)
    assert inside_bars(branded("coffee")).bottom == pytest.approx(0.96, abs=0.004)
    assert inside_bars(branded("coffee", bar=0.3)).bottom == 1, "a panel is a ground for copy"
    framed = cv2.copyMakeBorder(scene[20:-20, 20:-20], 20, 20, 20, 20, cv2.BORDER_CONSTANT, value=(9, 9, 90))
    inside = inside_bars(np.asarray(framed, np.uint8))
    assert (inside.left, inside.top) == pytest.approx((0.041, 0.034), abs=0.004)
    night = np.repeat(np.linspace(0, 200, 300)[:, None, None], 200, 1).repeat(3, 2).astype(np.uint8)
    assert inside_bars(night).top == 0, "a sky that fades to black"


def test_distant_tones_differ_from_fine_texture():
    rough = data.gravel()
    parted = np.where(np.arange(512)[None, :, None] < 256, 40, 220).repeat(512, 0).repeat(3, 2).astype(np.uint8)
    whole = Rect(left=100, top=100, right=900, bottom=900)
    texture = DetailMap(cv2.cvtColor(rough, cv2.COLOR_GRAY2RGB), WIDTH)
    apart = DetailMap(parted, WIDTH)
    assert apart.relative_detail(whole) < 1.5
    assert apart.tone_spread(whole) > 2 * texture.tone_spread(whole)


def _ground(**changes) -> CopySpace:
    base = CopySpace(
        detail=DetailMap(photograph("coffee", 600, 600), WIDTH),
        height=WIDTH,
        safe=Rect(left=50, top=50, right=950, bottom=950),
        spared=(),
        missed=(),
        places=(),
        legal=None,
        rtl=False,
    )
    return replace(base, **changes)


def _blocks(bench, ground):
    placed = place(copytext(bench.brand, bench.words(), 700), ground, None)
    return {block.role: block.box for block in placed.blocks}


def test_small_print_keeps_its_old_place(bench):
    old = Rect(left=430, top=820, right=800, bottom=842)
    box = _blocks(bench, _ground(legal=old))["legal"]
    assert (box.left, box.bottom) == pytest.approx((old.left, old.bottom), abs=2)
    outside = _blocks(bench, _ground(legal=old.moved(400, 150)))["legal"]
    assert outside.right <= 950.5
    assert outside.bottom <= 950.5


def test_centred_copy_is_centred_again(bench):
    old = (Rect(left=200, top=100, right=800, bottom=200), Rect(left=300, top=220, right=700, bottom=300))
    boxes = _blocks(bench, _ground(places=(*old, Rect(left=400, top=340, right=600, bottom=380))))
    for role in ("headline", "line", "call_to_action"):
        assert boxes[role].centre[0] == pytest.approx(500, abs=3), role


def test_copy_that_was_on_both_sides_of_a_product_is_not_set_across_it(bench):
    product = Rect(left=250, top=330, right=750, bottom=760)
    old = (Rect(left=100, top=80, right=900, bottom=260), Rect(left=380, top=800, right=620, bottom=850))
    boxes = _blocks(bench, _ground(places=old, missed=(product,)))
    assert not any(box.overlaps(product) for box in boxes.values())


def _lettered() -> tuple[np.ndarray, np.ndarray]:
    """Dark words on pale flat ground below a dark block of artwork, and the hole around them."""
    image = np.full((200, 400, 3), (240, 232, 214), np.uint8)
    image[:62, 100:] = (20, 50, 60)
    cv2.putText(image, "Winter", (60, 110), cv2.FONT_HERSHEY_DUPLEX, 1.6, (30, 20, 60), 3, cv2.LINE_AA)
    hole = np.zeros((200, 400), np.uint8)
    hole[54:130, 45:260] = 255
    return image, hole


def test_letters_on_flat_ground_are_removed_and_artwork_beside_them_is_kept():
    image, hole = _lettered()
    bare = erase(image, hole, np.zeros_like(hole))
    assert np.abs(bare[66:140].astype(int) - (240, 232, 214)).max() <= 2
    assert np.array_equal(bare[:60], image[:60])


def test_artwork_that_reaches_the_letters_is_no_flat_ground():
    image, hole = _lettered()
    image[:96, 200:230] = (20, 50, 60)
    assert on_flat_ground(image, hole, hole) is None
    texture = np.random.default_rng(1).integers(60, 200, image.shape).astype(np.uint8)
    assert on_flat_ground(texture, hole, hole) is None
