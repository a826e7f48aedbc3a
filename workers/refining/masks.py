"""Masks of edits: PNG images whose transparent pixels are to be drawn again, all others kept."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import cv2
import numpy as np

from imaging.pixels import BgrImage, Mask
from imaging.plates import plate_of
from schemas.errors import BadOutput
from schemas.images import Box, Region

_WORKING_SIDE: Final = 320
"""Pixels of the longer side at which a subject is cut out. More pixels cost time and hardly improve the outline."""
_ROUNDS: Final = 4
"""GrabCut's iterations; its authors see the energy settle after three to five (Rother and others, 2004)."""
_MIDDLE: Final = Box(left=0.06, top=0.06, right=0.94, bottom=1.0)
"""Where a subject is searched if no region names it. The lower edge may cut it, as in portraits."""
_LEAST_PART: Final = 0.05
"""Share of the largest part of a cut-out: a smaller part belongs to the ground."""
_LEAST_SUBJECT: Final = 0.02
"""Share of its box: with a smaller cut-out nothing was found, and the whole box is kept."""
_SEED: Final = 7
_RIM: Final = 0.006
"""Share of the longer side by which boxes of copy grow, so that no shadow or outline of a letter remains."""
_TEXT_ROLES: Final = frozenset({"headline", "line", "call_to_action", "legal"})


def copy_mask(bgr: BgrImage, regions: Iterable[Region]) -> Mask:
    """Keep everything except the boxes of text in `regions` and whole buttons; everything, where there is no text."""
    height, width = bgr.shape[:2]
    kept = np.ones((height, width), dtype=np.bool_)
    rim = max(1, round(_RIM * max(width, height)))
    for region in regions:
        if region.role in _TEXT_ROLES:
            kept[_window(region.box, width, height, rim)] = False
        button = plate_of(bgr, region.box) if region.role == "call_to_action" else None
        if button is not None:
            kept[button > 0] = False
    return kept


def background_mask(bgr: BgrImage, regions: Iterable[Region]) -> Mask:
    """Keep product, logo and the letters of the copy, where `regions` have them; without a product, the subject.

    The subject is cut out by GrabCut (C. Rother, V. Kolmogorov, A. Blake, 2004), in the product's box or in the middle.
    """
    height, width = bgr.shape[:2]
    kept = np.zeros((height, width), dtype=np.bool_)
    known = tuple(regions)
    products = [region.box for region in known if region.role == "product"]
    for box in products or [_MIDDLE]:
        kept |= _subject(bgr, box)
    for region in known:
        window = _window(region.box, width, height, 1)
        if region.role == "logo":
            kept[window] = True
        elif region.role in _TEXT_ROLES:
            kept[window] |= _letters(BgrImage(bgr[window]))
    return kept


def encode_mask(kept: Mask) -> bytes:
    """`kept` as a PNG: white, transparent where the image is to be drawn again."""
    rgba = np.full((*kept.shape, 4), 255, dtype=np.uint8)
    rgba[..., 3] = np.where(kept, 255, 0)
    done, data = cv2.imencode(".png", rgba)
    if not done:
        raise BadOutput("the mask cannot be encoded as PNG")
    return data.tobytes()


def _subject(bgr: BgrImage, box: Box) -> Mask:
    """The subject within `box`."""
    height, width = bgr.shape[:2]
    scale = min(1.0, _WORKING_SIDE / max(height, width))
    small = cv2.resize(bgr, (max(8, round(width * scale)), max(8, round(height * scale))), interpolation=cv2.INTER_AREA)
    labels = np.full(small.shape[:2], cv2.GC_BGD, dtype=np.uint8)
    rows, columns = _window(box, small.shape[1], small.shape[0], 0)
    labels[rows, columns] = cv2.GC_PR_FGD
    if not (labels == cv2.GC_BGD).any():
        labels[0, :] = labels[:, 0] = labels[:, -1] = cv2.GC_BGD
    cv2.setRNGSeed(_SEED)  # its k-means is random; the generator belongs to this thread
    models = np.zeros((1, 65)), np.zeros((1, 65))
    cv2.grabCut(np.ascontiguousarray(small), labels, (0, 0, 1, 1), *models, _ROUNDS, cv2.GC_INIT_WITH_MASK)
    found = _without_small_parts(np.isin(labels, (cv2.GC_FGD, cv2.GC_PR_FGD)))
    if found[rows, columns].mean() < _LEAST_SUBJECT:
        found[rows, columns] = True
    grown = cv2.resize(found.astype(np.uint8), (width, height), interpolation=cv2.INTER_LINEAR)
    return np.asarray(grown > 0, dtype=np.bool_)


def _without_small_parts(found: Mask) -> Mask:
    """The larger parts of a cut-out, with small gaps and holes closed."""
    closed = cv2.morphologyEx(found.astype(np.uint8), cv2.MORPH_CLOSE, np.ones((5, 5), np.uint8))
    _, parts, stats, _ = cv2.connectedComponentsWithStats(closed)
    areas = stats[1:, cv2.CC_STAT_AREA]
    large = 1 + np.flatnonzero(areas >= _LEAST_PART * areas.max(initial=0))
    outlines, _ = cv2.findContours(np.isin(parts, large).astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    filled = cv2.drawContours(np.zeros_like(closed), outlines, -1, 1, cv2.FILLED)
    return np.asarray(filled > 0, dtype=np.bool_)


def _letters(bgr: BgrImage) -> Mask:
    """The letters in a box of text: what differs from the colour at its rim, split by Otsu's threshold, and a rim.

    What touches the edge of the box is not a letter but the image behind it.
    """
    lab = cv2.cvtColor(bgr, cv2.COLOR_BGR2LAB).astype(np.float32)
    border = np.concatenate([lab[0], lab[-1], lab[:, 0], lab[:, -1]])
    distance = np.linalg.norm(lab - np.median(border, axis=0), axis=2)
    levels = np.clip(distance, 0, 255).astype(np.uint8)
    _, letters = cv2.threshold(levels, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    _, parts = cv2.connectedComponents(letters)
    at_edge = np.unique(np.concatenate([parts[0], parts[-1], parts[:, 0], parts[:, -1]]))
    inner = (letters > 0) & ~np.isin(parts, at_edge)
    return np.asarray(cv2.dilate(inner.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0, dtype=np.bool_)


def _window(box: Box, width: int, height: int, rim: int) -> tuple[slice, slice]:
    """The rows and columns of `box`, `rim` pixels wider where the image goes on; at least one of each."""
    left, top = max(0, int(box.left * width) - rim), max(0, int(box.top * height) - rim)
    right, bottom = min(width, round(box.right * width) + rim), min(height, round(box.bottom * height) + rim)
    return slice(top, max(top + 1, bottom)), slice(left, max(left + 1, right))
