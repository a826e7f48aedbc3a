"""Fine print lost by a network that enlarges a draft four times: Real-ESRGAN, the optional extra `neural`."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

import numpy as np

from bench.eye.defect_images import SampleAd
from imaging.pixels import BgrImage, shrink, to_bgr, to_rgb
from infra.providers.real_esrgan.upscaler import Upscaler, resized
from schemas.images import Size

_LONG_SIDES: Final = (384, 288, 216)
"""Pixels of the longer side of the draft that is enlarged: the smaller it is, the less is left of its fine print."""


def enlarged_by_network(image: SampleAd, strength: int, _: np.random.Generator) -> BgrImage:
    """The draft at 384, 288 or 216 pixels, enlarged four times by the network and brought to the final's size."""
    height, width = image.final.shape[:2]
    draft = shrink(image.final, _LONG_SIDES[strength])
    large = _network().enlarge(to_rgb(draft))
    return to_bgr(resized(large, Size(width=width, height=height)))


@lru_cache(maxsize=1)
def _network() -> Upscaler:
    return Upscaler(4, threads=1)
