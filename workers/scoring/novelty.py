"""The signature that siblings are compared by; `routing.novelty` holds the comparison."""

from __future__ import annotations

from typing import Final

import cv2
import imagehash
import numpy as np
from PIL import Image

from routing.novelty import GRID_SIDE
from schemas.scorecards import Signature
from workers.scoring.subject import Subject

HASHED_SIDE: Final = 64
"""Pixels a side of the squared grey picture that is hashed: twice the 32 that pHash resamples to."""


def signature(subject: Subject) -> Signature:
    """A 64-bit pHash of the luma, and the mean CIELAB colours of a 4 x 4 grid, rounded to signed bytes."""
    grey = cv2.resize(subject.grey, (HASHED_SIDE, HASHED_SIDE), interpolation=cv2.INTER_AREA)
    grid = cv2.resize(subject.small_lab, (GRID_SIDE, GRID_SIDE), interpolation=cv2.INTER_AREA)
    cells = np.clip(np.rint(grid), -128, 127).astype(np.int8)
    return Signature(phash=str(imagehash.phash(Image.fromarray(grey))), lab_grid=cells.tobytes().hex())
