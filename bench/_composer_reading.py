"""Can the ads be read? A sample drawn at full size and read by machines: the eye's own, and Tesseract for Cyrillic.

The eye's model knows Latin, Japanese and Chinese letters and no Cyrillic ones. Those are read by Tesseract where it is
installed with its Russian and Ukrainian data; where it is not, the figure is absent.
"""

from __future__ import annotations

import io
import shutil
import subprocess
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from PIL import Image

from bench._common import Figure
from bench._composer import Combination, Deck, combination
from infra.providers.composer.colour import Pixels
from infra.providers.composer.compose import compose, paint
from infra.providers.composer.jobs import FINAL_QUALITY, encode
from infra.providers.composer.scene import Scene
from schemas.campaigns import Format
from schemas.errors import InvalidRequest
from schemas.images import Insets, Size
from workers.scoring.decode import decode
from workers.scoring.spelling import plain, wrong_letters
from workers.scoring.subject import Subject
from workers.scoring.wording import read_copy

PICTURES: Final = 500
SIZES: Final = (
    (1080, 1080), (1080, 1350), (1080, 1920), (1200, 628), (1920, 1080), (1000, 1500), (1500, 1000), (1350, 1080),
    (1500, 500), (1080, 2160),
)  # fmt: skip
GROUPS: Final = {
    "Latin": ("en", "de", "fr", "es", "pt"),
    "Japanese and Chinese": ("ja", "zh"),
    "Cyrillic": ("ru", "uk"),
}
_TESSERACT: Final = {"ru": "rus", "uk": "ukr"}
_WRONG: Final = 0.1
"""The share of wrong letters from which a line is not read."""
_RIM: Final = 8.0
"""Units around a text that Tesseract is shown besides."""
_TALL: Final = 48.0
"""Pixels of an em to which small text is enlarged for Tesseract."""
TEXTS: Final = ("headline", "line", "call_to_action", "legal")


@dataclass
class Read:
    """Lines that were drawn and lines that were not read, of one group of scripts."""

    lines: int = 0
    missed: int = 0
    formats: set[tuple[int, int]] = field(default_factory=set)


def reading(dealt: Deck) -> list[Figure]:
    """The share of lines that are read, by script."""
    luck = np.random.Generator(np.random.PCG64(7))
    names = tuple(GROUPS)
    tallies = {name: Read() for name in names}
    refused = 0
    for index in range(PICTURES):
        group = names[index % len(names)]
        size = Size(width=SIZES[index % len(SIZES)][0], height=SIZES[index % len(SIZES)][1])
        one = _in_group(dealt, luck, index, group, size)
        try:
            _count(one, group, tallies[group])
        except InvalidRequest:
            refused += 1
    return [*_figures(tallies), Figure("pictures refused", refused, f"of {PICTURES} pictures")]


def _in_group(dealt: Deck, luck: np.random.Generator, index: int, group: str, size: Size) -> Combination:
    """A combination in a language of the group."""
    language = GROUPS[group][int(luck.integers(len(GROUPS[group])))]
    area = Insets(top=0.05, right=0.05, bottom=0.05, left=0.05)
    return combination(dealt, luck, index, language=language, size=size, area=area)


def _count(one: Combination, group: str, tally: Read) -> None:
    composed = compose(one.axes, one.material, one.size)
    data = encode(paint(composed, one.material, one.size).pixels, FINAL_QUALITY)
    texts = {role: plain(getattr(one.material.wording, role)) for role in TEXTS}
    wanted = {role: text for role, text in texts.items() if text}
    if group == "Cyrillic":
        if shutil.which("tesseract") is None:
            return
        wrong = _read_by_tesseract(data, composed.scene, wanted, one.material.wording.language)
    else:
        form = Format(name="bench", size=one.size, safe_area=one.material.safe_area)
        brand, regions = one.material.brand, composed.scene.regions()
        wrong = read_copy(Subject(decode(data), brand.palette, form, regions, one.material.wording), wanted)
    tally.lines += len(wanted)
    tally.missed += sum(count > max(1, _WRONG * len(wanted[role])) for role, count in wrong.items())
    tally.formats.add((one.size.width, one.size.height))


def _read_by_tesseract(data: bytes, scene: Scene, wanted: dict[str, str], language: str) -> dict[str, int]:
    picture = Image.open(io.BytesIO(data)).convert("L")
    scale = picture.width / 1000
    wrong: dict[str, int] = {}
    for block in scene.blocks:
        if block.role not in wanted:
            continue
        box = block.box.grown(_RIM)
        part = picture.crop((box.left * scale, box.top * scale, box.right * scale, box.bottom * scale))
        factor = max(_TALL / (block.size * scale), 1.0)
        part = part.resize((round(part.width * factor), round(part.height * factor)), Image.Resampling.LANCZOS)
        wrong[block.role] = wrong_letters(wanted[block.role], plain(_tesseract(np.asarray(part), _TESSERACT[language])))
    return wrong


def _tesseract(picture: Pixels, language: str) -> str:
    stream = io.BytesIO()
    Image.fromarray(picture).save(stream, "PNG")
    command = ["tesseract", "-", "-", "-l", language, "--psm", "6", "--dpi", "150"]
    done = subprocess.run(command, input=stream.getvalue(), capture_output=True, check=True)  # noqa: S603 - no foreign words in it
    return done.stdout.decode()


def _figures(tallies: dict[str, Read]) -> list[Figure]:
    readers = {"Cyrillic": " (by Tesseract, the eye has no Cyrillic)"}
    return [
        Figure(
            f"{name} lines read{readers.get(name, ' by the eye')}",
            1 - tally.missed / tally.lines,
            f"of {tally.lines:,} lines in {len(tally.formats)} formats",
            ">= 0.98",
        )
        for name, tally in tallies.items()
        if tally.lines
    ]
