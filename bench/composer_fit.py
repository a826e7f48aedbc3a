"""Does every text stand where it may, and can it be read? Random combinations of brand, layout, format and copy.

``make bench NAME=composer-fit``: 10,000 scenes are laid out and their inks chosen; overlaps, margins and glyphs are
checked on each, contrast on the pixels of every sixteenth. A part of them is read by the eye's OCR.
"""

from __future__ import annotations

import asyncio
import itertools
import time
from collections import Counter
from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np

from bench._common import Figure, report, say
from bench._composer import Deck, deck
from infra.providers.composer.axes import GROUNDS, LAYOUTS, SCHEMES, Axes
from infra.providers.composer.colour import Pixels, luminance, luminances, ratio
from infra.providers.composer.compose import Composed, Material, compose, paint
from infra.providers.composer.fonts import family_for
from infra.providers.composer.geometry import Rect, safe
from infra.providers.composer.jobs import FINAL_QUALITY, encode
from infra.providers.composer.painter import paint_behind, paint_front
from infra.providers.composer.scene import Scene, TextBlock
from schemas.campaigns import Format
from schemas.errors import InvalidRequest
from schemas.images import Size
from workers.scoring.decode import decode
from workers.scoring.reader import readable
from workers.scoring.spelling import plain
from workers.scoring.subject import Subject
from workers.scoring.wording import read_copy

COMBINATIONS: Final = 10_000
PAINTED_EVERY: Final = 16
READ: Final = 500
READ_LANGUAGES: Final = frozenset({"en", "pt", "de", "ru", "ja", "zh"})
READABLE: Final = 4.5
_WRONG: Final = 0.1
"""The share of wrong letters from which a line is not read."""
_SLACK: Final = 0.5
"""Units by which rounding may move a box."""
TEXTS: Final = ("headline", "line", "call_to_action", "legal")


@dataclass
class Tally:
    """What was counted."""

    counts: Counter[str] = field(default_factory=Counter)
    layouts: Counter[str] = field(default_factory=Counter)
    lowest: float = 21.0


def main() -> None:
    began = time.monotonic()
    dealt = asyncio.run(deck())
    tally = Tally()
    luck = np.random.Generator(np.random.PCG64(2026))
    for index in range(COMBINATIONS):
        _check(_combination(dealt, luck, index), tally, painted=index % PAINTED_EVERY == 0)
        if index % 2000 == 1999:
            say(f"{index + 1:,} combinations, {time.monotonic() - began:.0f} s")
    report("composer-fit", [*_figures(tally), *_read(dealt)])


@dataclass(frozen=True)
class Combination:
    """One ad to be laid out."""

    axes: Axes
    material: Material
    size: Size


def _combination(dealt: Deck, luck: np.random.Generator, index: int) -> Combination:
    size = dealt.size(luck)
    axes = Axes(
        layout=LAYOUTS[index % len(LAYOUTS)],
        ground=GROUNDS[int(luck.integers(len(GROUNDS)))],
        scheme=SCHEMES[int(luck.integers(len(SCHEMES)))],
        product=int(luck.integers(12)),
        flipped=bool(luck.integers(2)),
        tilt=float((0.0, -8.0, 10.0)[int(luck.integers(3))]),
        type_scale=float((0.82, 1.0)[int(luck.integers(2))]),
        detail=int(luck.integers(2**32)),
        height=1000 * size.height / size.width,
    )
    return Combination(axes, dealt.material(luck, dealt.words(luck)), size)


def _check(one: Combination, tally: Tally, *, painted: bool) -> None:
    try:
        composed = compose(one.axes, one.material, one.size)
    except InvalidRequest:
        tally.counts["refused"] += 1
        return
    scene = composed.scene
    tally.counts["laid out"] += 1
    tally.layouts[scene.axes.layout] += 1
    _check_places(scene, safe(one.material.safe_area, scene.height), tally)
    _check_glyphs(scene, tally)
    if painted:
        _check_contrast(one, composed, tally)


def _check_places(scene: Scene, free: Rect, tally: Tally) -> None:
    boxes = {block.role: block.box for block in scene.blocks}
    if scene.logo is not None:
        boxes["logo"] = scene.logo.box
    outside = free.grown(_SLACK)
    for box in boxes.values():
        if box.left < outside.left or box.right > outside.right or box.top < outside.top or box.bottom > outside.bottom:
            tally.counts["outside"] += 1
    for first, second in itertools.combinations(boxes.values(), 2):
        tally.counts["overlaps"] += first.overlaps(second.grown(-_SLACK))
    if scene.product is not None:
        for role in TEXTS:
            tally.counts["covered"] += role in boxes and scene.product.box.overlaps(boxes[role].grown(-_SLACK))


