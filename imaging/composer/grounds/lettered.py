"""Type as a pattern: rows of a word, or letters so large that the image cuts them.

The words are the brand's name and the headline's key word. They are so near to the ground in tone, rotated and cut off,
that neither people nor machines read them as copy.
"""

from __future__ import annotations

import math
import unicodedata
from functools import lru_cache
from itertools import pairwise
from typing import Final

import cv2
import numpy as np
from PIL import Image, ImageDraw

from imaging.colour import lightness, mix, shade
from imaging.composer.colour.scheme import Scheme
from imaging.composer.paint.brush import Sheet
from imaging.composer.scene.geometry import WIDTH
from imaging.composer.scene.scene import Motif
from imaging.composer.type.measure import direction_of
from imaging.composer.type.phrases import phrase_starts
from imaging.fonts.registry import family_of, fresh_font
from imaging.fonts.runs import Voice, drawable, visual_runs
from imaging.pixels import Levels
from schemas.brands import BrandKit, Copy
from schemas.errors import InvalidRequest

_DRAWN: Final = 256
"""Pixels of size at which words are drawn, once for all images."""
_NEAR: Final = 0.034
_NEAR_ON_PAPER: Final = 0.024
"""How far letters are from the ground in Oklab lightness: less on pale grounds, where contrast is higher."""
_LIGHTER: Final = ((0.0, 0.28), (0.6, 0.93))
"""The Oklab lightness of grounds on which letters are lighter: there is no tone below black or above white, and on the
others letters move away from the copy's ink."""
_SMALL: Final = ((90.0, 150.0), (-16.0, 14.0, -24.0))
_GIANT: Final = ((200.0, 420.0), (-90.0, -12.0, 14.0, -24.0))
"""Units of size, and degrees by which the rows are rotated."""
_STROKE: Final = 0.022
"""The width of an outline, in multiples of the size."""
_SHORTEST: Final = 5
_LONGEST: Final = 16
"""The least and the most letters of a word for a pattern: shorter words are particles, longer ones look like text. In
scripts without case, each letter counts twice."""


def paint(sheet: Sheet, scheme: Scheme, draw: np.random.Generator, motif: Motif | None) -> None:
    """Paint the whole sheet; without words, only its gradient."""
    sheet.wash([[scheme.tones[1], scheme.tones[2]], [scheme.tones[2], scheme.tones[3]]])
    if motif is None:
        return
    kind, named = int(draw.integers(0, 4)), int(draw.integers(0, 3)) > 0
    if kind == 0:
        letters = _initial(sheet, draw, motif)
    else:
        word = motif.words[0 if named else -1]
        size, turns = _SMALL if kind == 1 else _GIANT
        letters = _rows(sheet, draw, (word, _voice(motif)), draw.uniform(*size), float(draw.choice(turns)))
    _press(sheet, scheme, letters)


def _voice(motif: Motif) -> Voice:
    return Voice(motif.family, motif.weight, motif.language, motif.rtl)


def _press(sheet: Sheet, scheme: Scheme, letters: Levels) -> None:
    """Make the sheet a shade lighter or darker where there are letters."""
    middle = mix(scheme.tones[1], scheme.tones[2], 0.5)
    light = any(low <= lightness(middle) < high for low, high in _LIGHTER)
    near = _NEAR_ON_PAPER if lightness(middle) >= _LIGHTER[-1][1] else _NEAR
    other = shade(middle, near if light else -near)
    levels = [abs(after - before) / 255 for before, after in zip(middle, other, strict=True)]
    change = cv2.merge([cv2.convertScaleAbs(letters, None, level) for level in levels])
    (cv2.add if light else cv2.subtract)(sheet.pixels, change, dst=sheet.pixels)


def _initial(sheet: Sheet, draw: np.random.Generator, motif: Motif) -> Levels:
    """One letter, about as large as the image or larger, away from the middle."""
    letter = word_mask(motif.initial, _voice(motif), outlined=False)
    factor = sheet.scale * max(WIDTH, sheet.height) * draw.uniform(0.95, 1.35) / letter.shape[0]
    centre = np.array((draw.uniform(0.62, 0.9) * WIDTH, draw.uniform(0.3, 0.75) * sheet.height)) * sheet.scale
    if draw.integers(0, 2):
        centre[0] = sheet.pixels.shape[1] - centre[0]
    middle = (letter.shape[1] / 2, letter.shape[0] / 2)
    view = np.asarray(cv2.getRotationMatrix2D(middle, draw.uniform(-18, 18), factor), np.float64)
    view[:, 2] += centre - middle
    size = (sheet.pixels.shape[1], sheet.pixels.shape[0])
    large = cv2.warpAffine(letter, view, size, flags=cv2.INTER_LINEAR)
    return _sharp(np.asarray(large, np.uint8), factor)


def _rows(sheet: Sheet, draw: np.random.Generator, text: tuple[str, Voice], size: float, turn: float) -> Levels:
    """Rows of a word, `size` units large, rotated by `turn` degrees; every second row is shifted and outlined."""
    tile, factor = _tile(*text, sheet.scale * size)
    width, height = sheet.pixels.shape[1], sheet.pixels.shape[0]
    start = (draw.uniform(0, 1, 2) * tile.shape).astype(int)
    reach = math.ceil(math.hypot(width, height) * factor) + 2
    rolled = np.roll(tile, (int(start[0]), int(start[1])), (0, 1))
    more = (max(reach - rolled.shape[0], 0), max(reach - rolled.shape[1], 0))
    endless = cv2.copyMakeBorder(rolled, 0, more[0], 0, more[1], cv2.BORDER_WRAP)[:reach, :reach]
    view = np.asarray(cv2.getRotationMatrix2D((width / 2, height / 2), turn, factor), np.float64)
    view[:, 2] += reach / 2 - np.array((width, height)) / 2
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    return np.asarray(cv2.warpAffine(endless, view, (width, height), flags=flags), np.uint8)


