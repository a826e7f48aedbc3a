"""Frontal faces in an image, by YuNet (Wu, Peng and Yu, 2023) on OpenCV's own detector.

The weights in `imaging/weights` are `face_detection_yunet_2023mar.onnx` of OpenCV Zoo, unchanged. OpenCV's wheels have
the detector without weights, and the packages that carry both ask for OpenCV 4.
"""

from __future__ import annotations

from threading import Lock, local
from typing import Any, Final, NamedTuple

import cv2
import numpy as np

from imaging.data_files import read_bytes
from imaging.pixels import BgrImage

WEIGHTS: Final = "face_detection_yunet_2023mar.onnx"
VERSION: Final = f"2023mar, opencv {cv2.__version__}"
_CONFIDENCE: Final = 0.7
"""At a lower confidence round products count as faces."""
_OVERLAP: Final = 0.45
"""Intersection over union from which two boxes are one face."""
_MOST: Final = 1000
"""Boxes that are compared for overlap."""
_detectors: Final = local()
"""One detector a thread: it keeps the size of its last image."""
_one_at_a_time: Final = Lock()
"""The level of OpenCV's log is one for all threads."""


class FaceBox(NamedTuple):
    """A face, brow to chin, in whole pixels; it may reach beyond the image."""

    left: int
    top: int
    width: int
    height: int


def detect_faces(image: BgrImage) -> list[FaceBox]:
    """The faces in `image`, at least 16 pixels a side."""
    detector = _detector()
    detector.setInputSize((image.shape[1], image.shape[0]))
    found = detector.detect(image)[1]
    return [] if found is None else [FaceBox(*map(int, row[:4])) for row in found]


def _detector() -> cv2.FaceDetectorYN:
    if not hasattr(_detectors, "made"):
        _detectors.made = _read_detector()
    made: cv2.FaceDetectorYN = _detectors.made
    return made


def _read_detector() -> cv2.FaceDetectorYN:
    weights = np.frombuffer(read_bytes("imaging", f"weights/{WEIGHTS}"), np.uint8)
    log: Any = getattr(cv2.utils, "logging", None)  # OpenCV 5 warns of its own default target; OpenCV 4 does not
    with _one_at_a_time:
        level = log and log.setLogLevel(log.LOG_LEVEL_ERROR)
        made = cv2.FaceDetectorYN.create(
            "onnx", weights, np.empty(0, np.uint8), (320, 320), _CONFIDENCE, _OVERLAP, _MOST
        )
        if log:
            log.setLogLevel(level)
    return made
