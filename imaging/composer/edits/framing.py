"""Brings an image to a size. If the ratio differs, the image is cut around what matters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, cast

import cv2
import numpy as np
from PIL import Image

from imaging.composer.edits.focus import FoundFace, focus_of
from imaging.pixels import AnyImage, Doubles, RgbImage
from schemas.images import Box, Region, Size

_SAME_RATIO: Final = 0.02
"""How far two ratios may differ (rounding to whole pixels) and still be one format."""
_REGION_WORTH: Final = 6.0
"""How much more a region of the request counts than measured detail."""
_WORTH_FACE: Final = 100.0
_WORTH_HEAD: Final = 10.0
"""What a whole face and a whole head are worth; a region of the request is worth 1."""
_TRIED: Final = 241
_SLACK: Final = 1e-6
"""Places at which a window is tried, and by how much rounding may move it."""
_LEAST_SEEN: Final = 0.5
"""The share of a region that must remain after a cut for the region to be reported."""


@dataclass(frozen=True, slots=True)
class Frame:
    """What is kept of an image: a box in its fractions."""

    box: Box

    def moved(self, region: Region) -> Region | None:
        """`region` in fractions of the frame; None if most of it was cut off."""
        wide, high = self.box.right - self.box.left, self.box.bottom - self.box.top
        left, right = (min(max((x - self.box.left) / wide, 0), 1) for x in (region.box.left, region.box.right))
        top, bottom = (min(max((y - self.box.top) / high, 0), 1) for y in (region.box.top, region.box.bottom))
        whole = (region.box.right - region.box.left) * (region.box.bottom - region.box.top)
        if (right - left) * (bottom - top) * wide * high < _LEAST_SEEN * whole:
            return None
        return region.model_copy(update={"box": Box(left=left, top=top, right=right, bottom=bottom)})


WHOLE: Final = Frame(Box(left=0.0, top=0.0, right=1.0, bottom=1.0))


def frame_for(image: RgbImage, size: Size, regions: Sequence[Region]) -> Frame:
    """The largest part of `image` in the ratio of `size`: around its faces, else around its salient parts.

    The `regions` are kept together with the faces if possible, and count most if there are no faces.
    """
    high, wide = image.shape[:2]
    ratio = wide / high
    if abs(ratio / size.ratio - 1) < _SAME_RATIO:
        return WHOLE
    focus, across = focus_of(image), ratio > size.ratio
    share = size.ratio / ratio if across else ratio / size.ratio
    if focus.faces:
        start = _around_faces(focus.faces, regions, share, across=across)
    else:
        interest = _interest(focus.salience, regions)
        start = _best_start(interest.sum(axis=0 if across else 1), share)
    if across:
        return Frame(Box(left=start, top=0.0, right=min(start + share, 1.0), bottom=1.0))
    return Frame(Box(left=0.0, top=start, right=1.0, bottom=min(start + share, 1.0)))


def _around_faces(faces: Sequence[FoundFace], regions: Sequence[Region], share: float, *, across: bool) -> float:
    """Where a window of `share` holds the most of faces, heads and regions whole, in this order.

    Among equal places, the one with its faces best placed is taken: in the middle, or two fifths from the top.
    """
    starts = np.linspace(0.0, 1.0 - share, _TRIED)
    kept = np.zeros(_TRIED)
    for face in faces:
        size = 1 + (face.face.right - face.face.left) * (face.face.bottom - face.face.top)
        kept += _WORTH_FACE * size * _holds(starts, share, _span(face.face, across=across))
        kept += _WORTH_HEAD * size * _holds(starts, share, _span(face.head, across=across))
    for region in regions:
        kept += _holds(starts, share, _span(region.box, across=across))
    best = starts[kept >= kept.max() - _SLACK]
    spans = [_span(face.face, across=across) for face in faces]
    shown = [span for span in spans if _holds(best, share, span).any()] or spans[:1]
    middle = (min(start for start, _ in shown) + max(end for _, end in shown)) / 2
    wanted = middle - share * (0.5 if across else 0.4)
    return float(best[np.abs(best - wanted).argmin()])


def _holds(starts: Doubles, share: float, span: tuple[float, float]) -> Doubles:
    """1 for each start from which a window of `share` holds `span` whole, else 0."""
    return ((starts <= span[0] + _SLACK) & (starts + share >= span[1] - _SLACK)).astype(np.float64)


def _span(box: Box, *, across: bool) -> tuple[float, float]:
    return (box.left, box.right) if across else (box.top, box.bottom)


def cut(image: AnyImage, frame: Frame, size: Size) -> AnyImage:
    """The part of `image` (colour or grey) in `frame`, at `size`, by Lanczos."""
    high, wide = image.shape[:2]
    box = frame.box
    window = (box.left * wide, box.top * high, box.right * wide, box.bottom * high)
    resized = Image.fromarray(image).resize((size.width, size.height), Image.Resampling.LANCZOS, window)
    return cast("AnyImage", np.array(resized))


def _interest(salience: Doubles, regions: Sequence[Region]) -> Doubles:
    """How much each cell matters: its saliency, and most of all whether a region covers it."""
    high, wide = salience.shape
    interest = salience + 0.05
    for region in regions:
        box = region.box
        part = interest[
            int(box.top * high) : int(box.bottom * high) + 1, int(box.left * wide) : int(box.right * wide) + 1
        ]
        part += _REGION_WORTH
    return np.asarray(cv2.GaussianBlur(interest, (0, 0), 1.5))


def _best_start(profile: Doubles, share: float) -> float:
    """Where a window of `share` of the profile holds the most, as a fraction."""
    length = max(round(share * profile.size), 1)
    sums = np.convolve(profile, np.ones(length), "valid")
    best = np.flatnonzero(sums >= sums.max() * (1 - 1e-9))
    return float(min(best[len(best) // 2] / profile.size, 1 - share))
