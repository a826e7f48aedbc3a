"""A contact sheet: images side by side on a quiet ground."""

from __future__ import annotations

import io
import math
from collections.abc import Sequence
from typing import Final

from PIL import Image

GAP: Final = 12
GROUND: Final = "#f4f2ec"
_SHAPE: Final = 1.5
"""Width over height that a sheet has, about."""
_QUALITY: Final = 88


def contact_sheet(images: Sequence[bytes], columns: int | None = None, side: int = 420) -> bytes:
    """The encoded `images`, reading order, as one JPEG; each is at most `side` pixels long in its cell."""
    scaled = [_scaled(data, side) for data in images]
    wide, high = max(image.width for image in scaled), max(image.height for image in scaled)
    across = columns or _columns(len(scaled), wide / high)
    down = math.ceil(len(scaled) / across)
    sheet = Image.new("RGB", (GAP + across * (wide + GAP), GAP + down * (high + GAP)), GROUND)
    for index, image in enumerate(scaled):
        row, column = divmod(index, across)
        left = GAP + column * (wide + GAP) + (wide - image.width) // 2
        sheet.paste(image, (left, GAP + row * (high + GAP) + (high - image.height) // 2))
    stream = io.BytesIO()
    sheet.save(stream, "JPEG", quality=_QUALITY)
    return stream.getvalue()


def _columns(count: int, ratio: float) -> int:
    """How many images of a ratio stand side by side: about the sheet's shape, the last row as full as can be."""
    usual = max(1, min(count, round(math.sqrt(count * _SHAPE / ratio))))
    near = (number for number in (usual, usual - 1, usual + 1) if 1 <= number <= count)
    return min(near, key=lambda number: -count % number)


def _scaled(data: bytes, side: int) -> Image.Image:
    with Image.open(io.BytesIO(data)) as image:
        scale = min(1.0, side / max(image.size))
        size = max(1, round(image.width * scale)), max(1, round(image.height * scale))
        return image.convert("RGB").resize(size, Image.Resampling.LANCZOS)
