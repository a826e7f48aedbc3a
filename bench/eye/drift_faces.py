"""Portraits on ads, and other people instead of them: faces of `skimage.data.lfw_subset`, 25 pixels wide."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import cv2
import numpy as np
from skimage import data as photographs

from bench.eye.defect_images import SampleAd, through_jpeg
from bench.eye.drift_places import clear_place, pasted
from imaging.pixels import BgrImage

_PEOPLE: Final = 100
"""The first hundred images of the set are faces, the rest are none."""
_PORTRAIT: Final = 0.34
"""Of the shorter side: the diameter of the portrait; the face fills most of it."""
_SHARES: Final = (0.4, 0.7, 1.0)
"""Of the other person in the face: weak and middle are morphs, strong is the other person."""


def with_portrait(image: SampleAd, rng: np.random.Generator) -> SampleAd:
    """The ad with the portrait of a person, in the draft and in the final."""
    person = int(rng.integers(_PEOPLE))
    final = _portrayed(image, image.final, _face(person))
    draft = _portrayed(image, image.draft, _face(person))
    return replace(
        image, name=f"{image.name}, person {person}", draft=through_jpeg(draft, 90), final=through_jpeg(final, 92)
    )


def another_person(image: SampleAd, strength: int, rng: np.random.Generator) -> BgrImage:
    """The portrait turned by 40, 70 or 100 % into that of another person, of the same mean light."""
    person = int(image.name.rsplit(" ", 1)[1])
    other = (person + int(rng.integers(1, _PEOPLE))) % _PEOPLE
    before, after = _face(person).astype(np.float64), _face(other).astype(np.float64)
    after = (after - after.mean()) * (before.std() / max(after.std(), 1.0)) + before.mean()
    share = _SHARES[strength]
    blend = np.clip(before * (1.0 - share) + after * share, 0, 255).astype(np.uint8)
    return _portrayed(image, image.final, blend)


def _portrayed(image: SampleAd, pixels: BgrImage, face: BgrImage) -> BgrImage:
    """`pixels`, the draft's or the final's, with `face` in the same place in both."""
    scale = min(pixels.shape[:2]) / min(image.final.shape[:2])
    diameter = round(_PORTRAIT * min(image.final.shape[:2]))
    top, left = clear_place(image, diameter, np.random.default_rng(len(image.name.partition(",")[0])))
    across = round(diameter * scale)
    corner = (
        min(round(top * pixels.shape[0] / image.final.shape[0]), pixels.shape[0] - across),
        min(round(left * pixels.shape[1] / image.final.shape[1]), pixels.shape[1] - across),
    )
    large = cv2.resize(face, (diameter, diameter), interpolation=cv2.INTER_CUBIC)
    return pasted(pixels, large.astype(np.uint8, copy=False), corner, across)


def _face(person: int) -> BgrImage:
    """A face with some ground around it, BGR, toned like skin in warm light."""
    grey = np.pad(photographs.lfw_subset()[person] * 255.0, 3, mode="edge")
    tone = np.array([0.78, 0.9, 1.0])
    return np.clip(grey[..., None] * tone, 0, 255).astype(np.uint8)
