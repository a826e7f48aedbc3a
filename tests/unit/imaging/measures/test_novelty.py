import cv2
import imagehash
import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from imaging.decode import decode
from imaging.measures.content.novelty import phash, signature
from imaging.pixels import to_lab
from routing.scoring.novelty import (
    NEAR_DUPLICATE,
    colour_distance,
    content_distance,
    decode_grid,
    novelty,
    same_idea,
    signature_distance,
    structure_distance,
)
from schemas.scorecards import Signature
from tests.unit.imaging.measures.ads import Ad, blurred, encoded, noisy, subject

SIGNATURES = st.builds(
    Signature,
    phash=st.binary(min_size=8, max_size=8).map(bytes.hex),
    lab_grid=st.binary(min_size=48, max_size=48).map(bytes.hex),
)
BASE = signature(subject())


@given(SIGNATURES, SIGNATURES, SIGNATURES)
def test_distance_is_a_metric_between_0_and_1(a, b, c):
    assert signature_distance(a, a) == 0.0
    assert signature_distance(a, b) == signature_distance(b, a)
    assert 0.0 <= signature_distance(a, b) <= 1.0
    assert signature_distance(a, c) <= signature_distance(a, b) + signature_distance(b, c) + 1e-12
    assert (signature_distance(a, b) == 0.0) == (a == b)


@given(st.lists(st.integers(-128, 127), min_size=48, max_size=48))
def test_the_grid_survives_its_spelling(values):
    spelt = Signature(phash="0" * 16, lab_grid=np.array(values, np.int8).tobytes().hex())
    assert [number for cell in decode_grid(spelt) for number in cell] == values


def test_the_grid_holds_the_colours_of_the_places():
    image = subject()
    corner = to_lab(image.pixels[:128, :128]).reshape(-1, 3).mean(axis=0)
    assert np.abs(np.array(decode_grid(BASE)[0]) - corner).max() < 2
    block = to_lab(image.pixels[-60:, :128]).reshape(-1, 3).mean(axis=0)
    assert decode_grid(BASE)[12][1] > decode_grid(BASE)[0][1]
    assert block[1] > 30


def test_a_recoloured_block_is_seen_where_the_hash_is_blind():
    recoloured = signature(subject(Ad(block="#3a8f3a")))
    assert structure_distance(BASE, recoloured) < 0.1
    assert colour_distance(BASE, recoloured) > 0.2
    assert not same_idea(BASE, recoloured)


def test_what_a_codec_or_a_lens_does_is_no_novelty():
    image = subject()
    for other in (
        subject(Ad(width=1080, height=1080)),
        blurred(image, 1.5),
        noisy(image, 4.0),
    ):
        assert signature_distance(BASE, signature(other)) < NEAR_DUPLICATE
    again = image.__class__(decode(encoded(image.pixels, quality=40)), image.palette, image.form)
    assert signature_distance(BASE, signature(again)) < NEAR_DUPLICATE


def test_another_idea_is_far():
    other = signature(subject(Ad(product=(0.25, 0.3), ground="#f4efe6", block="#17618f", text="#1b1b22")))
    assert signature_distance(BASE, other) > 0.5


def test_novelty_is_the_distance_to_the_nearest():
    near, far = signature(subject(Ad(block="#3a8f3a"))), signature(subject(Ad(ground="#f4efe6")))
    assert novelty(BASE, []) == 1.0
    assert novelty(BASE, [far, near]) == signature_distance(BASE, near) < signature_distance(BASE, far)
    assert novelty(BASE, [near, BASE]) == 0.0


def test_the_hash_is_that_of_imagehash():
    for ad in (Ad(), Ad(product=(0.25, 0.3)), Ad(ground="#f4efe6")):
        grey = subject(ad).grey
        small = cv2.resize(grey, (32, 32), interpolation=cv2.INTER_AREA)
        oracle = str(imagehash.phash(Image.fromarray(small)))
        assert (int(phash(grey), 16) ^ int(oracle, 16)).bit_count() <= 2


def test_content_distinguishes_images_and_not_their_quality():
    image = subject()
    other = signature(subject(Ad(product=(0.25, 0.3), ground="#f4efe6", block="#17618f")))
    assert content_distance(BASE, other) > 1.5 * content_distance(BASE, signature(noisy(image, 2.0)))
    assert content_distance(BASE, BASE.model_copy(update={"content": ""})) is None
