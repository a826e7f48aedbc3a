"""Photographs as another model might draw them, and masks on them."""

from __future__ import annotations

import io

import cv2
import numpy as np
from PIL import Image, ImageDraw
from skimage import data

from imaging.fonts.registry import font
from schemas.images import Box, ImageRef, Region, Size

NAMES = ("astronaut", "coffee", "chelsea", "rocket", "hubble_deep_field")
OLD = {
    "headline": (0.08, 0.08, 0.85, 0.2),
    "line": (0.08, 0.24, 0.7, 0.29),
    "call_to_action": (0.1, 0.34, 0.4, 0.38),
    "legal": (0.06, 0.93, 0.6, 0.955),
}


def photograph(name: str, width: int = 540, height: int = 675) -> np.ndarray:
    """A photograph of scikit-image, RGB."""
    return cv2.resize(getattr(data, name)()[..., :3], (width, height), interpolation=cv2.INTER_AREA)


def saved(bench, image: np.ndarray) -> ImageRef:
    stream = io.BytesIO()
    Image.fromarray(image).save(stream, "PNG")
    return bench.save(stream.getvalue(), "image/png", Size(width=image.shape[1], height=image.shape[0]))


def regions() -> tuple[Region, ...]:
    """The boxes of the garbled text."""
    boxes = {role: dict(zip(("left", "top", "right", "bottom"), box, strict=True)) for role, box in OLD.items()}
    return tuple(Region(role=role, box=Box(**box), text="Garbd txet") for role, box in boxes.items())


def garbled(image: np.ndarray) -> np.ndarray:
    """`image` with letters that make no sense in the boxes of `regions`."""
    canvas = Image.fromarray(image)
    pen, (high, wide) = ImageDraw.Draw(canvas), image.shape[:2]
    for left, top, right, bottom in OLD.values():
        pen.rectangle((left * wide, top * high, right * wide, bottom * high), outline=(255, 40, 200), width=2)
        face = font("Anton", 700, (bottom - top) * high * 0.8)
        pen.text((left * wide + 4, top * high), "Garbd txet", fill=(255, 40, 200), font=face)
    return np.asarray(canvas)


def mask_of(bench, free: np.ndarray) -> ImageRef:
    """The mask that is transparent where `free`."""
    opacity = np.where(free, 0, 255).astype(np.uint8)
    return saved(bench, np.dstack((np.zeros((*free.shape, 3), np.uint8), opacity)))
