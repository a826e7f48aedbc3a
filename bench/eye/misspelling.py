"""Misspelling a line, and setting it again in its place."""

from __future__ import annotations

import numpy as np
from PIL import Image, ImageDraw

from bench.eye.brush import erased, inside
from bench.eye.defect_images import SampleAd
from imaging.colour import lightness_levels
from imaging.fonts.registry import font
from imaging.measures.text.lettering import split_letters
from imaging.pixels import BgrImage
from schemas.images import Region


def misspell(text: str, rng: np.random.Generator) -> str:
    """`text` with one wrong letter, in a word of four letters or more."""
    n = int(rng.choice(places(text)))
    kind = rng.integers(4)
    if kind == 0:
        return text[:n] + text[n + 1 :]
    if kind == 1:
        return text[:n] + text[n + 1] + text[n] + text[n + 2 :]
    if kind == 2:
        return text[: n + 1] + text[n] + text[n + 1 :]
    other = rng.choice([c for c in "abdegkmnprstuvwz" if c != text[n].lower()])
    return text[:n] + str(other) + text[n + 1 :]


def places(text: str) -> list[int]:
    """Where a wrong letter would be seen: inside a word, and on no letter that looks like another."""
    return [
        n
        for n in range(1, len(text) - 2)
        if text[n - 1 : n + 3].isalpha() and text[n] != text[n + 1] and text[n].lower() not in "il1o0"
    ]


def reset(image: SampleAd, region: Region, text: str) -> BgrImage:
    """`text` set in the box of `region` after the old one is painted over, in the old one's colour and size."""
    pixels = image.final
    height, width = pixels.shape[:2]
    box, level = inside(pixels, region.box), lightness_levels(inside(pixels, region.box))
    _, letters = split_letters(level)
    if letters.shape != level.shape or not letters.any():
        letters = np.abs(level.astype(int) - int(np.median(level))) > 40
    ink = np.median(box[letters], axis=0) if letters.any() else np.array([255.0] * 3)
    clean = Image.fromarray(erased(pixels, region.box)[..., ::-1].copy())
    left, top = region.box.left * width, region.box.top * height
    right, bottom = region.box.right * width, region.box.bottom * height
    lines, size = _fitted(text, right - left, bottom - top, image.campaign.brand.fonts.body)
    face = font(image.campaign.brand.fonts.body, 600, size)
    pen = ImageDraw.Draw(clean)
    middle = ((left + right) / 2, (top + bottom) / 2)
    colour = tuple(int(c) for c in ink[::-1])
    pen.multiline_text(middle, lines, fill=colour, font=face, anchor="mm", spacing=0.2 * size)
    return np.ascontiguousarray(np.asarray(clean)[..., ::-1])


def _fitted(text: str, width: float, height: float, family: str) -> tuple[str, float]:
    """The line breaks and the size in pixels at which `text` fills a box best."""
    words, best = text.split(), ("", 0.0)
    for count in range(1, 5):
        share = -(-len(words) // count)
        lines = [" ".join(words[a : a + share]) for a in range(0, len(words), share)]
        longest = max(font(family, 600, 100).getlength(line) for line in lines)
        size = min(100 * width / longest, height / (1.25 * len(lines)))
        best = max(best, ("\n".join(lines), size), key=lambda made: made[1])
    return best