def _check_glyphs(scene: Scene, tally: Tally) -> None:
    for block in scene.blocks:
        for line in block.lines:
            for character in line.text:
                tally.counts["glyphs"] += 1
                if character != " " and family_for(character, block.family, scene.language) is None:
                    tally.counts["tofu"] += 1


def _check_contrast(one: Combination, composed: Composed, tally: Tally) -> None:
    """Contrast of each ink with the worst twentieth of what is really behind its letters' boxes."""
    scene = composed.scene
    page = paint_behind(scene, composed.scheme, one.size.width, one.size.height)
    bare = scene.model_copy(update={"blocks": ()})
    paint_front(page, bare, one.material.sprites)
    ground = page.pixels
    for block in scene.blocks:
        reached = _contrast(ground, block, scene.height)
        tally.counts["contrasts"] += 1
        tally.lowest = min(tally.lowest, reached)
        tally.counts["faint"] += reached < READABLE


def _contrast(ground: Pixels, block: TextBlock, height: float) -> float:
    box = block.box.box(height)
    high, wide = ground.shape[:2]
    rows = slice(int(box.top * high), max(int(box.bottom * high), int(box.top * high) + 1))
    part = ground[rows, int(box.left * wide) : max(int(box.right * wide), int(box.left * wide) + 1)]
    low, up = (float(value) for value in np.percentile(luminances(part.reshape(-1, 3)), (5, 95)))
    own = luminance(block.ink)
    return min(ratio(own, low), ratio(own, up)) if not low < own < up else 1.0


def _figures(tally: Tally) -> list[Figure]:
    counts = tally.counts
    return [
        Figure("combinations", COMBINATIONS, "scenes"),
        Figure("laid out", counts["laid out"], "scenes"),
        Figure("refused with a reason", counts["refused"], "scenes"),
        Figure("layouts that came up", len(tally.layouts), "layouts", ">= 16"),
        Figure("texts or logos outside the safe area", counts["outside"], "boxes", "<= 0"),
        Figure("overlaps of texts and logo", counts["overlaps"], "pairs", "<= 0"),
        Figure("texts covered by the product", counts["covered"], "texts", "<= 0"),
        Figure("missing glyphs", counts["tofu"], f"of {counts['glyphs']:,} characters", "<= 0"),
        Figure("contrast below 4.5", counts["faint"], f"of {counts['contrasts']:,} texts", "<= 0"),
        Figure("lowest contrast", tally.lowest, "to 1", ">= 4.5"),
    ]


def _read(dealt: Deck) -> list[Figure]:
    """The share of lines that the eye's OCR reads."""
    luck = np.random.Generator(np.random.PCG64(7))
    found = total = 0
    for index in range(READ):
        one = _readable(dealt, luck, index)
        try:
            composed = compose(one.axes, one.material, one.size)
        except InvalidRequest:
            continue
        page = paint(composed, one.material, one.size).pixels
        lines, missed = _lines(encode(page, FINAL_QUALITY), composed.scene, one)
        found, total = found + lines - missed, total + lines
    return [Figure("lines that the OCR reads", found / max(total, 1), f"of {total:,} lines", ">= 0.98")]


def _lines(data: bytes, scene: Scene, one: Combination) -> tuple[int, int]:
    """How many lines of copy are on the picture, and how many of them are not read: more than a tenth is wrong."""
    form = Format(name="bench", size=one.size, safe_area=one.material.safe_area)
    subject = Subject(decode(data), one.material.brand.palette, form, scene.regions(), one.material.wording)
    wanted = {role: plain(getattr(one.material.wording, role)) for role in TEXTS}
    wanted = {role: text for role, text in wanted.items() if text}
    wrong = read_copy(subject, wanted)
    return len(wanted), sum(count > max(1, _WRONG * len(wanted[role])) for role, count in wrong.items())


def _readable(dealt: Deck, luck: np.random.Generator, index: int) -> Combination:
    """A combination in a language that the reader knows, in one of the four sample formats."""
    form = dealt.campaigns[0].formats[index % 4]
    while True:
        one = _combination(dealt, luck, index)
        words = one.material.wording
        if words.language in READ_LANGUAGES and readable(words.headline + words.line):
            height = 1000 * form.size.height / form.size.width
            material = replace(one.material, safe_area=form.safe_area)
            return Combination(one.axes.model_copy(update={"height": height}), material, form.size)


if __name__ == "__main__":
    main()
