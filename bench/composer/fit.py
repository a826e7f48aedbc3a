"""Is every text where it may be, and can it be read? Random combinations of brand, layout, format and copy.

``make bench NAME=composer-fit``: 10,000 scenes in fifteen languages are laid out and their inks chosen; overlaps,
margins and glyphs are checked on each, contrast and the ink of the letters on the pixels of every sixteenth. 500 others
are read by machines (`bench.composer.reading`).
"""

from __future__ import annotations

import asyncio
import itertools
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from bench.composer.reading import reading
from bench.composer.requests import Combination, combination, deck
from bench.figures import Figure, report, say
from imaging.colour import contrast_ratio, luminance, luminances
from imaging.composer.compose import Composed, compose
from imaging.composer.paint.brush import Sheet
from imaging.composer.paint.painter import paint_behind, paint_front
from imaging.composer.scene.geometry import Rect, safe
from imaging.composer.scene.scene import Scene, TextBlock
from imaging.composer.type.lettering import draw_texts
from imaging.fonts.registry import family_for
from imaging.pixels import RgbImage
from schemas.errors import InvalidRequest
from schemas.images import Size

COMBINATIONS: Final = 10_000
PAINTED_EVERY: Final = 16
READABLE: Final = 4.5
_SLACK: Final = 0.5
"""Units by which rounding may move a box."""
_PAINTED: Final = 12
"""Levels by which a letter's edge may change a pixel outside its box: what rounding and anti-aliasing do."""


@dataclass
class Tally:
    """The counts over all combinations."""

    counts: Counter[str] = field(default_factory=Counter)
    layouts: Counter[str] = field(default_factory=Counter)
    languages: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    lowest: float = 21.0


def main() -> None:
    began = time.monotonic()
    dealt = asyncio.run(deck())
    tally = Tally()
    rng = np.random.Generator(np.random.PCG64(2026))
    for index in range(COMBINATIONS):
        _check(combination(dealt, rng, index), tally, painted=index % PAINTED_EVERY == 0)
        if index % 2000 == 1999:
            say(f"{index + 1:,} combinations, {time.monotonic() - began:.0f} s")
    figures = _figures(tally)
    say(f"reading, {time.monotonic() - began:.0f} s")
    report("composer-fit", [*figures, *reading(dealt)])


def _check(one: Combination, tally: Tally, *, painted: bool) -> None:
    try:
        composed = compose(one.axes, one.material, one.size)
    except InvalidRequest as error:
        tally.counts["refused"] += 1
        tally.reasons[str(error).rpartition("; shorten ")[2]] += 1
        return
    scene = composed.scene
    tally.counts["laid out"] += 1
    tally.layouts[scene.axes.layout] += 1
    tally.languages[scene.language] += 1
    _check_places(scene, safe(one.material.safe_area, scene.height), tally)
    _check_glyphs(scene, tally)
    if painted:
        _check_contrast(one, composed, tally)


def _check_places(scene: Scene, free: Rect, tally: Tally) -> None:
    boxes = {block.role: block.box for block in scene.blocks}
    if scene.button is not None:  # the label is on it, and nothing else may be
        boxes["call_to_action"] = scene.button.box
    if scene.logo is not None:
        boxes["logo"] = scene.logo.box
    outside = free.grown(_SLACK)
    for box in boxes.values():
        if box.left < outside.left or box.right > outside.right or box.top < outside.top or box.bottom > outside.bottom:
            tally.counts["outside"] += 1
    for first, second in itertools.combinations(boxes.values(), 2):
        tally.counts["overlaps"] += first.overlaps(second.grown(-_SLACK))
    if scene.product is not None:
        for role in ("headline", "line", "call_to_action", "legal"):
            tally.counts["covered"] += role in boxes and scene.product.box.overlaps(boxes[role].grown(-_SLACK))


def _check_glyphs(scene: Scene, tally: Tally) -> None:
    for block in scene.blocks:
        for line in block.lines:
            for character in line.text:
                tally.counts["glyphs"] += 1
                if character != " " and family_for(character, block.family, scene.language) is None:
                    tally.counts["tofu"] += 1


def _check_contrast(one: Combination, composed: Composed, tally: Tally) -> None:
    """Measure the contrast of each ink with the worst twentieth of the pixels behind its text."""
    scene = composed.scene
    page = paint_behind(scene, composed.scheme, one.size.width, one.size.height)
    bare = scene.model_copy(update={"blocks": ()})
    paint_front(page, bare, one.material.sprites)
    ground = page.pixels.copy()
    tally.counts["ink outside"] += _spilt(ground, page, scene, one.size)
    for block in scene.blocks:
        reached = _contrast(ground, block, scene.height)
        tally.counts["contrasts"] += 1
        tally.lowest = min(tally.lowest, reached)
        tally.counts["faint"] += reached < READABLE


def _spilt(ground: RgbImage, page: Sheet, scene: Scene, size: Size) -> bool:
    """Whether letters, painted on `page`, change `ground` outside the boxes of their texts."""
    draw_texts(page, scene)
    changed = np.abs(page.pixels.astype(np.int16) - ground).max(axis=2) > _PAINTED
    for block in scene.blocks:
        box = block.box.box(scene.height)
        rows = slice(max(int(box.top * size.height) - 1, 0), int(np.ceil(box.bottom * size.height)) + 1)
        columns = slice(max(int(box.left * size.width) - 1, 0), int(np.ceil(box.right * size.width)) + 1)
        changed[rows, columns] = False
    return bool(changed.any())


def _contrast(ground: RgbImage, block: TextBlock, height: float) -> float:
    box = block.box.box(height)
    high, wide = ground.shape[:2]
    rows = slice(int(box.top * high), max(int(box.bottom * high), int(box.top * high) + 1))
    part = ground[rows, int(box.left * wide) : max(int(box.right * wide), int(box.left * wide) + 1)]
    low, up = (float(value) for value in np.percentile(luminances(RgbImage(part.reshape(-1, 3))), (5, 95)))
    own = luminance(block.ink)
    return min(contrast_ratio(own, low), contrast_ratio(own, up)) if not low < own < up else 1.0


def _reasons(reasons: Counter[str]) -> str:
    """The texts that would have to be shorter, the most frequent first."""
    return "scenes: " + ", ".join(f"{count} {reason}" for reason, count in reasons.most_common(4))


def _figures(tally: Tally) -> list[Figure]:
    counts = tally.counts
    return [
        Figure("combinations", COMBINATIONS, "scenes"),
        Figure("laid out", counts["laid out"], "scenes"),
        Figure("refused with a reason", counts["refused"], _reasons(tally.reasons)),
        Figure("languages laid out", len(tally.languages), "languages", ">= 12"),
        Figure("texts whose painted ink leaves their box", counts["ink outside"], "of the painted scenes", "<= 0"),
        Figure("layouts that came up", len(tally.layouts), "layouts", ">= 16"),
        Figure("texts, buttons or logos outside the safe area", counts["outside"], "boxes", "<= 0"),
        Figure("overlaps of texts, button and logo", counts["overlaps"], "pairs", "<= 0"),
        Figure("texts covered by the product", counts["covered"], "texts", "<= 0"),
        Figure("missing glyphs", counts["tofu"], f"of {counts['glyphs']:,} characters", "<= 0"),
        Figure("contrast below 4.5", counts["faint"], f"of {counts['contrasts']:,} texts", "<= 0"),
        Figure("lowest contrast", tally.lowest, "to 1", ">= 4.5"),
    ]


if __name__ == "__main__":
    main()
