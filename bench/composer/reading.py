"""Can the ads be read? A sample is drawn at full size and read by the scorecard's own readers, script by script.

Their model knows Latin, Japanese and Chinese letters. Cyrillic letters are read by Tesseract, if it is installed with
its Russian and Ukrainian data; else the figure is absent.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

import numpy as np

from bench.composer.requests import Combination, Deck, combination
from bench.figures import Figure
from imaging.composer.codec import FINAL_QUALITY, encode
from imaging.composer.compose import compose, paint
from imaging.decode import decode
from imaging.measures.subject import Subject
from imaging.measures.text.wording import count_wrong, readers_of
from infra.programs.tesseract import TesseractReaders
from schemas.campaigns import Format
from schemas.errors import InvalidRequest
from schemas.images import Insets, Size

IMAGES: Final = 500
SIZES: Final = (
    (1080, 1080), (1080, 1350), (1080, 1920), (1200, 628), (1920, 1080), (1000, 1500), (1500, 1000), (1350, 1080),
    (1500, 500), (1080, 2160),
)  # fmt: skip
GROUPS: Final = {
    "Latin": ("en", "de", "fr", "es", "pt"),
    "Japanese and Chinese": ("ja", "zh"),
    "Cyrillic": ("ru", "uk"),
}
_WRONG: Final = 0.1
"""The greatest share of wrong letters in a line that counts as read."""


@dataclass
class Read:
    """Lines drawn in one group of scripts: all, read wrongly, with any letter wrong, and without a reader."""

    lines: int = 0
    missed: int = 0
    wrong: int = 0
    unread: int = 0
    formats: set[tuple[int, int]] = field(default_factory=set)


def reading(dealt: Deck) -> list[Figure]:
    """The share of lines that are read, by script."""
    rng = np.random.Generator(np.random.PCG64(7))
    names = tuple(GROUPS)
    tallies = {name: Read() for name in names}
    refused = 0
    for index in range(IMAGES):
        group = names[index % len(names)]
        size = Size(width=SIZES[index % len(SIZES)][0], height=SIZES[index % len(SIZES)][1])
        one = _in_group(dealt, rng, index, group, size)
        try:
            _count(one, tallies[group])
        except InvalidRequest:
            refused += 1
    return [*_figures(tallies), Figure("images refused", refused, f"of {IMAGES} images")]


def _in_group(dealt: Deck, rng: np.random.Generator, index: int, group: str, size: Size) -> Combination:
    """A combination in a language of the group."""
    language = GROUPS[group][int(rng.integers(len(GROUPS[group])))]
    area = Insets(top=0.05, right=0.05, bottom=0.05, left=0.05)
    return combination(dealt, rng, index, language=language, size=size, area=area)


def _count(one: Combination, tally: Read) -> None:
    composed = compose(one.axes, one.material, one.size)
    data = encode(paint(composed, one.material, one.size).pixels, FINAL_QUALITY)
    form = Format(name="bench", size=one.size, safe_area=one.material.safe_area)
    brand, regions = one.material.brand, composed.scene.regions()
    subject = Subject(decode(data), brand.palette, form, regions, one.material.wording)
    readers = readers_of(subject, TesseractReaders())
    lines, drawn = count_wrong(subject, readers).values(), len(readers)
    tally.lines += drawn
    tally.unread += drawn - len(lines)
    tally.missed += sum(wrong > max(1, _WRONG * len(wanted)) for wanted, wrong in lines)
    tally.wrong += sum(wrong > 0 for _, wrong in lines)
    tally.formats.add((one.size.width, one.size.height))


def _figures(tallies: dict[str, Read]) -> list[Figure]:
    readers = {"Cyrillic": "the eye, with Tesseract's data"}
    figures = []
    for name, tally in tallies.items():
        if tally.lines == tally.unread:
            continue
        of, by = f"of {tally.lines:,} lines in {len(tally.formats)} formats", readers.get(name, "the eye")
        figures += [
            Figure(f"{name} lines read by {by}", 1 - (tally.missed + tally.unread) / tally.lines, of, ">= 0.98"),
            Figure(f"{name} lines with no letter wrong, by {by}", 1 - (tally.wrong + tally.unread) / tally.lines, of),
        ]
    return figures
