"""Compression: do the blocks of a codec show?"""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np

from imaging.measures.check import Scale
from imaging.measures.subject import Subject
from imaging.pixels import BgrImage, Floats, Levels, middle, to_grey
from schemas.scorecards import Measurement

BLOCKINESS: Final = Scale("technical.blockiness", "grey levels", 0.0, 255.0, "lower")

BLOCK: Final = 8
"""Pixels of the side of a block: those of JPEG and of WebP's smallest transforms of 4 fall together here."""
_OWN: Final = np.array([0, 0, 0, 0, -1 / 6, -1 / 6, -1 / 6, 1], np.float32)
"""The weights of the steps in a block and to the next one."""
_NEXT: Final = np.array([1 / 6, 1 / 6, 1 / 6, 0, 0, 0, 0, 0], np.float32)
"""The weights of the next block's."""
_WINDOW: Final = 512
"""Pixels of the side of the middle part that is measured, unscaled: resampling would blur the grid."""


class CompressionCheck:
    """How much steeper the image is across the 8 x 8 grid of its codec than beside it.

    Flat artwork of few colours shows hardly any blocks, however hard it is compressed, and measures little.
    """

    name: Final = "compression"
    version: Final = "1"
    scales: Final = (BLOCKINESS,)

    def measure(self, subject: Subject) -> tuple[Measurement, ...]:
        """One measurement; none of an image smaller than three blocks."""
        grey = _middle(subject)
        if min(grey.shape) < 3 * BLOCK:
            return ()
        across, down = (_excess(_mean_steps(grey, along)) for along in (1, 0))
        return (BLOCKINESS.reading(max(0.0, (across + down) / 2.0), self),)


def _middle(subject: Subject) -> Levels:
    """The middle of the unscaled image in grey; its corner lies on the grid, and it holds whole blocks only."""
    height, width = subject.pixels.shape[:2]
    if max(height, width) <= subject.grey.shape[0] or max(height, width) <= subject.grey.shape[1]:
        return _whole_blocks(subject.grey)
    top, left = (max(0, (side - _WINDOW) // 2) // BLOCK * BLOCK for side in (height, width))
    return _whole_blocks(to_grey(BgrImage(subject.pixels[top : top + _WINDOW, left : left + _WINDOW])))


def _whole_blocks(grey: Levels) -> Levels:
    return grey[: grey.shape[0] // BLOCK * BLOCK, : grey.shape[1] // BLOCK * BLOCK]


def _mean_steps(grey: Levels, along: int) -> Floats:
    """The mean step in levels from each column (`along` 1) or row (0) to the next."""
    steps = cv2.absdiff(grey[:, 1:], grey[:, :-1]) if along else cv2.absdiff(grey[1:], grey[:-1])
    return cv2.reduce(steps, 1 - along, cv2.REDUCE_AVG, dtype=cv2.CV_32F).ravel().astype(np.float32, copy=False)


def _excess(steps: Floats) -> float:
    """The mean step in levels from block to block, less that of the steps one to three pixels away on either side.

    After Z. Wang, H. R. Sheikh and A. C. Bovik, "No-reference perceptual quality assessment of JPEG compressed images"
    (2002). The medians of lines keep a single long edge on the grid from counting as one.
    """
    blocks = np.zeros(len(steps) + 1, np.float32)
    blocks[:-1] = steps
    in_blocks = blocks.reshape(-1, BLOCK)
    return middle(in_blocks[:-1] @ _OWN - in_blocks[1:] @ _NEXT)
