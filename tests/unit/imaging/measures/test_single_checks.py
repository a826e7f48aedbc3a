"""Each check objects to what it is named after, and not to a clean image."""

import cv2
import numpy as np
import pytest

from imaging.decode import decode
from imaging.measures.banding import flat_levels, stepped
from imaging.measures.brand.logo_matching import crowding, match_in
from imaging.measures.check import Check
from imaging.measures.composition import saliency
from imaging.measures.compression import CompressionCheck
from imaging.measures.content.network import EMBEDDING_SIZE, look_at
from imaging.measures.content.nudity import NudityCheck
from imaging.measures.subject import Subject
from imaging.measures.text.legibility import ground_slope
from imaging.measures.text.lettering import split_letters
from schemas.images import Box
from tests.unit.imaging.measures.ads import FORM, PALETTE, Ad, encoded, subject

PIXELS, REGIONS = Ad().draw()
RNG = np.random.default_rng(5)


def value(check: Check, pixels: np.ndarray, name: str) -> float:
    return next(m.value for m in check.measure(Subject(pixels, PALETTE, FORM, REGIONS)) if m.name == name)


def banded(channel: np.ndarray) -> float:
    shares = [stepped(counts) for counts in flat_levels(np.dstack([channel] * 3))]
    assert min(shares) == max(shares)
    return shares[0]


def test_kept_levels_show_as_bands_and_a_smooth_gradient_does_not():
    ramp = np.tile(np.linspace(60, 200, 512).astype(np.uint8), (64, 1))
    step = 255 / 17
    assert banded(ramp) == 0.0
    assert banded((np.rint(ramp / step) * step).astype(np.uint8)) > 0.9


def test_four_uneven_tints_of_a_design_are_no_bands():
    tints = np.repeat(np.uint8([40, 60, 120, 133]), 128)
    assert banded(np.tile(tints, (64, 1))) == 0.0


@pytest.mark.parametrize("quality", [5, 10])
def test_a_codec_s_blocks_are_seen(quality):
    name = "technical.blockiness"
    spots = cv2.GaussianBlur(RNG.normal(0.0, 1.0, PIXELS.shape[:2]), (0, 0), 6) * 250
    drawn = np.clip(PIXELS + spots[..., None], 0, 255).astype(np.uint8)
    assert value(CompressionCheck(), decode(encoded(drawn, quality=quality)), name) > 0.6
    assert value(CompressionCheck(), decode(encoded(drawn, quality=92)), name) < 0.3


def test_attention_is_where_something_catches_the_eye():
    grey = np.full((256, 256), 120, np.uint8)
    cv2.circle(grey, (200, 60), 14, 250, -1)
    attention = saliency(grey)
    assert attention.sum() == pytest.approx(1.0, abs=1e-3)
    row, column = np.unravel_index(attention.argmax(), attention.shape)
    assert (column, row) == pytest.approx((50, 15), abs=6)


def test_a_restless_ground_is_distinguished_from_a_quiet_one():
    box = np.full((60, 300), 200, np.uint8)
    cv2.putText(box, "Summer", (20, 45), cv2.FONT_HERSHEY_SIMPLEX, 1.5, 20, 3)
    restless = np.where(box == 200, box - RNG.integers(0, 50, box.shape), box).astype(np.uint8)
    assert ground_slope(*split_letters(box)) < 1.0
    assert ground_slope(*split_letters(restless)) > 7.0


def drawn_logo() -> np.ndarray:
    logo = np.zeros((40, 160, 4), np.uint8)
    cv2.circle(logo, (20, 20), 16, (30, 80, 230, 255), -1)
    cv2.putText(logo, "Brand", (44, 31), cv2.FONT_HERSHEY_SIMPLEX, 1.1, (90, 40, 20, 255), 4)
    return logo


def laid(logo: np.ndarray, ground: int = 235) -> tuple[np.ndarray, Box]:
    page = np.full((400, 400, 3), ground, np.uint8)
    alpha = logo[..., 3:] / 255.0
    page[60:100, 60:220] = logo[..., :3] * alpha + page[60:100, 60:220] * (1.0 - alpha)
    return page, Box(left=0.15, top=0.15, right=0.55, bottom=0.25)


def test_the_logo_is_known_from_another_and_from_none():
    page, box = laid(drawn_logo())
    other, _ = laid(np.ascontiguousarray(drawn_logo()[:, ::-1]))
    assert match_in(page, drawn_logo(), box) > 0.95
    assert match_in(other, drawn_logo(), box) < 0.6
    assert match_in(np.full_like(page, 235), drawn_logo(), box) == 0.0


def test_type_beside_the_logo_crowds_it_and_the_border_of_a_plate_does_not():
    page, box = laid(drawn_logo())
    plate = page.copy()
    cv2.rectangle(plate, (55, 55), (225, 105), (0, 0, 0), 1)
    cv2.putText(page, "NEW", (60, 116), cv2.FONT_HERSHEY_SIMPLEX, 0.6, (0, 0, 0), 2)
    assert crowding(cv2.cvtColor(plate, cv2.COLOR_BGR2GRAY), box) < 0.08
    assert crowding(cv2.cvtColor(page, cv2.COLOR_BGR2GRAY), box) > 0.08


def test_one_inference_gives_nudity_and_an_embedding():
    content = look_at(PIXELS)
    assert content.embedding.shape == (EMBEDDING_SIZE,)
    assert content.embedding.std() > 0
    assert value(NudityCheck(), PIXELS, "safety.nudity") == pytest.approx(content.nudity, abs=0.05)
    assert subject().content.nudity < 0.1
