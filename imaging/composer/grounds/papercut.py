"""Cut paper: nested sheets with soft shadows, each a tone deeper."""

from __future__ import annotations

import cv2
import numpy as np

from imaging.colour import mix, shade
from imaging.composer.colour.scheme import Scheme
from imaging.composer.grounds.curves import Points, below, wave
from imaging.composer.paint.brush import Sheet, blurred
from imaging.composer.scene.geometry import WIDTH

_SHEETS = 5
_SHADOW = 0.34


def paint(sheet: Sheet, scheme: Scheme, draw: np.random.Generator) -> None:
    """Paint the whole sheet."""
    far = mix(scheme.tones[4], scheme.glow, 0.34)
    sheet.wash([[far, shade(far, 0.03)], [shade(far, -0.03), far]])
    slope = draw.uniform(-0.25, 0.25)
    for index in range(_SHEETS):
        depth = (index + 1) / _SHEETS
        level = sheet.height * (0.08 + 0.84 * index / _SHEETS)
        ridge = wave(draw, level, sheet.height * 0.045, 2)
        ridge[:, 1] += slope * (ridge[:, 0] - WIDTH / 2) * (1 - 0.5 * depth)
        outline = below(ridge, sheet.height + 10)
        _shadow(sheet, outline)
        sheet.polygon(outline, mix(far, scheme.tones[1 if index % 2 else 0], 0.2 + 0.8 * depth))


def _shadow(sheet: Sheet, outline: Points) -> None:
    mask = sheet.blank()
    moved = (outline - (0, 12)) * sheet.scale * mask.shape[1] / sheet.pixels.shape[1]
    cv2.fillPoly(mask, [np.rint(moved).astype(np.int32)], 255)
    sheet.darken(blurred(mask, 12 * sheet.scale / 4), _SHADOW)
