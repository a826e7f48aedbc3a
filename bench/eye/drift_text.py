"""Copy that a model redraws without reading it: letters mirrored and turned, the line's look kept."""

from __future__ import annotations

from typing import Final

import numpy as np

from bench.eye.defect_images import SampleAd
from imaging.measures.text.boxes import TEXT_ROLES, cut
from imaging.measures.text.lettering import split_lines
from imaging.pixels import BgrImage

_SHARES: Final = (0.12, 0.35, 0.8)
"""Of the letters of a line that are turned."""
_LETTER: Final = 0.62
"""Of the line's height: the usual width of a letter."""


def garbled(image: SampleAd, strength: int, rng: np.random.Generator) -> BgrImage:
    """In one text 12, 35 or 80 % of the letters are turned on their head or mirrored."""
    out = image.final.copy()
    there = [region for region in image.final_regions if region.role in TEXT_ROLES and region.text]
    region = there[int(rng.integers(len(there)))]
    lines = split_lines(cut(out, region.box))  # views into `out`
    slots = [slot for line in lines for slot in _slots(line)]
    count = max(1, round(_SHARES[strength] * len(slots)))
    for index in rng.choice(len(slots), count, replace=False):
        slot = slots[int(index)]
        slot[...] = slot[::-1, ::-1].copy() if rng.random() < 0.5 else slot[::-1].copy()
    return out


def _slots(line: BgrImage) -> list[BgrImage]:
    """The places of letters, cut where the least ink is; plain places (the gaps between words) are left out."""
    wide = max(4, round(_LETTER * line.shape[0]))
    level = line.astype(np.float32).mean(axis=2)
    ink = np.abs(level - np.median(level)).mean(axis=0)
    edges = [0]
    while edges[-1] + wide < line.shape[1]:
        start = edges[-1] + wide // 2
        window = ink[start : min(edges[-1] + 2 * wide, line.shape[1])]
        edges.append(start + int(window.argmin()) + 1)
    slots = [line[:, a:b] for a, b in zip(edges, [*edges[1:], line.shape[1]], strict=True)]
    strong = [slot for slot in slots if slot.shape[1] > 2 and float(slot.std()) > 0.4 * float(line.std())]
    return strong or [line]
