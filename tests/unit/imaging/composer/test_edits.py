from __future__ import annotations

import itertools

import cv2
import numpy as np
import pytest

from imaging.composer.edits.erase import erase, filled
from imaging.composer.edits.framing import frame_for
from imaging.composer.edits.relight import relight
from schemas.errors import InvalidRequest
from schemas.generations import Edit
from schemas.images import Box, Region, Size
from tests.unit.imaging.composer.measuring import measured_contrast
from tests.unit.imaging.composer.photographs import NAMES, OLD, garbled, mask_of, photograph, regions, saved

TEXTS = {"headline", "line", "call_to_action", "legal"}
LANGUAGES = ("en", "ja", "ar", "ru", "zh")


def _edit(bench, image, edit, form="portrait", language="en", **changes):
    return bench.request(
        form,
        language,
        long_side=700,
        operation="masked-edit",
        model="composer-refine",
        references=(saved(bench, image),),
        edit=edit,
        **changes,
    )


def _overlap(one, other) -> bool:
    return one.left < other.right and other.left < one.right and one.top < other.bottom and other.top < one.bottom


@pytest.mark.parametrize("form", ["square", "portrait", "story", "landscape"])
@pytest.mark.parametrize(("name", "language"), list(zip(NAMES, LANGUAGES, strict=True)))
async def test_copy_set_over_a_photograph_is_inside_apart_and_readable(bench, decoded, name, language, form):
    request = _edit(bench, photograph(name), Edit(target="copy"), form, language)
    drawn = await bench.draw(request)
    boxes = {region.role: region.box for region in drawn.regions}
    assert set(boxes) == TEXTS | {"logo"}
    safe = request.safe_area
    for role, box in boxes.items():
        assert box.left >= safe.left - 1e-6, role
        assert box.right <= 1 - safe.right + 1e-6, role
        assert box.top >= safe.top - 1e-6, role
        assert box.bottom <= 1 - safe.bottom + 1e-6, role
    for one, other in itertools.combinations(sorted(boxes), 2):
        assert not _overlap(boxes[one], boxes[other]), (one, other)
    for role in sorted(TEXTS):
        assert measured_contrast(decoded(drawn), boxes[role]) >= 4.5, role


@pytest.mark.parametrize("name", NAMES)
async def test_old_letters_are_removed(bench, decoded, name):
    drawn = await bench.draw(_edit(bench, garbled(photograph(name)), Edit(target="copy", regions=regions())))
    image = decoded(drawn).astype(int)
    pink = (image[..., 0] > 200) & (image[..., 1] < 110) & (image[..., 2] > 150)
    assert pink.mean() < 0.0005
    told = {region.role: region.text for region in drawn.regions}
    assert told["headline"].split() == ["Lapland", "is", "closer", "than", "you", "think"]


async def test_a_mask_says_where_letters_were(bench, decoded):
    free = np.zeros((675, 540), bool)
    for left, top, right, bottom in OLD.values():
        free[int(top * 675) - 3 : int(bottom * 675) + 4, int(left * 540) - 3 : int(right * 540) + 4] = True
    image = garbled(photograph("coffee"))
    drawn = await bench.draw(_edit(bench, image, Edit(target="copy"), mask=mask_of(bench, free)))
    result = decoded(drawn).astype(int)
    assert ((result[..., 0] > 200) & (result[..., 1] < 110) & (result[..., 2] > 150)).mean() < 0.0005


async def test_the_logo_that_is_there_is_not_set_again_or_covered(bench):
    logo = Region(role="logo", box=Box(left=0.06, top=0.06, right=0.4, bottom=0.12))
    product = Region(role="product", box=Box(left=0.2, top=0.5, right=0.8, bottom=0.95))
    drawn = await bench.draw(_edit(bench, photograph("coffee"), Edit(target="copy", regions=(logo, product))))
    assert [region for region in drawn.regions if region.role in {"logo", "product"}] == [logo, product]
    for region in drawn.regions:
        if region.role in {"headline", "line", "call_to_action"}:
            assert not _overlap(region.box, logo.box)
            assert not _overlap(region.box, product.box)


async def test_a_background_is_exchanged_and_the_rest_untouched(bench, decoded):
    image = photograph("coffee", 560, 700)
    free = np.ones((700, 560), bool)
    cv2.ellipse(shape := np.zeros((700, 560), np.uint8), (280, 300), (200, 220), 0, 0, 360, 255, cv2.FILLED)
    free[shape > 0] = False
    product = Region(role="product", box=Box(left=0.14, top=0.11, right=0.86, bottom=0.75))
    edit = Edit(target="background", regions=(product,))
    drawn = await bench.draw(_edit(bench, image, edit, mask=mask_of(bench, free)))
    assert drawn.regions == (product,)
    result = decoded(drawn).astype(int)
    inner = cv2.erode(shape, np.ones((5, 5), np.uint8)) > 0
    assert np.abs(result - image)[inner].mean() < 2.5  # what JPEG changes
    before, after = (_near(shown, bench.brand.palette.primary) for shown in (image, result))
    assert after > before + 0.2


