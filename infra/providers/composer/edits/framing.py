"""A picture brought to a size: enlarged or reduced as it is, or cut around what matters where the ratio differs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
import numpy.typing as npt
from PIL import Image

from infra.providers.composer.colour import Pixels
from infra.providers.composer.edits.detail import detail_map
from schemas.images import Box, Region, Size

_SAME_RATIO: Final = 0.02
"""How far two ratios may differ (rounding to whole pixels) and still be one format."""
_TOLD: Final = 6.0
"""How much more a region that was told counts than the detail that was measured."""
_LEAST_SEEN: Final = 0.5
"""The share of a region that must survive a cut for it to be told still."""


@dataclass(frozen=True, slots=True)
class Frame:
    """What is kept of a picture: a box in its fractions."""

    box: Box

    def moved(self, region: Region) -> Region | None:
        """`region` in fractions of the frame; None where most of it was cut away."""
        wide, high = self.box.right - self.box.left, self.box.bottom - self.box.top
        left, right = (min(max((x - self.box.left) / wide, 0), 1) for x in (region.box.left, region.box.right))
        top, bottom = (min(max((y - self.box.top) / high, 0), 1) for y in (region.box.top, region.box.bottom))
        whole = (region.box.right - region.box.left) * (region.box.bottom - region.box.top)
        if (right - left) * (bottom - top) * wide * high < _LEAST_SEEN * whole:
            return None
        return region.model_copy(update={"box": Box(left=left, top=top, right=right, bottom=bottom)})


WHOLE: Final = Frame(Box(left=0.0, top=0.0, right=1.0, bottom=1.0))


def frame_for(picture: Pixels, size: Size, regions: Sequence[Region]) -> Frame:
    """The largest part of `picture` in the ratio of `size`, around its detail and the `regions`."""
    high, wide = picture.shape[:2]
    ratio = wide / high
    if abs(ratio / size.ratio - 1) < _SAME_RATIO:
        return WHOLE
    interest = _interest(picture, regions)
    across = ratio > size.ratio
    share = size.ratio / ratio if across else ratio / size.ratio
    start = _best_start(interest.sum(axis=0 if across else 1), share)
    if across:
        return Frame(Box(left=start, top=0.0, right=min(start + share, 1.0), bottom=1.0))
    return Frame(Box(left=0.0, top=start, right=1.0, bottom=min(start + share, 1.0)))


def cut(picture: npt.NDArray[np.uint8], frame: Frame, size: Size) -> npt.NDArray[np.uint8]:
    """The part of `picture` (colour or grey) in `frame`, at `size`, by Lanczos."""
    high, wide = picture.shape[:2]
    box = frame.box
    window = (box.left * wide, box.top * high, box.right * wide, box.bottom * high)
    resized = Image.fromarray(picture).resize((size.width, size.height), Image.Resampling.LANCZOS, window)
    return np.array(resized)


def _interest(picture: Pixels, regions: Sequence[Region]) -> npt.NDArray[np.float64]:
    """What matters, cell by cell: detail, more of it in the middle, most of all what was told."""
    detail = detail_map(picture).astype(np.float64)
    high, wide = detail.shape
    rows, columns = np.mgrid[0:high, 0:wide]
    middle = np.exp(-(((rows + 0.5) / high - 0.5) ** 2 + ((columns + 0.5) / wide - 0.5) ** 2) / 0.18)
    interest = detail / max(float(detail.mean()), 1e-6) * middle + 0.05
    for region in regions:
        box = region.box
        part = interest[
            int(box.top * high) : int(box.bottom * high) + 1, int(box.left * wide) : int(box.right * wide) + 1
        ]
        part += _TOLD
    return np.asarray(cv2.GaussianBlur(interest, (0, 0), 1.5))


def _best_start(profile: npt.NDArray[np.float64], share: float) -> float:
    """Where a window of `share` of the profile holds the most, as a fraction."""
    length = max(round(share * profile.size), 1)
    sums = np.convolve(profile, np.ones(length), "valid")
    best = np.flatnonzero(sums >= sums.max() * (1 - 1e-9))
    return float(min(best[len(best) // 2] / profile.size, 1 - share))
