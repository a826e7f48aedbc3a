"""Masks of edits: what is kept and what is drawn again, on images whose subject is known."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from skimage import data

from imaging.pixels import BgrImage
from schemas.errors import InvalidRequest
from schemas.images import Box, Region
from workers.refining.masks import background_mask, copy_mask, encode_mask
from workers.refining.preparation import draw_mask

HEADLINE = Region(role="headline", box=Box(left=0.1, top=0.1, right=0.6, bottom=0.2), text="Fresh today")
PAPER = np.full((100, 200, 3), 230, np.uint8)
LOGO = Region(role="logo", box=Box(left=0.8, top=0.8, right=0.95, bottom=0.95))


def disc(side: int = 200) -> BgrImage:
    """A red disc in the middle of a textured grey ground."""
    ground = np.random.default_rng(3).integers(90, 120, (side, side, 3)).astype(np.uint8)
    cv2.circle(ground, (side // 2, side // 2), side // 4, (30, 30, 220), cv2.FILLED)
    return ground


def inside_disc(side: int = 200) -> np.ndarray:
    rows, columns = np.mgrid[:side, :side]
    return np.hypot(rows - side / 2, columns - side / 2) < side / 4


def test_a_mask_of_copy_opens_the_boxes_of_text_and_nothing_else() -> None:
    kept = copy_mask(PAPER, [HEADLINE, LOGO])
    assert not kept[12:18, 25:115].any()
    assert kept[80:95, 160:190].all()
    assert 0.85 < kept.mean() < 0.95
    assert copy_mask(PAPER, [LOGO]).all()


@pytest.mark.parametrize(
    "regions",
    [(), (Region(role="product", box=Box(left=0.2, top=0.2, right=0.8, bottom=0.8)),)],
)
def test_the_subject_is_cut_out_of_its_ground(regions: tuple[Region, ...]) -> None:
    kept, wanted = background_mask(disc(), regions), inside_disc()
    overlap = (kept & wanted).sum() / (kept | wanted).sum()
    assert overlap > 0.93


def test_a_photographed_subject_stays() -> None:
    """In scikit-image's image of a cup the middle belongs to the subject and the table's corners do not."""
    bgr = cv2.cvtColor(data.coffee(), cv2.COLOR_RGB2BGR)
    kept = background_mask(np.asarray(bgr, np.uint8), ())
    height, width = kept.shape
    assert kept[height // 3 : height // 2, width // 3 : width // 2].mean() > 0.95
    assert not kept[:40, -80:].any()


def test_letters_stay_and_their_ground_goes() -> None:
    image = disc()
    image[:50] = 100
    cv2.putText(image, "Fresh", (22, 38), cv2.FONT_HERSHEY_DUPLEX, 1.0, (255, 255, 255), 2, cv2.LINE_AA)
    written = (image[:50] > 200).all(axis=2)
    region = Region(role="headline", box=Box(left=0.08, top=0.04, right=0.7, bottom=0.24), text="Fresh")
    kept = background_mask(image, (region,))[:50]
    assert kept[written].all()
    assert kept[:, 10:20].mean() < 0.1


def test_the_same_image_gives_the_same_mask() -> None:
    assert np.array_equal(background_mask(disc(), ()), background_mask(disc(), ()))


def test_a_flat_image_is_no_error() -> None:
    assert background_mask(np.full((40, 60, 3), 128, np.uint8), ()).shape == (40, 60)


def test_a_mask_is_a_png_that_is_transparent_where_it_is_to_be_drawn() -> None:
    kept = copy_mask(PAPER[:40, :60], [HEADLINE])
    decoded = cv2.imdecode(np.frombuffer(encode_mask(kept), np.uint8), cv2.IMREAD_UNCHANGED)
    assert np.array_equal(decoded[..., 3] == 255, kept)


def test_what_is_no_image_is_refused() -> None:
    with pytest.raises(InvalidRequest, match="cannot be read"):
        draw_mask(b"no image", "copy", (HEADLINE,))


def test_a_button_is_drawn_again_with_its_label() -> None:
    image = np.full((200, 400, 3), 40, np.uint8)
    cv2.rectangle(image, (40, 100), (160, 140), (40, 90, 240), cv2.FILLED)
    cv2.putText(image, "Go now", (62, 126), cv2.FONT_HERSHEY_DUPLEX, 0.6, (255, 255, 255), 1, cv2.LINE_AA)
    label = Region(role="call_to_action", box=Box(left=0.155, top=0.56, right=0.34, bottom=0.64), text="Go now")
    kept = copy_mask(image, [label])
    assert not kept[100:141, 40:161].any()
    assert kept[:80].all()
    assert kept[:, 190:].all()
