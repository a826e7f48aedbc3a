"""Faces beside the candidate's: lost, kept, or another person's."""

from dataclasses import replace

import cv2
import numpy as np
import pytest
from skimage import data as photographs

from imaging.measures.drift.identity import EXTRA, IdentityDrift, find_faces
from tests.unit.imaging.measures.ads import Ad, changed, subject

PLAIN = subject(Ad(width=512, height=512))
PEOPLE = photographs.lfw_subset()


def with_face(person, base=PLAIN, at=(120, 60), side=190):
    grey = np.pad(PEOPLE[person] * 255, 3, mode="edge").astype(np.uint8)
    face = cv2.cvtColor(cv2.resize(grey, (side, side), interpolation=cv2.INTER_CUBIC), cv2.COLOR_GRAY2BGR)
    pixels = base.pixels.copy()
    pixels[at[1] : at[1] + side, at[0] : at[0] + side] = face
    return changed(base, pixels)


def numbers(refinement, candidate):
    return {m.name: m.value for m in IdentityDrift().measure(refinement, candidate)}


PERSON, OTHER = 3, 12


def test_a_face_is_found():
    (face,) = find_faces(with_face(PERSON).pixels)
    assert face.x == pytest.approx((120 + 95) / 512, abs=0.05)
    assert face.y == pytest.approx((60 + 95) / 512, abs=0.06)


def test_a_face_that_is_gone_or_moved_away_is_lost():
    assert numbers(PLAIN, with_face(PERSON))["drift.faces_lost"] == 1.0
    assert numbers(with_face(PERSON, at=(300, 280)), with_face(PERSON))["drift.faces_lost"] == 1.0


def test_another_person_takes_the_place_of_one():
    found = numbers(with_face(OTHER), with_face(PERSON))
    assert found["drift.faces_lost"] == 0.0
    assert found["drift.face"] > 0.0
    assert ("drift.face_identity" in found) is EXTRA


def test_nothing_is_measured_where_nothing_changed_or_no_one_was():
    candidate = with_face(PERSON)
    assert numbers(candidate, candidate) == {}
    assert numbers(with_face(PERSON), PLAIN) == {}
    wide = replace(candidate, pixels=candidate.pixels[:256])
    assert numbers(wide, candidate) == {}


@pytest.mark.skipif(not EXTRA, reason="the optional extra `identity` is not installed")
def test_people_are_distinguished():
    softer = cv2.GaussianBlur(with_face(PERSON).pixels, (0, 0), 2.0)
    cv2.putText(softer, "another thing", (40, 400), cv2.FONT_HERSHEY_SIMPLEX, 1.6, (20, 20, 20), 5)
    same = numbers(changed(PLAIN, softer), with_face(PERSON))["drift.face_identity"]
    assert same < 0.45 < numbers(with_face(OTHER), with_face(PERSON))["drift.face_identity"]
