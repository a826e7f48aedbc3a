"""Identity: are the candidate's faces still there, in their places, and those of the same people?

dlib's network knows people, where the optional extra `identity` is installed. The content network is asked in any case,
but it distinguishes images of faces and not people: of 31 small faces, the same one blurred was farther away (0.27)
than another (0.11). The two have scales of their own, and the latter has no limit.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from typing import Any, Final

import cv2
import numpy as np

from imaging.data_files import unimported_path
from imaging.faces import VERSION, detect_faces
from imaging.measures.check import Scale
from imaging.measures.content.network import Embedding, cosine_distance
from imaging.measures.drift.content import embedded, something_changed
from imaging.measures.drift.pairing import same_ratio
from imaging.measures.subject import Subject
from imaging.pixels import BgrImage, Floats, Mask, shrink, to_rgb
from schemas.scorecards import Measurement

LOST: Final = Scale("drift.faces_lost", "faces", 0.0, 1000.0, "lower")
LIKENESS: Final = Scale("drift.face", "cosine distance", 0.0, 2.0, "lower")
IDENTITY: Final = Scale("drift.face_identity", "Euclidean distance", 0.0, 4.0, "lower")

_LONG_SIDE: Final = 320
_SAME_PLACE: Final = 0.6
"""Of a face's width: how far its middle may move."""
_CROP: Final = 1.3
"""Of a face's width: the side of the square that is compared."""
_WEIGHTS: Final = "face_recognition_models"
EXTRA: Final = find_spec("dlib") is not None and find_spec(_WEIGHTS) is not None
"""Whether the optional extra `identity` is installed."""


@dataclass(frozen=True, slots=True)
class FacePlace:
    """A face: its middle and width as shares of the image's width (x, width) and height (y)."""

    x: float
    y: float
    width: float


class IdentityDrift:
    """Faces lost or moved, and the largest distance of a face to the one that was in its place."""

    name: Final = "identity"
    scales: Final = (LOST, LIKENESS, IDENTITY)

    @property
    def version(self) -> str:
        """The versions of the formulas and of the networks that they use."""
        return f"1 yunet-{VERSION} {embedded_by()}"

    def measure(self, refinement: Subject, candidate: Subject, kept: Mask | None = None) -> tuple[Measurement, ...]:
        """Up to three measurements; none where nothing changed, and in another format."""
        changed = same_ratio(refinement, candidate) and something_changed(refinement, candidate, kept)
        before = find_faces(candidate.common) if changed else []
        if not before:
            return ()
        now = find_faces(refinement.common)
        pairs = [(face, other) for face in before if (other := _at(face, now)) is not None]
        lost = LOST.reading(len(before) - len(pairs), self, f"of {len(before)} faces")
        images = [(_crop(candidate.common, face), _crop(refinement.common, other)) for face, other in pairs]
        return (lost, *self._likeness(images), *self._identity(images))

    def _likeness(self, images: list[tuple[BgrImage, BgrImage]]) -> tuple[Measurement, ...]:
        distances = [cosine_distance(embedded(a), embedded(b)) for a, b in images]
        known = [distance for distance in distances if distance is not None]
        return (LIKENESS.reading(max(0.0, *known), self),) if known else ()

    def _identity(self, images: list[tuple[BgrImage, BgrImage]]) -> tuple[Measurement, ...]:
        if not EXTRA or not images:
            return ()
        return (IDENTITY.reading(max(_person_distance(a, b) for a, b in images), self),)


def embedded_by() -> str:
    """The package that knows people, with its version."""
    return f"dlib-{_version('dlib-bin')}" if EXTRA else "without-dlib"


def find_faces(bgr: BgrImage) -> list[FacePlace]:
    """The frontal faces in `bgr`."""
    small = BgrImage(np.ascontiguousarray(shrink(bgr, _LONG_SIDE)))
    height, width = small.shape[:2]
    return [
        FacePlace((face.left + face.width / 2) / width, (face.top + face.height / 2) / height, face.width / width)
        for face in detect_faces(small)
    ]


def _at(face: FacePlace, faces: list[FacePlace]) -> FacePlace | None:
    """The one of `faces` in the place of `face`."""
    nearest = min(faces, key=lambda other: np.hypot(other.x - face.x, other.y - face.y), default=None)
    if nearest is None:
        return None
    away = float(np.hypot(nearest.x - face.x, nearest.y - face.y))
    return nearest if away <= _SAME_PLACE * face.width else None


def _crop(bgr: BgrImage, face: FacePlace) -> BgrImage:
    height, width = bgr.shape[:2]
    side = max(16, round(_CROP * face.width * width))
    left = min(max(0, round(face.x * width - side / 2)), max(0, width - side))
    top = min(max(0, round(face.y * height - side / 2)), max(0, height - side))
    return BgrImage(np.ascontiguousarray(bgr[top : top + side, left : left + side]))


def _person_distance(first: BgrImage, second: BgrImage) -> float:
    return float(np.linalg.norm(_person(first).values - _person(second).values))


def _person(bgr: BgrImage) -> Embedding:
    """The embedding by dlib of the face that fills `bgr`, 128 numbers."""
    dlib: Any = import_module("dlib")
    encoder, shape = _dlib()
    square = cv2.resize(bgr, (150, 150), interpolation=cv2.INTER_CUBIC).astype(np.uint8, copy=False)
    rgb = to_rgb(BgrImage(square))
    margin = round(75 * (1 - 1 / _CROP))
    landmarks = shape(rgb, dlib.rectangle(margin, margin, 150 - margin, 150 - margin))
    values: Floats = np.asarray(encoder.compute_face_descriptor(rgb, landmarks), np.float32)
    return Embedding(values, "dlib", _version("dlib-bin"))


@lru_cache(maxsize=1)
def _dlib() -> tuple[Any, Any]:
    """The network and the finder of landmarks. Their package is not imported: it needs `pkg_resources`."""
    dlib: Any = import_module("dlib")
    return (
        dlib.face_recognition_model_v1(unimported_path(_WEIGHTS, "models/dlib_face_recognition_resnet_model_v1.dat")),
        dlib.shape_predictor(unimported_path(_WEIGHTS, "models/shape_predictor_5_face_landmarks.dat")),
    )


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "none"
