"""What a photograph is about: its faces, and its salient parts. Found once for each image and kept."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock
from typing import Final

import cv2
import numpy as np

from imaging.composer.edits.detail import detail_cells
from imaging.faces import FaceBox, detect_faces
from imaging.pixels import Doubles, RgbImage, resized, to_bgr
from schemas.images import Box

SaliencyMap = Doubles
"""How much each cell of a grid 96 cells long matters: 1 on the mean."""
_DETECTED_AT: Final = 480
"""Pixels of the longer side on which faces are detected: a face of a thirtieth of the image still has 16."""
_SPECTRUM: Final = 64
"""Pixels a side on which saliency is measured: few, so that things count and not texture."""
_KEPT: Final = 64
_SMALLEST: Final = 16
"""Pixels of the shortest side that the detector takes."""
_HEAD: Final = (0.2, 0.4, 0.2, 0.15)
"""What a head adds to its face on the left, above, on the right and below, in multiples of the face's size."""


@dataclass(frozen=True, eq=False)
class Focus:
    """The faces, the largest first, and how much each part of the image attracts attention."""

    faces: tuple[FoundFace, ...]
    salience: SaliencyMap


_remembered: OrderedDict[bytes, Focus] = OrderedDict()
_lock = Lock()


def focus_of(image: RgbImage) -> Focus:
    """The focus of `image`. Images that look the same when reduced have the same focus."""
    scale = min(_DETECTED_AT / max(image.shape[:2]), 1.0)
    size = tuple(max(round(length * scale), 1) for length in image.shape[1::-1])
    small = resized(image, (size[0], size[1]))
    key = hashlib.blake2b(small.tobytes(), digest_size=16, salt=b"%d" % size[0]).digest()
    with _lock:
        found = _remembered.get(key)
    if found is None:
        found = Focus(faces_in(small), _salience(small))
    with _lock:
        _remembered[key] = found
        _remembered.move_to_end(key)
        while len(_remembered) > _KEPT:
            _remembered.popitem(last=False)
    return found


def _salience(image: RgbImage) -> SaliencyMap:
    """Detail that is unusual and near the middle counts most: one sharp leaf among a thousand is no subject."""
    detail = detail_cells(image).astype(np.float64)
    high, wide = detail.shape
    unusual = cv2.resize(_residual(image), (wide, high), interpolation=cv2.INTER_LINEAR)
    rows, columns = np.mgrid[0:high, 0:wide]
    middle = np.exp(-(((rows + 0.5) / high - 0.5) ** 2 + ((columns + 0.5) / wide - 0.5) ** 2) / 0.18)
    combined = detail / max(float(detail.mean()), 1e-6) + 2 * unusual / max(float(unusual.mean()), 1e-6)
    return np.asarray(combined / 3 * middle, np.float64)


def _residual(image: RgbImage) -> SaliencyMap:
    """The spectral residual of lightness and both colours, summed (Hou and Zhang, CVPR 2007, section 3)."""
    lab = cv2.cvtColor(cv2.resize(image, (_SPECTRUM, _SPECTRUM), interpolation=cv2.INTER_AREA), cv2.COLOR_RGB2LAB)
    total = np.zeros((_SPECTRUM, _SPECTRUM))
    for channel in cv2.split(lab.astype(np.float32)):
        spectrum = np.fft.fft2(channel)
        size = np.log(np.abs(spectrum) + 1e-6)
        residual = size - cv2.blur(size, (3, 3))
        total += np.abs(np.fft.ifft2(np.exp(residual + 1j * np.angle(spectrum)))) ** 2 * float(channel.std())
    return np.asarray(cv2.GaussianBlur(total, (0, 0), 2.5), np.float64)


@dataclass(frozen=True, slots=True)
class FoundFace:
    """A frontal face, brow to chin, and the head around it, in fractions of the image."""

    face: Box
    head: Box


def faces_in(image: RgbImage) -> tuple[FoundFace, ...]:
    """The faces in `image` (a few hundred pixels a side), the largest first; none if no detector is installed."""
    if min(image.shape[:2]) < _SMALLEST:
        return ()
    bgr = to_bgr(RgbImage(image))
    found = sorted(detect_faces(bgr), key=lambda box: -box.width * box.height)
    return tuple(FoundFace(_box(box, image, (0, 0, 0, 0)), _box(box, image, _HEAD)) for box in found)


def _box(found: FaceBox, image: RgbImage, more: tuple[float, ...]) -> Box:
    """The detector's box with `more` around it, cut to the image."""
    left, top, wide, high = found
    rows, columns = image.shape[:2]
    edges = (left - more[0] * wide, top - more[1] * high, left + (1 + more[2]) * wide, top + (1 + more[3]) * high)
    cut = [min(max(edge / length, 0.0), 1.0) for edge, length in zip(edges, (columns, rows) * 2, strict=True)]
    return Box(left=cut[0], top=cut[1], right=cut[2], bottom=cut[3])