def _near(image, colour) -> float:
    wanted = np.array([int(colour[at : at + 2], 16) for at in (1, 3, 5)])
    return float((np.abs(image.astype(int) - wanted).mean(axis=2) < 40).mean())


async def test_an_own_scene_is_drawn_again_in_the_brands_colour(bench, decoded):
    scene = {"layout": "full_bleed", "ground": "rays", "scheme": "paper", "height": 1250.0}
    draft = await bench.draw(bench.request(parameters={"scene": scene}))
    request = bench.refined(draft, operation="masked-edit", edit=Edit(target="background"), long_side=700)
    drawn = await bench.draw(request)
    primary = bench.brand.palette.primary
    assert _near(decoded(drawn), primary) > _near(decoded(draft), primary) + 0.2
    assert drawn.parameters["scene"]["scheme"] == "primary"
    assert [region.role for region in drawn.regions] == [region.role for region in draft.regions]


@pytest.mark.parametrize("name", NAMES[:4])
@pytest.mark.parametrize("damage", ["flat", "dark", "washed"])
async def test_light_is_corrected_and_structure_kept(bench, decoded, name, damage):
    change = {"flat": (0.35, 85), "dark": (0.35, 0), "washed": (0.4, 150)}[damage]
    image = np.clip(photograph(name) * change[0] + change[1], 0, 255).astype(np.uint8)
    request = bench.request(operation="relight", model="composer-refine", references=(saved(bench, image),))
    before, after = (cv2.cvtColor(shown, cv2.COLOR_RGB2GRAY) for shown in (image, decoded(await bench.draw(request))))
    after = cv2.resize(after, before.shape[::-1], interpolation=cv2.INTER_AREA)
    assert after.std() > 1.4 * before.std()
    assert abs(after.mean() / 255 - 0.45) <= max(abs(before.mean() / 255 - 0.45), 0.12)
    assert np.corrcoef(before.ravel(), after.ravel())[0, 1] > 0.95


def test_a_strength_of_zero_changes_nothing():
    image = photograph("coffee")
    assert relight(image, 0.0) is image


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"edit": None}, "edit.target"),
        ({"edit": Edit(target="background")}, "needs a mask"),
    ],
)
async def test_an_incomplete_edit_is_refused_with_what_it_lacks(bench, changes, reason):
    with pytest.raises(InvalidRequest, match=reason):
        await bench.draw(_edit(bench, photograph("coffee"), **{"edit": None, **changes}))


@pytest.mark.parametrize(
    ("shape", "value", "reason"), [((50, 50), False, "size of the first"), ((675, 540), True, "transparent everywhere")]
)
async def test_a_mask_that_does_not_fit_is_refused(bench, shape, value, reason):
    mask = mask_of(bench, np.full(shape, value))
    with pytest.raises(InvalidRequest, match=reason):
        await bench.draw(_edit(bench, photograph("coffee"), Edit(target="background"), mask=mask))


async def test_an_edit_is_deterministic(bench):
    request = _edit(bench, garbled(photograph("rocket")), Edit(target="copy", regions=regions()))
    first, second = [await bench.draw(request) for _ in range(2)]
    assert first.data == second.data


def test_a_filled_hole_in_a_gradient_is_invisible():
    across, down = np.meshgrid(np.linspace(40, 200, 300), np.linspace(0, 50, 200))
    clean = np.dstack((across, across + down, 255 - across)).clip(0, 255).astype(np.uint8)
    hole = np.zeros((200, 300), np.uint8)
    hole[60:120, 80:220] = 255
    spoilt = clean.copy()
    spoilt[hole > 0] = (255, 0, 255)
    assert np.abs(erase(spoilt, hole, np.zeros_like(hole)).astype(int) - clean).max() <= 14


def test_a_membrane_keeps_known_pixels():
    values = np.random.default_rng(1).uniform(0, 255, (40, 60, 3)).astype(np.float32)
    known = np.ones((40, 60), np.float32)
    known[10:20, 10:30] = 0
    laid = filled(values, known)
    assert np.allclose(laid[known > 0], values[known > 0])
    assert laid[10:20, 10:30].min() >= 0
    assert laid[10:20, 10:30].max() <= 255


def test_a_cut_keeps_the_regions_of_the_request():
    region = Region(role="product", box=Box(left=0.75, top=0.2, right=0.95, bottom=0.8))
    frame = frame_for(photograph("coffee", 800, 400), Size(width=400, height=400), (region,))
    assert frame.box.right >= 0.94
    moved = frame.moved(region)
    assert moved is not None
    assert frame.moved(Region(role="logo", box=Box(left=0.0, top=0.1, right=0.1, bottom=0.2))) is None


@pytest.mark.parametrize("form", ["square", "story"])
async def test_image_to_image_finishes_an_image_that_has_no_scene(bench, form):
    """Another model's draft is brought to size and gets light and grain; a high strength also corrects its light."""
    image = photograph("coffee")
    asked = {"operation": "image-to-image", "model": "composer-refine", "references": (saved(bench, image),)}
    gentle, strong = [await bench.draw(bench.request(form, **asked, strength=strength)) for strength in (0.35, 0.7)]
    assert gentle.size == strong.size == bench.request(form).size
    assert gentle.regions == ()
    assert gentle.data != strong.data
