"""Faces are found on every supported Python, by the weights of OpenCV Zoo."""

import hashlib
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from skimage import data as photographs

from imaging.data_files import read_bytes
from imaging.faces import WEIGHTS, detect_faces
from imaging.pixels import BgrImage, RgbImage, resized, to_bgr

PUBLISHED = "8f2383e4dd3cfbb4553ea8718107fc0423210dc964f9f4280604804ed2552fa4"
"""The SHA-256 of the file in OpenCV Zoo, models/face_detection_yunet."""
ASTRONAUT = resized(to_bgr(RgbImage(photographs.astronaut())), (320, 320))


def test_the_weights_are_those_that_were_published():
    assert hashlib.sha256(read_bytes("imaging", f"weights/{WEIGHTS}")).hexdigest() == PUBLISHED


def test_a_face_is_found_in_its_place():
    assert detect_faces(ASTRONAUT) == [pytest.approx((112, 39, 56, 70), abs=2)]


@pytest.mark.parametrize("name", ["coffee", "cat"])
def test_an_image_without_people_has_no_faces(name):
    assert detect_faces(to_bgr(RgbImage(getattr(photographs, name)()))) == []


@pytest.mark.parametrize("size", [(16, 16), (16, 320), (320, 16)])
def test_the_smallest_images_are_no_fault(size):
    assert detect_faces(BgrImage(np.zeros((*size, 3), np.uint8))) == []


def test_images_of_other_sizes_and_threads_do_not_disturb_each_other():
    images = [ASTRONAUT, resized(ASTRONAUT, (200, 256)), resized(ASTRONAUT, (256, 200))] * 4
    alone = [detect_faces(image) for image in images]
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(detect_faces, images)) == alone