def _tile(word: str, voice: Voice, size: float) -> tuple[Levels, float]:
    """Two rows of `word` as a tile, letters `size` pixels large, and the tile's pixels to one of the sheet."""
    rows = [word_mask(word, voice, outlined=outlined) for outlined in (False, True)]
    gap = round(0.3 * _DRAWN)
    padded = [cv2.copyMakeBorder(row, 0, round(0.12 * _DRAWN), 0, gap, cv2.BORDER_CONSTANT, value=0) for row in rows]
    padded[1] = np.roll(padded[1], padded[1].shape[1] // 2, axis=1)
    both = np.concatenate(padded)
    wanted = (max(round(both.shape[1] * size / _DRAWN), 8), max(round(both.shape[0] * size / _DRAWN), 8))
    if size >= _DRAWN:
        return np.asarray(both, np.uint8), _DRAWN / size
    return np.asarray(cv2.resize(both, wanted, interpolation=cv2.INTER_AREA), np.uint8), 1.0


def _sharp(mask: Levels, factor: float) -> Levels:
    """`mask`, which was enlarged by `factor`, with edges a pixel wide."""
    steps = (np.arange(256) - 127.5) * max(factor, 1.0) + 127.5
    return np.asarray(cv2.LUT(mask, np.clip(np.rint(steps), 0, 255).astype(np.uint8)), np.uint8)


@lru_cache(maxsize=24)
def word_mask(text: str, voice: Voice, *, outlined: bool) -> Levels:
    """`text` cut to its ink's width, a line's height high: filled, or its outline."""
    runs = [(run, fresh_font(run.family, voice.weight, _DRAWN), direction_of(run)) for run in visual_runs(text, voice)]
    lengths = [face.getlength(run.text, direction=flow, language=voice.language) for run, face, flow in runs]
    image = Image.new("L", (round(sum(lengths)) + _DRAWN, 2 * _DRAWN))
    pen, at = ImageDraw.Draw(image), _DRAWN / 2
    for (run, face, flow), length in zip(runs, lengths, strict=True):
        pen.text((at, 1.4 * _DRAWN), run.text, 255, face, "ls", direction=flow, language=voice.language)
        at += length
    ink = np.asarray(image, np.uint8)
    left, top, wide, high = cv2.boundingRect(ink)
    ink = np.ascontiguousarray(ink[top : top + high, left : left + wide])
    return _outline(ink) if outlined else ink


def _outline(ink: Levels) -> Levels:
    reach = 2 * round(_STROKE * _DRAWN / 2) + 1
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (reach, reach))
    return np.asarray(cv2.morphologyEx(ink, cv2.MORPH_GRADIENT, disc), np.uint8)


def motif_of(brand: BrandKit, wording: Copy, weight: int) -> Motif | None:
    """The words of the pattern in the headline's font at `weight`; None if no word of name or headline fits."""
    voice = Voice(family_of(brand.fonts, brand.fonts.headline), weight, wording.language, wording.direction == "rtl")
    words = tuple(dict.fromkeys(word for word in (_name(brand, voice), _key_word(wording.headline, voice)) if word))
    if not words:
        return None
    return Motif(
        words=words, initial=_first_letter(words[0]), family=voice.family, weight=weight,
        language=voice.language, rtl=voice.rtl,
    )  # fmt: skip


def _name(brand: BrandKit, voice: Voice) -> str:
    """The brand's name if fonts can draw it, else nothing: no campaign is refused because of an ornament."""
    try:
        return drawable(brand.name, voice)
    except InvalidRequest:
        return ""


def _key_word(headline: str, voice: Voice) -> str:
    """The longest word (of equals the last) without punctuation; in scripts without spaces, the longest phrase."""
    words = drawable(headline, voice).split()
    bare = [_bare(piece) for word in words for piece in _phrases(word, voice.language)]
    fit = (word for word in reversed(bare) if _SHORTEST <= len(word) * (1 + _is_dense(word)) <= _LONGEST)
    return max(fit, key=len, default="")


def _is_dense(word: str) -> bool:
    """Whether its letters have no case, as in scripts that say more with fewer."""
    return any(unicodedata.category(character) == "Lo" for character in word)


def _phrases(word: str, language: str) -> list[str]:
    edges = [0, *sorted(phrase_starts(word, language)), len(word)]
    return [word[start:end] for start, end in pairwise(edges)]


def _bare(word: str) -> str:
    """`word` without the punctuation around it."""
    kept = [at for at, character in enumerate(word) if unicodedata.category(character)[0] in "LNM"]
    return word[kept[0] : kept[-1] + 1] if kept else ""


def _first_letter(word: str) -> str:
    """The first letter with its marks."""
    rest = next((at for at in range(1, len(word)) if unicodedata.category(word[at])[0] != "M"), len(word))
    return word[:rest]
