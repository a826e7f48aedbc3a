"""The part of a candidate that a refinement was to keep: of an edit, all outside of its mask."""

from __future__ import annotations

import io
from collections.abc import Iterable
from typing import Final

import cv2
import numpy as np
from PIL import Image

from imaging.measures.text.boxes import TEXT_ROLES, cut
from imaging.pixels import Mask
from schemas.generations import Edit
from schemas.images import Box, Region

_OPAQUE: Final = 128
"""Alpha from which a pixel of a mask is kept."""
_RIM: Final = 0.015
"""Of the longer side: a new part fades into what is kept, and a new line has a plate or a shade around it."""
_BUTTON: Final = (1.0, 0.75)
"""How far a button reaches beyond its label, across and down, in heights of the label: both are drawn together."""
_LEAST_KEPT: Final = 0.01
"""Share of the image below which nothing is left to compare."""


def kept_part(mask: bytes | None, edit: Edit | None, drawn: Iterable[Region] = (), ratio: float = 1.0) -> Mask | None:
    """True where an image was to be kept, shape (height, width); None where all of it was.

    `mask` is a PNG whose transparent pixels were to be drawn again; one that cannot be read counts as none. The lines
    of an edit and those that were `drawn` do not belong to the kept part, whether or not the mask says so: copy may be
    set again on any new ground, and other checks read and measure it. `ratio` is the image's width over its height, for
    the shape of the kept part where no mask gives it.
    """
    kept = _opaque(mask) if mask is not None else None
    if edit is None or (kept is None and edit.target != "copy"):
        return kept
    if kept is None:
        kept = np.ones((512, max(round(512 * ratio), 1)), dtype=np.bool_)
    for region in (*edit.regions, *drawn):
        if region.role in TEXT_ROLES:
            cut(kept.view(np.uint8), _with_button(region, kept.shape[1] / kept.shape[0]))[...] = 0
    return kept


def _with_button(region: Region, ratio: float) -> Box:
    """The box of a text, of a button's label with the button around it; `ratio` is the image's width over height."""
    box = region.box
    if region.role != "call_to_action":
        return box
    high = box.bottom - box.top
    across, down = _BUTTON[0] * high / ratio, _BUTTON[1] * high
    return Box(
        left=max(box.left - across, 0.0),
        top=max(box.top - down, 0.0),
        right=min(box.right + across, 1.0),
        bottom=min(box.bottom + down, 1.0),
    )


def fit_kept(kept: Mask, size: tuple[int, int]) -> Mask | None:
    """`kept` at `size` (width, height) without a rim; None where too little is left to compare."""
    small = cv2.resize(kept.astype(np.uint8), size, interpolation=cv2.INTER_NEAREST)
    rim = 2 * max(1, round(_RIM * max(size))) + 1
    inner = cv2.erode(small, np.ones((rim, rim), np.uint8), borderType=cv2.BORDER_CONSTANT, borderValue=1)
    mask: Mask = inner > 0
    return mask if mask.mean() >= _LEAST_KEPT else None


def _opaque(mask: bytes) -> Mask | None:
    try:
        with Image.open(io.BytesIO(mask), formats=("PNG",)) as image:
            alpha = np.asarray(image.convert("RGBA"))[..., 3]
    except (OSError, SyntaxError, ValueError, EOFError, Image.DecompressionBombError):
        return None
    return np.asarray(alpha >= _OPAQUE)
