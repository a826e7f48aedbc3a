"""The copy of an ad, legible for the readers: without it no refinement passes."""

from __future__ import annotations

import re
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from imaging.fonts.registry import font

Pixels = NDArray[np.uint8]

_LINES: Final = re.compile(r'(?:headline|line|call to action|legal line) "([^"]*)"')
"""How the adapters' prompts name what is to be set."""
_PAPER: Final = (240, 245, 247)
_INK: Final = (24, 18, 16)
_SMALLEST: Final = 9
"""Pixels; below them reading fails."""


def set_lines(pixels: Pixels, prompt: str) -> Pixels:
    """`pixels` (blue, green, red) with the lines that `prompt` asks for on a plain ground in the lower half."""
    lines = [line for line in _LINES.findall(prompt) if line]
    if not lines or min(pixels.shape[:2]) < 128:
        return pixels
    image = Image.fromarray(pixels)
    draw, top = ImageDraw.Draw(image), int(image.height * 0.55)
    draw.rectangle((0, top - 4, image.width, image.height), fill=_PAPER)
    for line in lines:
        size = max(12, image.height // 16)
        while size > _SMALLEST and draw.textlength(line, font=font("Inter", 600, size)) > image.width * 0.9:
            size -= 1
        draw.text((image.width * 0.05, top), line, fill=_INK, font=font("Inter", 600, size))
        top += int(size * 1.5)
    return np.asarray(image)
