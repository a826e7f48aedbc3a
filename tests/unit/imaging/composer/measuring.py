"""Measurements of finished images."""

from __future__ import annotations

import numpy as np


def _luminance(colours: np.ndarray) -> np.ndarray:
    values = colours / 255
    linear = np.where(values <= 0.04045, values / 12.92, ((values + 0.055) / 1.055) ** 2.4)
    return linear @ (0.2126, 0.7152, 0.0722)


def measured_contrast(image: np.ndarray, box) -> float:
    """The contrast of the strongest ink in `box` with the median of the ground just around it."""
    high, wide = image.shape[:2]
    left, right = int(box.left * wide), int(np.ceil(box.right * wide))
    top, bottom = int(box.top * high), int(np.ceil(box.bottom * high))
    around = [image[top - 4 : top - 1, left:right], image[bottom + 1 : bottom + 4, left:right]]
    ground = float(np.median(_luminance(np.concatenate([part.reshape(-1, 3) for part in around]))))
    inks = np.percentile(_luminance(image[top:bottom, left:right].reshape(-1, 3)), (1, 99))
    return max((max(ink, ground) + 0.05) / (min(ink, ground) + 0.05) for ink in inks)
