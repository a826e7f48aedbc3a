"""What happens to a final that is no drift: resizing, recompression, a mild grade, grain, the composer's own finish."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import cv2
import numpy as np

from bench.eye.defect_images import SampleAd, through_jpeg
from imaging.composer.paint.finish import finish
from imaging.pixels import BgrImage

Change = Callable[[SampleAd, np.random.Generator], BgrImage]


def untouched(image: SampleAd, _: np.random.Generator) -> BgrImage:
    """The final as its model made it."""
    return image.final


def resize(image: SampleAd, rng: np.random.Generator) -> BgrImage:
    """Brought to 60 to 80 % of each side, and back."""
    height, width = image.final.shape[:2]
    share = rng.uniform(0.6, 0.8)
    small = cv2.resize(image.final, (round(width * share), round(height * share)), interpolation=cv2.INTER_AREA)
    return cv2.resize(small, (width, height), interpolation=cv2.INTER_CUBIC).astype(np.uint8, copy=False)


def recompress(image: SampleAd, rng: np.random.Generator) -> BgrImage:
    """Saved as JPEG of quality 60 to 80."""
    return through_jpeg(image.final, int(rng.integers(60, 81)))


def mild_grade(image: SampleAd, rng: np.random.Generator) -> BgrImage:
    """Gamma within 6 %, saturation within 8 %, a cast of 2 % in any channel."""
    light = (image.final / 255.0) ** rng.uniform(0.94, 1.06) * rng.uniform(0.98, 1.02, 3)
    grey = light.mean(axis=2, keepdims=True)
    return _whole(255.0 * (grey + (light - grey) * rng.uniform(0.92, 1.08)))


def grain(image: SampleAd, rng: np.random.Generator) -> BgrImage:
    """Film grain of 4 levels, the same in all channels."""
    return _whole(image.final + rng.normal(0.0, 4.0, image.final.shape[:2])[..., None])


def finished(image: SampleAd, rng: np.random.Generator) -> BgrImage:
    """Lit and grained by the composer's own finish, at the strength of an image-to-image handover."""
    quiet = [region.box for region in image.final_regions if region.role != "product"]
    rgb, guide = (np.ascontiguousarray(pixels[..., ::-1]) for pixels in (image.final, image.draft))
    return np.ascontiguousarray(finish(rgb, guide, quiet, 0.35, int(rng.integers(1000)))[..., ::-1])


def _whole(pixels: np.ndarray) -> BgrImage:
    return np.clip(np.rint(pixels), 0, 255).astype(np.uint8)


HARMLESS: Final[dict[str, Change]] = {
    "untouched": untouched,
    "resize": resize,
    "recompress": recompress,
    "mild grade": mild_grade,
    "grain": grain,
    "the composer's finish": finished,
}
